"""The bot's home in Slack: what was asked lately, where traces come from, and how the bot is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

import slackblocks
from slackblocks import ActionsBlock, DividerBlock, HeaderBlock, PlainText

from renderers.clean import clean_text
from renderers.slack.actions import HOME_AGAIN, HOME_ASK, HOME_SHOW, numbered, place_value
from renderers.slack.blocks import as_json, bold_line, bullets, markup_context, plain_context, plain_line
from renderers.slack.choice import HELP
from renderers.slack.dates import date_markup
from renderers.slack.escaping import cut
from renderers.slack.glance import backend_name
from renderers.slack.page import Point

if TYPE_CHECKING:
    from collections.abc import Iterator

    from renderers.slack.message import Json

MOST_RECENT = 5
MOST_BACKENDS = 10
MOST_LINES = 10
"""Slack: elements of a context block."""
LONGEST_QUESTION, LONGEST_HEADLINE, LONGEST_DETAIL = 150, 250, 200


@dataclass(frozen=True)
class RecentQuestion:
    """What somebody asked lately, and what the answer began with."""

    report_id: str
    question: str
    headline: str
    asked_at: str
    """RFC 3339."""


@dataclass(frozen=True)
class BackendState:
    """A place where traces come from, and whether it can be asked."""

    name: str
    works: bool
    detail: str = ""
    """How far back it reaches, or what is wrong with it."""


@dataclass(frozen=True)
class HomeState:
    """What one person sees when they open the bot."""

    allowed: bool = True
    refusal: str = ""
    """Why they may not ask, and whom to turn to."""
    recent: tuple[RecentQuestion, ...] = ()
    backends: tuple[BackendState, ...] = ()
    bot: tuple[str, ...] = ()
    """How the bot does, a line each: its version, since when it runs, what waits."""


def render_home(state: HomeState) -> Json:
    """The view of the home tab; to those who may not ask it says nothing but that."""
    return {"type": "home", "blocks": list(_blocks(state) if state.allowed else _refused(state))}


def _refused(state: HomeState) -> Iterator[Json]:
    yield bold_line("You may not ask here.")
    yield plain_line(cut(clean_text(state.refusal), LONGEST_DETAIL) or "Ask whoever runs tracewhy here.")


def _blocks(state: HomeState) -> Iterator[Json]:
    yield _heading("Ask why it is slow")
    yield as_json(ActionsBlock([slackblocks.Button("Ask a question", action_id=HOME_ASK, style="primary")]))
    if state.recent:
        yield as_json(DividerBlock())
        yield _heading("Your last questions")
    for number, one in enumerate(state.recent[:MOST_RECENT], start=1):
        yield from _recent(one, number)
    yield as_json(DividerBlock())
    yield _heading("What can be asked")
    yield bullets(list(HELP.values()))
    yield as_json(DividerBlock())
    yield _heading("Where traces come from")
    yield bullets([_backend(one) for one in state.backends[:MOST_BACKENDS]] or [NO_BACKEND])
    if len(state.backends) > MOST_BACKENDS:
        yield plain_context([f"... and {len(state.backends) - MOST_BACKENDS} more"])
    if how := [said for line in state.bot[:MOST_LINES] if (said := cut(clean_text(line), LONGEST_DETAIL))]:
        yield plain_context([" · ".join(how)])


NO_BACKEND = Point("None yet.", "Name one in the configuration of tracewhy, or run its own: tracewhy serve.")


def _heading(words: str) -> Json:
    return as_json(HeaderBlock(PlainText(words)))


def _recent(one: RecentQuestion, number: int) -> Iterator[Json]:
    yield bold_line(cut(clean_text(one.question), LONGEST_QUESTION) or "(nothing)")
    yield plain_line(cut(clean_text(one.headline), LONGEST_HEADLINE) or "(no answer)")
    # Times of the fallback are UTC here: a home tab is drawn without knowing where its reader is.
    yield markup_context([date_markup(clean_text(one.asked_at), UTC) or "some time ago"])
    value = place_value(one.report_id)
    yield as_json(
        ActionsBlock(
            [
                slackblocks.Button("Show", action_id=numbered(HOME_SHOW, number), value=value),
                slackblocks.Button("Ask again", action_id=numbered(HOME_AGAIN, number), value=value),
            ]
        )
    )


def _backend(one: BackendState) -> Point:
    state = "answers" if one.works else "cannot be asked"
    detail = f": {clean_text(one.detail)}" if one.detail else ""
    return Point(f"{backend_name(clean_text(one.name))}:", cut(state + detail, LONGEST_DETAIL))
