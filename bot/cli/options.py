"""Options that several commands share, and how their values are read."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

if TYPE_CHECKING:
    from datetime import tzinfo


class Format(StrEnum):
    """How an answer is printed."""

    TEXT = "text"
    JSON = "json"
    SLACK = "slack"


FormatOption: TypeAlias = Annotated[
    Format,
    typer.Option(
        "--format",
        help="For people, one JSON object for programs, or the text and blocks of a message in Slack.",
        show_default=True,
    ),
]
ZoneOption: TypeAlias = Annotated[
    str | None,
    typer.Option("--zone", help="Time zone of times shown and asked, as Europe/Prague.", metavar="ZONE"),
]
DebugOption: TypeAlias = Annotated[
    bool, typer.Option("--debug", help="Show the traceback of an unexpected error (also TRACEWHY_DEBUG=1).")
]


def read_zone(name: str | None, otherwise: tzinfo) -> tzinfo:
    """The zone of that name.

    Raises:
        typer.BadParameter: there is none.
    """
    if name is None:
        return otherwise
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
        raise typer.BadParameter(
            f"There is no time zone {name!r}. Write it as Europe/Prague, America/New_York or UTC.",
            param_hint="--zone",
        ) from exc


def read_now(text: str | None, zone: tzinfo, otherwise: datetime) -> datetime:
    """The time given instead of the clock's; without an offset it is meant in the zone.

    Raises:
        typer.BadParameter: it is no time.
    """
    if text is None:
        return otherwise
    try:
        time = datetime.fromisoformat(text)
        return (time if time.tzinfo else time.replace(tzinfo=zone)).astimezone(zone)
    except (ValueError, OverflowError) as exc:
        raise typer.BadParameter(
            f"{text!r} is no time. Write it as 2026-11-22T15:05:11Z or 2026-11-22T15:05.", param_hint="--now"
        ) from exc
