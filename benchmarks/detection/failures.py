"""Operations that fail in bursts: how often that is told as more failures than usual."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analyzers.baselines.slots import DAY_SLOTS, DAYS, WEEK_SLOTS
from analyzers.detectors.counts import UsualErrors, chance_of_so_many
from analyzers.detectors.errors import FEWEST_ERRORS, MIN_RATIO, MIN_RISE, WINDOWS, usual_in_windows
from analyzers.detectors.false_discovery import FEWEST_TESTS, MOST_FALSE
from benchmarks.measure import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.random import Generator

OPERATIONS = 400
WEEKS = 7
CALLS = 100
LAST = 12
FAILING = (0.1, 0.3)


def failure_figures(first: int) -> Iterator[Figure]:
    false, weeks = 0, 0.0
    told: dict[float, list[float]] = {share: [] for share in FAILING}
    for number in range(OPERATIONS):
        random = np.random.default_rng(first + number)
        ratio, rho = random.uniform(0.001, 0.02), random.uniform(0.001, 0.02)
        failed = _failures(random, ratio, rho, WEEKS * WEEK_SLOTS)
        for week in range(2, WEEKS):
            begin = week * WEEK_SLOTS
            past = failed[begin - DAYS * DAY_SLOTS : begin].reshape(1, DAYS, DAY_SLOTS).astype(np.float64)
            usual = usual_in_windows(past, np.full(past.shape, float(CALLS)))
            slots = _told(failed[begin - max(WINDOWS) : begin + WEEK_SLOTS], usual)
            false += int((np.diff(slots, prepend=-LAST - 1) > LAST).sum()) if len(slots) else 0
            weeks += 1
        for share in FAILING:
            more = np.concatenate([failed[-max(WINDOWS) :], random.binomial(CALLS, share, LAST)])
            found = _told(more, usual)
            told[share].append(float(found[0]) if len(found) else np.inf)
    yield Figure("failures in bursts: false alerts an operation-week", false / weeks, "", "<= 0.001")
    for share in FAILING:
        minutes = (float(np.median(told[share])) + 1) * 5
        what = f"{share * 100:.0f} % of calls fail where failures come in bursts: median time by the clock until told"
        yield Figure(what, minutes, "min")


def _failures(
    random: Generator, ratio: float, rho: float, slots: int
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    both = 1 / rho - 1
    return random.binomial(CALLS, random.beta(ratio * both, (1 - ratio) * both, slots))


def _told(
    failed: np.ndarray[tuple[int], np.dtype[np.int64]], windows: tuple[UsualErrors, ...]
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The slots after the first few of which the detector speaks."""
    told = np.zeros(len(failed) - max(WINDOWS), dtype=np.bool_)
    for window, usual in zip(WINDOWS, windows, strict=True):
        summed = np.convolve(failed, np.ones(window))[max(WINDOWS) : len(failed)]
        calls = float(CALLS * window)
        many = (summed >= FEWEST_ERRORS) & (
            summed >= calls * np.maximum(MIN_RATIO * usual.ratio, usual.ratio + MIN_RISE)
        )
        for slot in np.flatnonzero(many).tolist():
            chance = chance_of_so_many(summed[slot : slot + 1], np.array([calls]), usual)[0]
            told[slot] |= chance * len(WINDOWS) * WEEK_SLOTS * FEWEST_TESTS <= MOST_FALSE
    return np.flatnonzero(told)
