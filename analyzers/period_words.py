"""A period in the words of a headline, in the asker's own zone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from analyzers.wording import NS_IN_S, duration_text

if TYPE_CHECKING:
    from datetime import tzinfo

UNTIL_NOW_NS = NS_IN_S
"""A period that ends this close to now is one of the last so many minutes."""
LONGEST_LAST_NS = 400 * 86_400 * NS_IN_S
LAST_YEAR_NS = 253_402_300_799 * NS_IN_S
"""The end of the year 9999, after which Python has no dates."""


def period_text(start_ns: int, end_ns: int, now: datetime) -> str:
    """`in the last hour`, `between 14:30 and 15:30 CET`, `between 2026-11-21 14:30 and 15:30 CET`.

    `now` says the zone too.
    """
    until_now = abs(end_ns - epoch_ns(now)) <= UNTIL_NOW_NS
    if until_now and end_ns - start_ns <= LONGEST_LAST_NS:
        return f"in the last {_length(end_ns - start_ns)}"
    begin, end = _local(start_ns, now.tzinfo or UTC), _local(end_ns, now.tzinfo or UTC)
    exact = bool(begin.second or end.second)
    first = _clock(begin, exact=exact) if begin.date() == now.date() else _dated(begin, exact=exact)
    last = _clock(end, exact=exact) if begin.date() == end.date() else _dated(end, exact=exact)
    if begin.utcoffset() != end.utcoffset():
        first = f"{first} {begin.tzname() or ''}".rstrip()
    return f"between {first} and {last} {end.tzname() or ''}".rstrip()


def since_text(start_ns: int, now: datetime) -> str:
    """`since 14:52 CET`, `since 2026-11-21 14:52 CET`; to the minute."""
    begin = _local(start_ns, now.tzinfo or UTC)
    clock = _clock(begin, exact=False) if begin.date() == now.date() else _dated(begin, exact=False)
    return f"since {clock} {begin.tzname() or ''}".rstrip()


def epoch_ns(time: datetime) -> int:
    """An aware time as epoch nanoseconds."""
    since = time - datetime(1970, 1, 1, tzinfo=UTC)
    return ((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds) * 1_000


def _length(duration_ns: int) -> str:
    """`hour`, `30 min`, `2 h`, `day`."""
    text = duration_text(duration_ns)
    return {"1 h": "hour", "1 d": "day", "1 min": "minute"}.get(text, text)


def _local(time_ns: int, zone: tzinfo) -> datetime:
    whole_s = min(max(time_ns, 0), LAST_YEAR_NS - 86_400 * NS_IN_S) // NS_IN_S
    return datetime.fromtimestamp(whole_s, tz=zone)


def _clock(time: datetime, *, exact: bool) -> str:
    return f"{time:%H:%M:%S}" if exact else f"{time:%H:%M}"


def _dated(time: datetime, *, exact: bool) -> str:
    return f"{time:%Y-%m-%d} {_clock(time, exact=exact)}"
