"""What goes to Slack, and what a renderer has to know about where it goes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Any, TypeAlias

from renderers.slack.links import NO_LINKS, Links

Json: TypeAlias = dict[str, Any]
"""A block, an element or a view as Slack reads it."""


@dataclass(frozen=True)
class SlackMessage:
    """One message: valid as it stands, within all of Slack's limits."""

    text: str
    """What a notification shows, and a reader of screens reads."""
    blocks: tuple[Json, ...] = ()


@dataclass(frozen=True)
class Picture:
    """A picture that Slack holds already."""

    file_id: str
    title: str
    alt_text: str


@dataclass(frozen=True)
class SlackView:
    """Where a report is shown, and what can be done with it there."""

    report_id: str | None = None
    """Under which it is kept; without one there are no buttons, since nothing could answer them."""
    links: Links = NO_LINKS
    ephemeral: bool = False
    """Only the asker sees it, so it can be shared."""
    questions: frozenset[str] = frozenset()
    """Kinds of questions that may be asked here, for help; empty where all may."""
    offset: int = 0
    """The first row of the list to show: what the button `more` asked for."""
    picture: Picture | None = None
    """Shown with the evidence."""
    zone: tzinfo = field(default=UTC)
    """For the fallback of times: Slack shows them in each reader's own zone."""
