"""From what is asked to what a store is asked. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analyzers.record import EVENT_NAME_KEYS
from backends.interface import SpanQuery
from bot.questions.conditions import condition_text, least_duration_ns
from bot.questions.intent import (
    CompareCohorts,
    FindErrors,
    FindSlowest,
    FindTraces,
    Help,
    Investigate,
    ListOperations,
)
from bot.questions.periods import period_text

if TYPE_CHECKING:
    from analyzers.report_base import Condition, Scope
    from backends.interface import Capabilities
    from bot.questions.intent import Intent, Investigated, Search

SHOWN_TRACES = 20
RANKED_TRACES = 100
"""Of the slowest ones more than are shown, since those of which spans are still on the way are left out."""
"""Of those found."""
MOST_TRACES = 10_000
"""Read for counting; a store that has more says so."""
NEWEST_TO_RANK = 1_000
"""Read where the store cannot order by duration: the slowest of the newest."""


@dataclass(frozen=True)
class QueryPlan:
    """What to ask, and what remains to be done with the answer."""

    query: SpanQuery
    keep: tuple[Condition, ...] = ()
    """Conditions that the store is not asked for: to be checked on its answer by `conditions.matches`."""
    notes: tuple[str, ...] = ()
    """Sentences for the answer: what it does not cover."""
    refusals: tuple[str, ...] = ()
    """Why the store cannot be asked this; if there are any, it must not be."""


def plan_search(intent: Search, scope: Scope | None, capabilities: Capabilities) -> QueryPlan:
    """The query for a search, as far as the store can answer one."""
    asked = _where(intent)
    where = tuple(condition for condition in asked if least_duration_ns(condition) is None)
    searched = tuple(condition for condition in where if _is_searched(condition, capabilities))
    query = SpanQuery(
        start_ns=intent.period.start_ns,
        end_ns=intent.period.end_ns,
        service=scope.service if scope else None,
        operation=scope.operation if scope else None,
        attributes=tuple((condition.key, condition.value) for condition in searched),
        min_duration_ns=max((least_duration_ns(condition) or 0 for condition in asked), default=0),
        limit=MOST_TRACES,
    )
    plan = QueryPlan(query, keep=tuple(condition for condition in where if condition not in searched))
    plan = _for_kind(plan, intent, capabilities)
    return replace(plan, notes=plan.notes + _notes(intent), refusals=_refusals(plan.query, capabilities))


def _is_searched(condition: Condition, capabilities: Capabilities) -> bool:
    """Whether a store is asked for it; for events by their name, only one that searches events."""
    named = condition.key in EVENT_NAME_KEYS
    return condition.op == "=" and (capabilities.search_events or not named)


def _where(intent: Search) -> tuple[Condition, ...]:
    return intent.where if isinstance(intent, FindSlowest | FindErrors | FindTraces) else ()


def _for_kind(plan: QueryPlan, intent: Search, capabilities: Capabilities) -> QueryPlan:
    match intent:
        case FindSlowest() if capabilities.search_slowest and not plan.keep:
            return replace(plan, query=replace(plan.query, limit=RANKED_TRACES, slowest_first=True))
        case FindSlowest():
            return _newest_ranked(plan, capabilities)
        case FindErrors():
            return _only_errors(plan, capabilities)
        case FindTraces() if not plan.keep:
            return replace(plan, query=replace(plan.query, limit=SHOWN_TRACES))
        case _:
            return plan


def _newest_ranked(plan: QueryPlan, capabilities: Capabilities) -> QueryPlan:
    if capabilities.search_slowest:
        return replace(plan, query=replace(plan.query, slowest_first=True))
    note = f"The store cannot order by duration: these are the slowest of the newest {NEWEST_TO_RANK:,} traces at most."
    return replace(plan, query=replace(plan.query, limit=NEWEST_TO_RANK), notes=(note,))


def _only_errors(plan: QueryPlan, capabilities: Capabilities) -> QueryPlan:
    if capabilities.search_errors:
        return replace(plan, query=replace(plan.query, errors_only=True))
    note = "The store cannot search for errors: all traces of the period were read, as far as its limit goes."
    return replace(plan, notes=(note,))


def _notes(intent: Search) -> tuple[str, ...]:
    if intent.period.assumed and isinstance(intent, FindTraces):
        return (
            "No time was named, so this is the last hour; add since yesterday or at 14:05 to look elsewhere.",
        )
    return ()


def _refusals(query: SpanQuery, capabilities: Capabilities) -> tuple[str, ...]:
    if not capabilities.search:
        return (
            "This trace store finds traces by their id only. Ask with a trace id, or name another store.",
        )
    if query.service is None and not capabilities.search_without_service:
        return ("This trace store must be told a service. Add one, as in: slowest checkout.",)
    if query.min_duration_ns and not capabilities.search_duration:
        return ("This trace store cannot be asked for a least duration. Leave it out.",)
    return ()


def question_text(intent: Intent, scope: str | None = None, when: str | None = None) -> str:
    """What one would type to ask this, with another scope or other words for its period if given."""
    if isinstance(intent, Investigate | CompareCohorts):
        return _investigation_text(intent, scope, when)
    words = {
        FindSlowest: "slowest",
        FindErrors: "errors",
        FindTraces: "find",
        ListOperations: "operations",
        Help: "help",
    }
    command = words.get(type(intent), "services")
    conditions = intent.where if isinstance(intent, FindSlowest | FindErrors | FindTraces) else ()
    where = conditions_text(conditions)
    found = where if command == "find" else f"where {where}" if where else ""
    named = scope if scope is not None else getattr(intent, "scope", None)
    return " ".join(
        part
        for part in (command, found, "in" if found and named else "", named, when or _when(intent))
        if part
    )


def conditions_text(conditions: tuple[Condition, ...]) -> str:
    """Conditions as one writes them; they read back as themselves."""
    return " and ".join(condition_text(condition) for condition in conditions)


def _investigation_text(intent: Investigated, scope: str | None, when: str | None) -> str:
    """Such as `why p95 of checkout last 30m vs yesterday where user.tier=gold`."""
    named = scope if scope is not None else intent.scope
    baseline = f"vs {period_text(intent.baseline)}" if intent.baseline else ""
    versions = ""
    if isinstance(intent, CompareCohorts) and intent.versions:
        versions = "version {} vs version {}".format(*intent.versions)
    where = conditions_text(intent.where)
    parts = (
        "why" if isinstance(intent, Investigate) else "compare",
        "" if intent.measure == "mean" else intent.measure,
        "of" if named and intent.measure != "mean" else "",
        named,
        versions,
        when if when is not None else period_text(intent.period) if baseline else _when(intent),
        baseline,
        f"where {where}" if where else "",
    )
    return " ".join(part for part in parts if part)


def _when(intent: Intent) -> str:
    period = getattr(intent, "period", None)
    return "" if period is None or period.assumed else period_text(period)
