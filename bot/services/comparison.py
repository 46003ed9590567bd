"""Two cohorts to compare: which periods they come from, and their traces."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analyzers.investigation.cohort import FEWEST_TRACES, cohort_of
from analyzers.onset import find_onset
from analyzers.period_words import epoch_ns
from analyzers.wording import duration_text
from backends.interface import SpanQuery
from bot.questions.intent import CompareCohorts, Period
from bot.services.arriving import LATE_NS, whole_traces
from bot.services.elsewhere import asked_elsewhere, met_elsewhere
from bot.services.period_search import candidates, other_period
from bot.services.period_traces import read_traces, together

if TYPE_CHECKING:
    from datetime import datetime

    from analyzers.onset import Onset
    from analyzers.report_base import Condition, Scope
    from backends.interface import Backend
    from bot.questions.intent import Investigated
    from bot.services.period_traces import PeriodTraces

SECOND_NS = 10**9
MINUTE_NS = 60 * SECOND_NS
HOUR_NS = 60 * MINUTE_NS
DAY_NS = 24 * HOUR_NS
LOOK_BACK_NS = 3 * HOUR_NS
"""How far back a question without a period looks for the moment at which trouble began."""
RECENT_NS = HOUR_NS // 2
"""What is called now where no such moment is found."""
ODD_SECONDS_NS = 5 * MINUTE_NS
"""Periods up to this length are told to the second."""
TIMES_LONGER = 4
"""How much longer than a period the time before it is that it is held against."""
SAME_TIME_OF_DAYS = (1, 2, 7)
"""Days ago."""
MOST_TRACES = 2_000
"""Of either cohort; more make an answer slower, hardly better."""
VERSION = "service.version"


@dataclass(frozen=True)
class Cohorts:
    """What is held against what."""

    baseline: PeriodTraces
    incident: PeriodTraces
    baseline_period: Period
    incident_period: Period
    notes: tuple[str, ...] = ()
    onset: Onset | None = None


@dataclass(frozen=True)
class Comparing:
    """Reads cohorts of requests to one place."""

    backend: Backend
    scope: Scope
    where: tuple[Condition, ...]
    now: datetime
    """Aware, in the asker's zone."""
    most_traces: int = MOST_TRACES

    async def cohorts(self, intent: Investigated) -> Cohorts:
        """The cohorts that a question means.

        Raises:
            BackendError: the store gives no answer.
        """
        found = await self._cohorts(intent)
        if len(found.baseline) or len(found.incident):
            return found
        elsewhere = await other_period(self.backend, found.incident_period)
        return replace(found, notes=(*elsewhere, *found.notes))

    async def _cohorts(self, intent: Investigated) -> Cohorts:
        if isinstance(intent, CompareCohorts) and intent.versions:
            return await self._of_versions(intent.period, intent.versions)
        if intent.baseline is not None:
            return await self._of_periods(intent.baseline, intent.period)
        if intent.period.assumed:
            return await self._since_it_began(intent.period.end_ns)
        return await self._against_usual(intent.period)

    async def _of_periods(self, baseline: Period, incident: Period, *notes: str) -> Cohorts:
        before, now = await self._read(baseline), await self._read(incident)
        return Cohorts(before, now, baseline, incident, notes)

    async def _of_versions(self, period: Period, versions: tuple[str, str]) -> Cohorts:
        old, new = [await self._read_version(period, version) for version in versions]
        return Cohorts(old, new, period, period)

    async def _read_version(self, period: Period, version: str) -> PeriodTraces:
        """Teams write versions with and without a v before the number."""
        found = await self._read(period, (VERSION, version))
        return found if len(found) else await self._read(period, (VERSION, f"v{version}"))

    async def _since_it_began(self, end_ns: int) -> Cohorts:
        """Before against after the moment at which trouble began; where nothing began, now against usual."""
        looked_at = Period(max(end_ns - LOOK_BACK_NS, 0), end_ns)
        found = await self._read(looked_at)
        onset = await asyncio.to_thread(_onset, found, self.scope)
        if onset is None:
            return await self._recent_against_usual(found, looked_at)
        began = Period(onset.at_ns, end_ns)
        before = Period(looked_at.start_ns, onset.at_ns)
        earlier, later = await asyncio.to_thread(_divided, found, onset.at_ns)
        if found.chosen and len(later) < self.most_traces // 2:
            later = await self._read(began)
        return Cohorts(earlier, later, before, began, onset=onset)

    async def _recent_against_usual(self, found: PeriodTraces, looked_at: Period) -> Cohorts:
        """Where the store holds less than it could, the last quarter of that is now."""
        recent_ns = await asyncio.to_thread(_recent_ns, found, self.scope, looked_at)
        return await self._against_usual(Period(looked_at.end_ns - recent_ns, looked_at.end_ns))

    async def _against_usual(self, period: Period) -> Cohorts:
        """The same time of other days, where the store reaches back so far; else the time just before."""
        incident = await self._read(period)
        usual = [
            await self._read(day, limit=self.most_traces // len(SAME_TIME_OF_DAYS))
            for day in _same_time(period)
        ]
        known = [one for one in usual if len(one) >= FEWEST_TRACES]
        if known:
            baseline = await asyncio.to_thread(together, known)
            days = _same_time(period)
            span = Period(days[-1].start_ns, days[0].end_ns)
            note = f"usual is the same time of day on {len(known)} of the days {_days()} before"
            return Cohorts(baseline, incident, span, period, (note,))
        length_ns = period.end_ns - period.start_ns
        before = Period(max(period.start_ns - TIMES_LONGER * length_ns, 0), period.start_ns)
        note = (
            f"usual is the {duration_text(before.end_ns - before.start_ns)} before, "
            "since the store does not reach back to the same time of other days"
        )
        return Cohorts(await self._read(before), incident, before, period, (note,))

    async def _read(
        self, period: Period, *attributes: tuple[str, str], limit: int | None = None
    ) -> PeriodTraces:
        equal = tuple((one.key, one.value) for one in self.where if one.op == "=")
        query = SpanQuery(
            start_ns=period.start_ns,
            end_ns=period.end_ns,
            service=self.scope.service,
            operation=self.scope.operation,
            attributes=(*equal, *attributes),
            limit=limit or self.most_traces,
        )
        found = await read_traces(self.backend, query, self.where)
        return await self._whole(query, found if len(found) else await self._read_elsewhere(query, found))

    async def _whole(self, query: SpanQuery, found: PeriodTraces) -> PeriodTraces:
        """Those whose spans are all here, and what to say of the others."""
        now_ns = epoch_ns(self.now)
        if query.end_ns <= now_ns - LATE_NS or self.backend.capabilities.whole_periods:
            return found
        spans, notes = await asyncio.to_thread(whole_traces, found.spans, now_ns)
        return replace(found, spans=spans, notes=(*notes, *found.notes)) if notes else found

    async def _read_elsewhere(self, query: SpanQuery, nothing: PeriodTraces) -> PeriodTraces:
        """The requests whose conditions other services' spans meet."""
        wider = asked_elsewhere(query, self.where, self.backend.capabilities)
        if wider is None:
            return nothing
        read = await read_traces(self.backend, wider)
        met = await asyncio.to_thread(
            met_elsewhere, read.spans, candidates(read.spans, query), query, self.where
        )
        if met is None:
            return nothing
        return replace(read.part(met.traces), matching=None, notes=(met.note, *read.notes))


def _same_time(period: Period) -> tuple[Period, ...]:
    """The period on days before, newest first; none where it is longer than a day."""
    if period.end_ns - period.start_ns > DAY_NS:
        return ()
    return tuple(
        Period(period.start_ns - days * DAY_NS, period.end_ns - days * DAY_NS)
        for days in SAME_TIME_OF_DAYS
        if period.start_ns >= days * DAY_NS
    )


def _days() -> str:
    *others, last = map(str, SAME_TIME_OF_DAYS)
    return f"{', '.join(others)} and {last}"


def _recent_ns(found: PeriodTraces, scope: Scope, looked_at: Period) -> int:
    """How long ago now begins: far enough for the requests that a comparison needs, be it all that was looked at."""
    spans = found.repaired.spans
    first_ns = int(spans.start_ns.min()) if len(spans) else looked_at.start_ns
    recent_ns = min(RECENT_NS, max((looked_at.end_ns - first_ns) // TIMES_LONGER, SECOND_NS))
    cohort = cohort_of(found.repaired, scope)
    if len(cohort) < FEWEST_TRACES:
        return looked_at.end_ns - looked_at.start_ns
    starts_ns = np.sort(cohort.spans.start_ns[cohort.spans.root_row])
    enough_ns = looked_at.end_ns - int(starts_ns[-FEWEST_TRACES])
    # Periods of whole minutes read better than those that begin where the first span happens to.
    exact_ns = MINUTE_NS if max(recent_ns, enough_ns) > ODD_SECONDS_NS else SECOND_NS
    whole_ns = max(recent_ns // exact_ns, enough_ns // exact_ns + 1) * exact_ns
    return min(whole_ns, looked_at.end_ns - looked_at.start_ns)


def _onset(found: PeriodTraces, scope: Scope) -> Onset | None:
    """When requests became slower; else when what they leave behind, in queues, came to take longer."""
    cohort = cohort_of(found.repaired, scope)
    rows = cohort.spans.root_row
    spans = cohort.spans
    operation = spans.service[rows].astype(np.int64) * len(spans.operations) + spans.operation[rows]
    onset = find_onset(spans.start_ns[rows], cohort.duration_ns, operation, cohort.failed)
    done_ns = cohort.done_ns
    if onset is not None or (done_ns == cohort.duration_ns).all():
        return onset
    return find_onset(spans.start_ns[rows], done_ns, operation, cohort.failed)


def _divided(found: PeriodTraces, at_ns: int) -> tuple[PeriodTraces, PeriodTraces]:
    spans = found.repaired.spans
    late = spans.start_ns[spans.root_row] >= at_ns
    return found.part(~late), found.part(late)
