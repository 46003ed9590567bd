"""Instants in Slack's markup: shown in each reader's own zone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from renderers.slack.escaping import cut, escaped

if TYPE_CHECKING:
    from datetime import tzinfo

DAY_AND_TIME = "{date_short_pretty} {time_secs}"
TIME = "{time_secs}"
LONGEST_INSTANT = 40
FIRST_S, LAST_S = 0, 4_102_444_800
"""1970 to 2100: what Slack's clients are known to show."""


def date_markup(instant: str, zone: tzinfo, form: str = DAY_AND_TIME) -> str:
    """`<!date^1732280711^{date_short_pretty} {time_secs}|2026-11-22 15:05:11 CET>`; escaped text where it is no instant.

    What stands after the bar is shown where Slack's own form cannot be: in notifications, for one.
    """
    try:
        read = datetime.fromisoformat(instant)
        epoch_s = int(read.replace(tzinfo=read.tzinfo or UTC).timestamp())
        fallback = local_text(read, zone)
    except (ValueError, OverflowError, OSError):
        return escaped(cut(instant, LONGEST_INSTANT))
    if not FIRST_S <= epoch_s <= LAST_S:
        return escaped(fallback)
    if form == TIME:
        fallback = fallback.partition(" ")[2]
    return f"<!date^{epoch_s}^{form}|{escaped(fallback)}>"


def period_markup(start: str, end: str, zone: tzinfo) -> str:
    """Two instants; the day of the second only where it is another one for whoever asked."""
    same_day = _day(start, zone) == _day(end, zone) != ""
    return f"{date_markup(start, zone)} to {date_markup(end, zone, TIME if same_day else DAY_AND_TIME)}"


def local_text(time: datetime, zone: tzinfo) -> str:
    """`2026-11-22 15:05:11 CET`."""
    local = time.replace(tzinfo=time.tzinfo or UTC).astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M:%S} {local.tzname() or ''}".rstrip()


def _day(instant: str, zone: tzinfo) -> str:
    try:
        return f"{datetime.fromisoformat(instant).astimezone(zone):%Y-%m-%d}"
    except (ValueError, OverflowError, OSError):
        return ""
