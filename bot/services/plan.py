"""How a question is understood, without reading a span."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from analyzers.breakdown import rfc3339
from analyzers.report import Candidate
from analyzers.report_base import Scope, Understood, Window
from bot.questions.intent import CompareCohorts, Investigate
from bot.questions.not_understood import NotUnderstood
from bot.questions.plan import question_text
from bot.questions.scope import Ambiguous, scope_text
from bot.services.ask import ASKED_BACK, EXAMPLES, store_name
from bot.services.command import as_commands, ask_command
from bot.services.meaning import understood_among
from bot.services.search import place_words, resolved_scope

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from backends.interface import Backend
    from bot.questions.intent import Investigated, Period, Search
    from bot.questions.scope import Resolved
    from bot.services.ask import Stores
    from bot.services.meaning import Meaning

__all__ = ["ASKED_BACK", "Plan", "plan"]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What `--dry-run` prints."""

    text: str
    understood: Understood | None = None
    window: Window | None = None
    baseline_window: Window | None = None
    candidates: tuple[Candidate, ...] = ()
    problem: str | None = None
    """Where nothing was understood, why."""
    advice: str | None = None

    def as_json(self) -> bytes:
        """One object and a newline."""
        return msgspec.json.encode(self) + b"\n"


async def plan(text: str, stores: Stores, now: datetime, zone: tzinfo) -> Plan:
    """What would be asked; where the text is not understood, what could be asked instead.

    Where there is a store its names are read, and no spans; without one the scope stays as it was written.

    Raises:
        BackendError: the store gives no names.
    """
    try:
        meaning = await understood_among(stores.default, text, now, zone, values=False)
        asked = meaning.search
        if asked is None:
            return Plan(text=text, understood=meaning.understood)
        return await _planned(text, meaning, asked, stores.default())
    except NotUnderstood as exc:
        candidates = as_commands(exc.candidates, store_name(stores)) or EXAMPLES
        return Plan(text=text, candidates=candidates, problem=exc.problem, advice=exc.advice)


async def _planned(
    text: str, meaning: Meaning, asked: Search | Investigated, backend: Backend | None
) -> Plan:
    words = place_words(asked)
    scope: Resolved | None = None if words is None else Scope(service=words)
    if words is not None and backend is not None:
        scope = await resolved_scope(backend, words)
    baseline = asked.baseline if isinstance(asked, Investigate | CompareCohorts) else None
    planned = Plan(
        text=text, window=_window(asked.period), baseline_window=_window(baseline) if baseline else None
    )
    if isinstance(scope, Scope | None):
        understood = msgspec.structs.replace(meaning.understood, scope=scope)
        return msgspec.structs.replace(planned, understood=understood)
    places = scope.candidates if isinstance(scope, Ambiguous) else scope.suggestions
    what = (
        "can mean several places"
        if isinstance(scope, Ambiguous)
        else "is no service or operation of the store"
    )
    return msgspec.structs.replace(
        planned,
        candidates=tuple(
            Candidate(
                text=ask_command(question_text(asked, scope_text(place)), backend.name if backend else None),
                why=scope_text(place),
            )
            for place in places
        ),
        problem=f"“{words}” {what}.",
        advice="Ask with one of the candidates." if places else "Ask for services to see which there are.",
    )


def _window(period: Period) -> Window:
    return Window(start=rfc3339(period.start_ns), end=rfc3339(period.end_ns))
