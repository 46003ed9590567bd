"""`python -m benchmarks.detect [--operations N] [--first SEED]`: how soon a slower operation is told of, and how often none is.

Delays are counted in slots of five minutes, from the first slow one to the one after which it is told. By the clock
that is five minutes more: one slow slot alone is told of by nobody here who is silent on spikes of one slot.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from analyzers.baselines.slots import DAY_SLOTS, DAYS, SLOT_MINUTES, WEEK_SLOTS
from analyzers.detectors.false_discovery import FEWEST_TESTS, MOST_FALSE, q_values
from benchmarks.detection.failures import failure_figures
from benchmarks.detection.listed import listed_cases
from benchmarks.detection.memory import memory_figures
from benchmarks.detection.ours import Watched
from benchmarks.detection.peers import PEERS
from benchmarks.detection.simulated import MORE_NOISE, NOISE, character, measured, simulated
from benchmarks.detection.tick import tick_figures
from benchmarks.measure import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.random import Generator
    from numpy.typing import NDArray

    from benchmarks.detection.simulated import Measured

    Floats = NDArray[np.floating]

OPERATIONS = 400
HELD_OUT = 200_000
"""Seeds from here on were not looked at while thresholds were chosen."""
WEEKS = 7
FIRST_DAY = DAYS
"""Alerts count from here on; a new operation's first two weeks are for learning."""
CHANGED_DAYS = (28, 47)
CHANGED_SLOTS = 96
CHANGES = {1.2: 60, 1.5: 15, 2.0: 5}
"""How much slower, and the minutes in which half of them should be told."""
COMPARED = 60
"""Operations that the other methods are run on."""
QUIET_SLOTS = 12
"""An alert that comes back within the hour is the same one."""
ALONE = MOST_FALSE / FEWEST_TESTS
"""How unlikely a slot must be where no other operation changes."""


@dataclass
class Score:
    """What one method did."""

    false: int = 0
    weeks: float = 0.0
    delays: dict[float, list[float]] = field(default_factory=lambda: {change: [] for change in CHANGES})

    def delay_minutes(self, change: float) -> float:
        return float(np.median(self.delays[change])) * SLOT_MINUTES


def figures(operations: int = OPERATIONS, first: int = HELD_OUT) -> Iterator[Figure]:
    ours = our_score(operations, first)
    yield Figure("operation-weeks without a fault", ours.weeks, "", ">= 2,000")
    yield Figure("false alerts an operation-week", ours.false / ours.weeks, "", "<= 0.001")
    for change, goal in CHANGES.items():
        delays = np.array(ours.delays[change])
        what = f"+{(change - 1) * 100:.0f} %"
        yield Figure(f"{what}: median delay", ours.delay_minutes(change), "min", f"<= {goal}")
        yield Figure(f"{what}: told within 8 h", 100 * float(np.isfinite(delays).mean()), "%")
    touching = our_score(operations // 4, first + operations, spikes_touch=True)
    yield Figure(
        "false alerts an operation-week where two spikes may touch", touching.false / touching.weeks, ""
    )
    restless = our_score(operations // 4, first + 2 * operations, noise=MORE_NOISE)
    yield Figure("false alerts an operation-week with noise of 3-8 %", restless.false / restless.weeks, "")
    for change in CHANGES:
        what = f"+{(change - 1) * 100:.0f} % with noise of 3-8 %: median delay"
        yield Figure(what, restless.delay_minutes(change), "min")
    for name, score in peer_scores(min(operations, COMPARED), first).items():
        yield Figure(f"{name}: false alerts an operation-week", score.false / score.weeks, "")
        for change in CHANGES:
            what = f"{name}: +{(change - 1) * 100:.0f} %, median delay"
            yield Figure(what, score.delay_minutes(change), "min")
    yield from failure_figures(first)
    yield from listed_cases()
    yield from memory_figures()
    yield from tick_figures()


def our_score(
    operations: int, first: int, *, noise: tuple[float, float] = NOISE, spikes_touch: bool = False
) -> Score:
    """Our detector over simulated operations, judged together as those of one system are."""
    score = Score()
    chance = np.ones((operations, (WEEKS * 7 - FIRST_DAY) * DAY_SLOTS), dtype=np.float32)
    for number in range(operations):
        random = np.random.default_rng(first + number)
        watched = _watched(random, noise=noise, spikes_touch=spikes_touch)
        days = [watched.day_chances(day) for day in range(FIRST_DAY, WEEKS * 7)]
        chance[number] = np.concatenate(days)
        _change(score, random, watched)
    score.false = sum(episodes(one) for one in _told(chance))
    score.weeks = chance.size / WEEK_SLOTS
    return score


def peer_scores(operations: int, first: int) -> dict[str, Score]:
    """The other methods on the same operations."""
    scores = {name: Score() for name in PEERS}
    for number in range(operations):
        random = np.random.default_rng(first + number)
        watched = _watched(random)
        p95_ns, begin = watched.measured.p95_ns, FIRST_DAY * DAY_SLOTS
        for name, alarms in PEERS.items():
            scores[name].false += episodes(alarms(p95_ns)[begin:])
            scores[name].weeks += (len(p95_ns) - begin) / WEEK_SLOTS
        for change in CHANGES:
            slot, changed = _changed(random, watched, change)
            other = p95_ns.copy()
            other[slot : slot + CHANGED_SLOTS] = changed.p95_ns
            for name, alarms in PEERS.items():
                told = np.flatnonzero(alarms(other)[slot : slot + CHANGED_SLOTS])
                scores[name].delays[change].append(float(told[0]) if len(told) else np.inf)
    return scores


def _watched(random: Generator, *, noise: tuple[float, float] = NOISE, spikes_touch: bool = False) -> Watched:
    operation = simulated(random, character(random, noise=noise, spikes_touch=spikes_touch), WEEKS)
    return Watched(operation, measured(random, operation, slice(0, operation.slots)))


def _change(score: Score, random: Generator, watched: Watched) -> None:
    for change in CHANGES:
        slot, changed = _changed(random, watched, change)
        score.delays[change].append(watched.delay_slots(changed, slot, ALONE))


def _changed(random: Generator, watched: Watched, change: float) -> tuple[int, Measured]:
    slot = int(random.integers(*CHANGED_DAYS)) * DAY_SLOTS + int(random.integers(DAY_SLOTS))
    return slot, measured(random, watched.operation, slice(slot, slot + CHANGED_SLOTS), change)


def _told(chance: Floats) -> NDArray[np.bool_]:
    told = np.zeros(chance.shape, dtype=np.bool_)
    for slot in np.flatnonzero((chance < MOST_FALSE).any(axis=0)).tolist():
        told[:, slot] = q_values(chance[:, slot].astype(np.float64)) <= MOST_FALSE
    return told


def episodes(told: NDArray[np.bool_]) -> int:
    """How many alerts these slots make."""
    slots = np.flatnonzero(told)
    return int((np.diff(slots, prepend=-QUIET_SLOTS - 1) > QUIET_SLOTS).sum()) if len(slots) else 0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.detect", description=__doc__)
    parser.add_argument("--operations", type=int, default=OPERATIONS, help=f"to simulate ({OPERATIONS})")
    parser.add_argument("--first", type=int, default=HELD_OUT, help=f"seed of the first one ({HELD_OUT})")
    asked = parser.parse_args(arguments)
    print("| what | measured | goal |\n| --- | --- | --- |")
    for figure in figures(asked.operations, asked.first):
        print(figure, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
