"""Why something is slow or fails, and what changed between two periods or versions."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from analyzers.investigation.investigate import compare_periods, investigate
from analyzers.investigation.question import Question
from analyzers.period_words import period_text
from analyzers.searched import Searched
from bot.questions.intent import CompareCohorts
from bot.services.comparison import Comparing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from analyzers.investigation_report import Compare, Why
    from analyzers.report_base import Asked, Scope
    from backends.interface import Backend
    from bot.questions.intent import Investigated, Period
    from bot.services.comparison import Cohorts
    from bot.services.period_traces import PeriodTraces


async def answer_investigation(
    backend: Backend, intent: Investigated, scope: Scope, asked: Asked, now: datetime
) -> Why | Compare:
    """Two cohorts of requests to the scope, compared.

    Raises:
        BackendError: the store gives no answer.
    """
    cohorts = await Comparing(backend, scope, intent.where, now).cohorts(intent)
    question = Question(
        incident=_searched(cohorts.incident, cohorts.incident_period, asked, now, *cohorts.notes),
        baseline=_searched(cohorts.baseline, cohorts.baseline_period, asked, now),
        measure=intent.measure,
        versions=intent.versions if isinstance(intent, CompareCohorts) else None,
        began=cohorts.onset is not None,
    )
    return await asyncio.to_thread(_compared, cohorts, question, intent)


def _compared(cohorts: Cohorts, question: Question, intent: Investigated) -> Why | Compare:
    baseline, incident = cohorts.baseline.repaired, cohorts.incident.repaired
    if isinstance(intent, CompareCohorts):
        return compare_periods(baseline, incident, question)
    return investigate(baseline, incident, question)


def _searched(traces: PeriodTraces, period: Period, asked: Asked, now: datetime, *notes: str) -> Searched:
    return Searched(
        asked=asked,
        start_ns=period.start_ns,
        end_ns=period.end_ns,
        now=now,
        matching=traces.matching,
        unreadable=traces.unreadable,
        notes=(*notes, *_some_of(traces, period, now), *traces.notes),
    )


def _some_of(traces: PeriodTraces, period: Period, now: datetime) -> Iterator[str]:
    """Not all traces are needed, but which were taken is said."""
    if traces.chosen:
        of = f" of {traces.matching:,}" if traces.matching else ""
        when = period_text(period.start_ns, period.end_ns, now)
        yield f"{len(traces):,}{of} traces {when} were read, taken from all over it"
