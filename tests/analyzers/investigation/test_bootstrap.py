"""How often the interval holds the truth: the law that gives it its name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from analyzers.investigation.bootstrap import change_interval_ns

TRUE_CHANGE_NS = 30_000_000
REPEATS = 300


@dataclass(frozen=True)
class Requests:
    """What an interval reads of a cohort."""

    duration_ns: np.ndarray
    weight: np.ndarray

    def __len__(self):
        return len(self.weight)


def sampled(random, shift_ns, requests, kept):
    """Skewed durations with a mean of 100 ms and more, of which a share is kept and weighted for it."""
    duration_ns = random.lognormal(np.log(80e6), 0.668, requests) + shift_ns
    chosen = random.random(requests) < kept
    return Requests(duration_ns[chosen].astype(np.int64), np.full(int(chosen.sum()), 1 / kept))


@pytest.mark.parametrize(("requests", "kept"), [(300, 1.0), (3_000, 0.1), (30_000, 0.01)])
def test_intervals_of_95_per_cent_hold_the_true_change_in_93_to_97_of_100(requests, kept):
    random = np.random.default_rng(7)
    held = 0
    for _ in range(REPEATS):
        low, high = change_interval_ns(
            sampled(random, 0, requests, kept), sampled(random, TRUE_CHANGE_NS, requests, kept), "mean"
        )
        held += low <= TRUE_CHANGE_NS <= high

    assert 0.93 <= held / REPEATS <= 0.97


def test_the_same_cohorts_have_the_same_interval_every_time():
    random = np.random.default_rng(3)
    first, second = sampled(random, 0, 200, 1.0), sampled(random, TRUE_CHANGE_NS, 200, 1.0)

    assert change_interval_ns(first, second, "p95") == change_interval_ns(first, second, "p95")
