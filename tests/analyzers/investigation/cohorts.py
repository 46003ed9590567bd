"""Cohorts to compare: a drawn trace many times over, with times that vary."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import msgspec

from analyzers.builder import build_table
from analyzers.investigation.cohort import cohort_of
from analyzers.investigation.investigate import investigate
from analyzers.investigation.observations import observe
from analyzers.investigation.question import Question
from analyzers.repair import repair
from analyzers.report_base import Asked, Scope, Understood
from analyzers.searched import Searched
from tests.traces import drawn

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
HOUR_NS = 3_600_000_000_000
NOW_NS = 1_795_370_400_000_000_000
MS = 1_000_000

USUAL = """
    front GET /    0..100  server
      pay charge   10..40  server
      mail send    50..90  server
"""
PAY_SLOW = """
    front GET /    0..300  server
      pay charge   10..240 server
      mail send    250..290 server
"""
"""Of a shop: as usual, and with one slow service."""


def records(picture, times=60, seed=1, jitter=0.1, first=1):
    """The picture's traces, in milliseconds, each so many times and each time stretched by a few per cent."""
    rng = random.Random(seed)
    made = []
    for number in range(times):
        stretch = 1 + jitter * rng.random()
        for record in drawn(picture, MS):
            start = round(record.start_ns * stretch)
            end = round((record.start_ns + record.duration_ns) * stretch)
            made.append(
                msgspec.structs.replace(
                    record,
                    trace_id=f"{int(record.trace_id, 16) * 100_000 + first + number:032x}",
                    start_ns=NOW_NS - HOUR_NS + number * MS + start,
                    duration_ns=end - start,
                )
            )
    return made


def repaired_of(*recorded):
    return repair(build_table([record for some in recorded for record in some]))


def cohort(picture, scope=None, **how):
    return cohort_of(repaired_of(records(picture, **how)), scope)


def observed(before, after, scope=None, **how):
    """Both pictures as cohorts, observed."""
    return observe(cohort(before, scope, **how), cohort(after, scope, **{"seed": 2, **how}))


def searched(start_ns, end_ns, kind="why", scope=None, where=()):
    understood = Understood(kind=kind, scope=scope, where=where)
    return Searched(Asked(question=kind, asked_at="", understood=understood), start_ns, end_ns, NOW)


def question(scope=None, measure="mean", versions=None):
    return Question(
        searched(NOW_NS - HOUR_NS, NOW_NS, scope=scope),
        searched(NOW_NS - 2 * HOUR_NS, NOW_NS - HOUR_NS, scope=scope),
        measure,
        versions,
    )


def why(before, after, scope=None, measure="mean", **how):
    """The report on two pictures."""
    scope = Scope(service=scope) if isinstance(scope, str) else scope
    first, second = repaired_of(records(before, **how)), repaired_of(records(after, **{"seed": 2, **how}))
    return investigate(first, second, question(scope, measure))
