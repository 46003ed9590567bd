"""Questions about a period: the scope resolved against what there is, then whoever answers that kind of question."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import msgspec

from analyzers.report import Candidate, Choice
from analyzers.report_base import Scope, Understood
from backends.errors import BackendError
from bot.questions.intent import (
    CompareCohorts,
    FindErrors,
    FindSlowest,
    FindTraces,
    Investigate,
    ListOperations,
    ListServices,
)
from bot.questions.kinds import MEANINGS
from bot.questions.not_understood import NotUnderstood
from bot.questions.plan import question_text
from bot.questions.scope import Ambiguous, UnknownScope, resolve_scope, scope_text
from bot.services.command import ask_command
from bot.services.errors import answer_errors
from bot.services.find import answer_find
from bot.services.operations import answer_operations, answer_services
from bot.services.period_search import PeriodSearch
from bot.services.slowest import answer_slowest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from analyzers.report import AnyReport
    from analyzers.report_base import Asked
    from backends.interface import Backend
    from bot.questions.intent import Investigated, Search
    from bot.questions.scope import Resolved

Names: TypeAlias = list[tuple[str, str]]

MOST_SERVICES_READ = 100
"""Services whose operations are listed to resolve a scope."""
KINDS: dict[type[Search | Investigated], str] = {
    FindSlowest: "slowest",
    FindErrors: "errors",
    FindTraces: "find",
    ListOperations: "operations",
    ListServices: "services",
    Investigate: "why",
    CompareCohorts: "compare",
}


def understood_search(intent: Search | Investigated) -> Understood:
    """A search as far as its words go; its scope is not looked up yet."""
    where = () if isinstance(intent, ListOperations | ListServices) else intent.where
    return Understood(kind=KINDS[type(intent)], where=where)


async def answer_search(
    backend: Backend, intent: Search | Investigated, asked: Asked, now: datetime
) -> AnyReport:
    """The report; a choice where the scope can mean several places. Never sure where the question itself was guessed.

    Raises:
        NotUnderstood: there is no such place.
        BackendError: the store gives no answer.
    """
    report = await _answer(backend, intent, asked, now)
    guessed = asked.understood is not None and asked.understood.source == "classifier"
    if not guessed or report.confidence != "high":
        return report
    taken = f"the question was taken to mean: {MEANINGS[KINDS[type(intent)]]}"
    return msgspec.structs.replace(report, confidence="medium", notes=(taken, *report.notes))


async def _answer(backend: Backend, intent: Search | Investigated, asked: Asked, now: datetime) -> AnyReport:
    """The report; a choice where the scope can mean several places.

    Raises:
        NotUnderstood: there is no such place.
        BackendError: the store gives no answer.
    """
    words = place_words(intent)
    scope: Resolved = Scope()
    if words is not None:
        scope = await resolved_scope(backend, words)
    if isinstance(scope, Ambiguous):
        return _choice(scope, intent, asked, words or "")
    if isinstance(scope, UnknownScope):
        raise _unknown(scope, backend, words or "")
    asked = _in_scope(asked, scope)
    if isinstance(intent, Investigate | CompareCohorts):
        from bot.services.why import answer_investigation  # noqa: PLC0415 - much to load, for these alone

        return await answer_investigation(backend, intent, scope, asked, now)
    return await _searched(PeriodSearch(backend, asked, intent, now))


async def _searched(search: PeriodSearch) -> AnyReport:
    match search.intent:
        case FindSlowest():
            return await answer_slowest(search)
        case FindErrors():
            return await answer_errors(search)
        case FindTraces():
            return await answer_find(search)
        case ListOperations():
            return await answer_operations(search)
        case ListServices():
            return await answer_services(search)


def place_words(intent: Search | Investigated) -> str | None:
    """The place that is asked about, as it was written; None for the whole system."""
    return None if isinstance(intent, ListServices) else intent.scope


async def is_place(backend: Backend, words: str) -> bool:
    """Whether the words mean one or several places that there are, or the store cannot tell."""
    return not isinstance(await resolved_scope(backend, words), UnknownScope)


async def resolved_scope(backend: Backend, words: str) -> Resolved:
    """A service's own name needs no operations; they are asked for where it is not enough."""
    if not backend.capabilities.list_services:
        return Scope(service=words)
    services = await backend.services()
    exact = [service for service in services if service.lower() == words.strip().lower()]
    # Services whose names differ in case alone are several.
    if words.strip() in exact or len(exact) == 1:
        return Scope(service=words.strip() if words.strip() in exact else exact[0])
    return resolve_scope(words, await _names_of(backend, services))


async def service_names(backend: Backend) -> Names:
    """The services alone, as names; empty where the store cannot list them, or gives no answer."""
    if not backend.capabilities.list_services:
        return []
    try:
        return [(service, "") for service in await backend.services()]
    except BackendError:
        return []


async def known_names(backend: Backend) -> Names:
    """(service, operation) for what there is; empty where the store cannot list it."""
    if not backend.capabilities.list_services:
        return []
    return await _names_of(backend, await backend.services())


async def _names_of(backend: Backend, services: Sequence[str]) -> Names:
    names: Names = [(service, "") for service in services]
    for service in services[:MOST_SERVICES_READ]:
        names += [(service, operation) for operation in await backend.operations(service)]
    return names


def _in_scope(asked: Asked, scope: Scope) -> Asked:
    if asked.understood is None or scope == Scope():
        return asked
    return msgspec.structs.replace(asked, understood=msgspec.structs.replace(asked.understood, scope=scope))


def _unknown(scope: UnknownScope, backend: Backend, words: str) -> NotUnderstood:
    near = ", ".join(scope_text(one) for one in scope.suggestions)
    advice = f"Did you mean {near}?" if near else "Ask for services to see which there are."
    return NotUnderstood(f"There is no service or operation “{words[:60]}” in {backend.name}.", advice)


def _choice(scope: Ambiguous, intent: Search | Investigated, asked: Asked, words: str) -> Choice:
    return Choice(
        question=asked.question,
        asked_at=asked.asked_at,
        backend=asked.backend,
        understood=asked.understood,
        headline=f"“{words[:60]}” can mean several places. Which one?",
        confidence="none",
        candidates=tuple(
            Candidate(text=_again(one, intent, asked), why=_why(one)) for one in scope.candidates
        ),
    )


def _again(scope: Scope, intent: Search | Investigated, asked: Asked) -> str:
    """The question with the place named so that it means no other."""
    return ask_command(question_text(intent, scope_text(scope)), asked.backend)


def _why(scope: Scope) -> str:
    return "the service" if scope.operation is None else f"an operation of {scope.service}"
