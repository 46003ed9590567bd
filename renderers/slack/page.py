"""What an answer says in Slack, before it is cut to what Slack takes: the same few parts for every kind of report."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    """One thing to look at: a word in bold, what is to be said, and perhaps a link."""

    label: str
    text: str
    url: str | None = None


@dataclass(frozen=True)
class Table:
    """Lines in a fixed width, figures first and names last, so that no script can push a figure out of its column."""

    head: tuple[str, ...]
    rows: tuple[str, ...]
    """From `offset` on; a row may have several lines."""
    foot: tuple[str, ...] = ()
    """Shown however many rows are."""
    offset: int = 0
    whole: int = 0
    """Rows of the whole list, shown or not."""


@dataclass(frozen=True)
class Button:
    """One thing to do next."""

    label: str
    action: str
    place: int = 0


@dataclass(frozen=True)
class Page:
    """An answer in the order in which it is read."""

    headline: str
    points: tuple[Point, ...] = ()
    """What to look at, best first."""
    tables: tuple[Table, ...] = ()
    """The evidence; the last one goes on where `more` is asked for."""
    next_step: str = ""
    """What can be asked or typed next, in words."""
    context: tuple[str, ...] = ()
    """Lines of small print: from how many traces, when, how sure; already in Slack's markup."""
    notes: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    """Best first: the first ones stand in the row, the others in the menu."""
    dense: bool = False
    """Its points are what it is about: as many as there is room for."""
    answers: bool = True
    """It is an answer, which can be shared and found useful; not a question asked back, a refusal or nothing found."""
