"""Simulated cases: a system, two windows of its traffic, and what was broken in the second."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from analyzers.builder import build_table
from analyzers.investigation.question import Question
from analyzers.repair import repair
from analyzers.report_base import Asked, Understood
from analyzers.searched import Searched
from benchmarks.simulator.fault import Kind, random_fault
from benchmarks.simulator.system import random_system
from benchmarks.simulator.traffic import simulate

if TYPE_CHECKING:
    from analyzers.repair import Repaired
    from benchmarks.simulator.system import Instrumentation

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
MOVED = 1.2
"""p95 of the requests rose by more than a fifth: a fault that a person would ask about."""
TRIES = 50


@dataclass(frozen=True)
class Simulated:
    """One case with its truth."""

    baseline: Repaired
    incident: Repaired
    kind: Kind
    blamed: tuple[str, ...]
    moved: bool
    seen: Instrumentation


def simulated_case(seed: int, kind: Kind) -> Simulated:
    """The case of this seed, always the same."""
    for attempt in range(TRIES):
        random = Random(f"{seed} {kind} {attempt}")
        system = random_system(random)
        broken = random_fault(random, system, kind)
        if broken is None:
            continue
        sizes = [random.randint(150, 500) for _ in range(2)]
        before = simulate(random, system, (), sizes[0], 1)
        after = simulate(random, system, broken.faults, sizes[1], 1_000_000)
        p95 = [float(np.quantile(one.durations_ms, 0.95)) for one in (before, after)]
        tables = [repair(build_table(one.records)) for one in (before, after)]
        blamed = tuple(system.names[one] for one in broken.blamed)
        return Simulated(tables[0], tables[1], kind, blamed, p95[1] > MOVED * p95[0], system.seen)
    raise RuntimeError(f"no system drawn has a place for {kind}")


def question() -> Question:
    """Why, of the whole system."""
    asked = Asked(question="why", asked_at=NOW.isoformat(), understood=Understood(kind="why"))
    end_ns = int(NOW.timestamp()) * 1_000_000_000
    hour_ns = 3_600_000_000_000
    return Question(
        Searched(asked, end_ns - hour_ns, end_ns, NOW),
        Searched(asked, end_ns - 2 * hour_ns, end_ns - hour_ns, NOW),
    )
