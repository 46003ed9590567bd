"""The spans that answer a question about a period: asked of the store, narrowed to what it could not be asked, repaired."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from analyzers.breakdown import rfc3339
from analyzers.carried import matching_traces
from analyzers.found import of_traces
from analyzers.period_words import epoch_ns
from analyzers.repair import repair
from analyzers.report_base import Condition, Scope
from analyzers.searched import Searched
from analyzers.table import Status
from analyzers.wording import NS_IN_S, count_text
from backends.errors import CannotAsk
from backends.interface import SpanQuery
from bot.questions.conditions import compares_no_number, least_duration_ns, matches
from bot.questions.intent import FindErrors, FindSlowest, FindTraces, ListServices
from bot.questions.plan import conditions_text, plan_search
from bot.services.arriving import LATE_NS, whole_traces
from bot.services.elsewhere import asked_elsewhere, met_elsewhere

if TYPE_CHECKING:
    from datetime import datetime

    from analyzers.arrays import BoolArray
    from analyzers.repair import Repaired
    from analyzers.report_base import Asked
    from analyzers.table import SpanTable
    from backends.interface import Backend, Found
    from bot.questions.intent import Period, Search
    from bot.questions.plan import QueryPlan

WHOLE_PERIOD = 10_000_000
COUNTED_TRACES = 200
"""Of those found more are read than are listed, so that their number can be told."""
FOREVER_NS = 2**63 - 1


@dataclass(frozen=True)
class PeriodSearch:
    """A question about a period, its scope resolved, and the store to ask."""

    backend: Backend
    asked: Asked
    intent: Search
    now: datetime
    """Aware, in the asker's zone."""

    @property
    def scope(self) -> Scope:
        understood = self.asked.understood
        return understood.scope if understood and understood.scope else Scope()

    @property
    def where(self) -> tuple[Condition, ...]:
        return self.asked.understood.where if self.asked.understood else ()

    @property
    def attributes(self) -> tuple[Condition, ...]:
        """The conditions on attributes: without a least duration, which the store is asked for."""
        return tuple(condition for condition in self.where if least_duration_ns(condition) is None)

    @cached_property
    def plan(self) -> QueryPlan:
        """What the store is asked; one that has everything at hand is asked for all of it.

        Raises:
            CannotAsk: the store has no way to be asked this.
        """
        capabilities = self.backend.capabilities
        if capabilities.whole_periods:
            capabilities = replace(capabilities, search_slowest=True)
        plan = plan_search(self.intent, self.scope, capabilities)
        if plan.refusals:
            raise CannotAsk(f"{self.backend.name} cannot be asked that.", " ".join(plan.refusals))
        if self.where:
            # The span that failed need not be the one that carries the attribute.
            plan = replace(plan, query=replace(plan.query, errors_only=False))
        if isinstance(self.intent, FindTraces):
            limit = max(plan.query.limit, COUNTED_TRACES)
            plan = replace(plan, query=replace(plan.query, limit=limit, in_events=capabilities.search_events))
        if self.backend.capabilities.whole_periods:
            return replace(plan, query=replace(plan.query, limit=WHOLE_PERIOD, slowest_first=False))
        return plan

    async def read(self, *, failed: bool = False) -> tuple[Repaired, Searched]:
        """The traces that answer the question; with `failed`, those in which something failed within the scope.

        Raises:
            BackendError: the store gives no answer.
        """
        return await self.answered_by(await self.backend.find_spans(self.plan.query), failed=failed)

    async def answered_by(self, found: Found, *, failed: bool = False) -> tuple[Repaired, Searched]:
        """The same, of what the store gave.

        Raises:
            BackendError: the store gives no answer to what has to be asked besides.
        """
        spans = await asyncio.to_thread(_matching, found, self.plan, failed=failed)
        if not spans.trace_ids and (met := await self._read_elsewhere(failed=failed)) is not None:
            return met
        whole, arriving = await asyncio.to_thread(self._whole, spans)
        elsewhere = () if spans.trace_ids else await other_period(self.backend, self.intent.period)
        return await asyncio.to_thread(repair, whole), self.searched(found, *arriving, *elsewhere)

    async def _read_elsewhere(self, *, failed: bool) -> tuple[Repaired, Searched] | None:
        """The traces whose conditions spans outside the scope meet."""
        query = self.plan.query
        wider = asked_elsewhere(query, self.where, self.backend.capabilities)
        if wider is None:
            return None
        found = await self.backend.find_spans(wider)
        inside = candidates(found.spans, query)
        met = await asyncio.to_thread(met_elsewhere, found.spans, inside, query, self.where)
        if met is None:
            return None
        spans = of_traces(found.spans, met.traces)
        spans = _with_failures(spans, query) if failed else spans
        whole, arriving = await asyncio.to_thread(self._whole, spans)
        repaired = await asyncio.to_thread(repair, whole)
        searched = self.searched(replace(found, matching=None), met.note, *arriving)
        return (repaired, searched) if repaired.spans.trace_ids else None

    def _whole(self, spans: SpanTable) -> tuple[SpanTable, tuple[str, ...]]:
        """The traces whose spans tell where time went or a failure began, and what to say of those that do not yet.

        Nothing arrives in files, and lists of what there is need no whole traces.
        """
        now_ns = epoch_ns(self.now)
        tells = (
            isinstance(self.intent, FindSlowest | FindErrors) and self.intent.period.end_ns > now_ns - LATE_NS
        )
        if not tells or self.backend.capabilities.whole_periods:
            return spans, ()
        return whole_traces(spans, now_ns)

    def whatever_came_of_it(self) -> PeriodSearch:
        """The same search for requests that failed and that did not."""
        scope = None if isinstance(self.intent, ListServices) else self.intent.scope
        return replace(self, intent=FindSlowest(scope, self.intent.period, self.where))

    def of_store(self) -> Searched:
        """What an answer repeats of the question where no spans were read for it."""
        period = self.intent.period
        return Searched(self.asked, period.start_ns, period.end_ns, self.now)

    def searched(self, found: Found, *notes: str) -> Searched:
        """What the answer repeats of the question, and what the store said besides spans."""
        ranked = self.plan.query.slowest_first and found.truncated
        cut_short = found.truncated and not ranked
        return Searched(
            asked=self.asked,
            start_ns=self.intent.period.start_ns,
            end_ns=self.intent.period.end_ns,
            now=self.now,
            truncated=cut_short,
            ranked_by_store=ranked,
            # What the store counted were not held against the conditions that it was not asked.
            matching=None if self.plan.keep else found.matching,
            unreadable=found.unreadable,
            notes=(
                *notes,
                *self._never_met(),
                *(self._looked_through(found) if ranked else ()),
                *(self.plan.notes if cut_short or not len(found.spans) else ()),
                *found.notes,
            ),
        )

    def _never_met(self) -> tuple[str, ...]:
        return tuple(
            f"{one.key}{one.op}{one.value} compares numbers, and {one.value} is none: nothing can meet it"
            for one in self.attributes
            if compares_no_number(one)
        )

    def _looked_through(self, found: Found) -> tuple[str, ...]:
        """Of how many of the slowest traces those that meet the conditions are, where the store could not be asked them."""
        if not self.plan.keep or found.matching is None:
            return ()
        asked = conditions_text(self.plan.keep)
        read = f"the slowest {self.plan.query.limit:,} of {found.matching:,} traces"
        return (f"only {read} were looked through for {asked}",)


async def other_period(backend: Backend, asked: Period) -> tuple[str, ...]:
    """Which period a file covers, where it is another one than was asked about."""
    if not backend.capabilities.whole_periods:
        return ()
    everything = SpanQuery(start_ns=0, end_ns=FOREVER_NS, limit=WHOLE_PERIOD)
    spans = (await backend.find_spans(everything)).spans
    if not len(spans) or ((spans.start_ns >= asked.start_ns) & (spans.start_ns < asked.end_ns)).any():
        return ()
    # A period ends before its end: the second after the last span's is still needed to see it.
    ends_ns = min(int(spans.end_ns.max()) + NS_IN_S, FOREVER_NS)
    first, last = (rfc3339(time)[:19] for time in (int(spans.start_ns.min()), ends_ns))
    traces = count_text(len(spans.trace_ids), "trace")
    return (f"{backend.name} holds {traces} of another period, {first}Z to {last}Z: ask with --now {last}Z",)


def matching(spans: SpanTable, query: SpanQuery) -> SpanTable:
    """The traces in which a span lies within the query's period and scope."""
    traces = np.zeros(len(spans.trace_ids), dtype=np.bool_)
    traces[spans.trace[candidates(spans, query)]] = True
    return spans if traces.all() else of_traces(spans, traces)


def narrowed(spans: SpanTable, query: SpanQuery, conditions: tuple[Condition, ...]) -> SpanTable:
    """The traces in which one span within the query's period and scope meets every condition, events included."""
    if not conditions or not len(spans):
        return spans
    return of_traces(spans, matching_traces(spans, candidates(spans, query), conditions, matches))


def _matching(found: Found, plan: QueryPlan, *, failed: bool) -> SpanTable:
    """The traces that the store gave, without those that meet not all of the question."""
    equal = tuple(Condition(key=key, op="=", value=value) for key, value in plan.query.attributes)
    spans = narrowed(found.spans, plan.query, (*equal, *plan.keep) if plan.keep else ())
    return _with_failures(spans, plan.query) if failed else spans


def _with_failures(spans: SpanTable, query: SpanQuery) -> SpanTable:
    """The traces in which a span of the scope failed; a store that cannot search for errors gives others too."""
    failing = np.zeros(len(spans.trace_ids), dtype=np.bool_)
    failing[spans.trace[candidates(spans, query) & (spans.status == Status.ERROR)]] = True
    return spans if failing.all() else of_traces(spans, failing)


def candidates(spans: SpanTable, query: SpanQuery) -> BoolArray:
    """Spans within the query's period and scope that take as long as it wants."""
    wanted: BoolArray = (spans.start_ns >= query.start_ns) & (spans.start_ns < query.end_ns)
    wanted &= spans.duration_ns >= query.min_duration_ns
    for column, names, name in (
        (spans.service, spans.services, query.service),
        (spans.operation, spans.operations, query.operation),
    ):
        if name is not None:
            wanted &= column == (names.index(name) if name in names else -1)
    return wanted
