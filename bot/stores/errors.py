"""What can go wrong with the bot's state, as types for programs and messages for people.

    StateError                   .exit_status 3
    ├── StateUnreachable         the database does not answer, or is busy; retriable
    ├── StateRefused             it answers, and will not do that: no right, no room, damaged
    ├── StateTooNew              a later tracewhy wrote it
    ├── UnreadableReport         a kept report that this version cannot read
    └── UnusableStateUrl         .exit_status 2: the URL makes no sense, or its driver is not installed

A message names what was asked, what happened and what to do next, and holds no password and no kept text.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import exc as sql

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_SAID = 200


class StateError(Exception):
    """The state cannot be read or written. `problem` and `advice` together are the message."""

    retriable: ClassVar[bool] = False
    exit_status: ClassVar[int] = 3

    def __init__(self, problem: str, advice: str) -> None:
        super().__init__(f"{problem} {advice}")
        self.problem = problem
        self.advice = advice


class StateUnreachable(StateError):
    """Nothing answers there, or not now."""

    retriable = True


class StateRefused(StateError):
    """The database will not do that."""


class StateTooNew(StateError):
    """A later version of tracewhy wrote it."""


class UnreadableReport(StateError):
    """It was kept by a version whose reports had another form."""


class UnusableStateUrl(StateError):
    """The URL makes no sense; nothing was opened."""

    exit_status = 2


@contextmanager
def translated(place: str) -> Iterator[None]:
    """Raise a StateError, with advice, for every failure of the database."""
    try:
        yield
    except (sql.OperationalError, sql.InterfaceError) as exc:
        raise _unusable(place, exc) from exc
    except sql.TimeoutError as exc:
        raise StateUnreachable(
            f"The bot's state in {place} has no connection free.",
            "Wait and try again; if it stays so, lower slack.workers.",
        ) from exc
    except sql.SQLAlchemyError as exc:
        raise StateRefused(
            f"The bot's state in {place} cannot be used ({type(exc).__name__}).",
            "Check who may write there, and whether another program changed it.",
        ) from exc
    except OSError as exc:
        raise StateUnreachable(
            f"The bot's state in {place} cannot be reached: {exc.strerror or type(exc).__name__}.",
            "Check state.url, and who may write there.",
        ) from exc


def _unusable(place: str, exc: sql.DBAPIError) -> StateError:
    said = _said(exc)
    if "locked" in said or "busy" in said:
        return StateUnreachable(
            f"The bot's state in {place} is busy: another program writes to it.", "Wait and try again."
        )
    if exc.connection_invalidated or "connect" in said or "unable to open" in said:
        return StateUnreachable(
            f"The bot's state in {place} cannot be reached: {said}.",
            "Check state.url and that the database runs.",
        )
    return StateRefused(
        f"The bot's state in {place} refused: {said}.", "Check its rights and the room on its disk."
    )


def _said(exc: sql.DBAPIError) -> str:
    """The first line of what the database said; its statements and their values stay out."""
    lines = str(exc.orig).strip().splitlines() or [type(exc).__name__]
    return "".join(char if char.isprintable() else "?" for char in lines[0][:LONGEST_SAID]).rstrip(".")
