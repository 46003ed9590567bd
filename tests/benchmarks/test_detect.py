"""The benchmark of detectors: it simulates what it says, and what it says of others is so."""

import numpy as np
import pytest

from analyzers.baselines.slots import DAY_SLOTS, WEEK_SLOTS
from benchmarks.detect import ALONE, episodes
from benchmarks.detection.ours import Watched
from benchmarks.detection.peers import PEERS, moving_averages, seasonal_z, yesterday_hour
from benchmarks.detection.simulated import character, measured, simulated

CHANGED = 16 * DAY_SLOTS + 100


@pytest.fixture(scope="module")
def watched():
    random = np.random.default_rng(7)
    operation = simulated(random, character(random), 3)
    return Watched(operation, measured(random, operation, slice(0, operation.slots)))


def test_a_seed_is_the_same_operation_every_time():
    first, second = (
        simulated(np.random.default_rng(3), character(np.random.default_rng(3)), 1) for _ in "ab"
    )

    assert first.level.tolist() == second.level.tolist()


def test_spikes_touch_nothing_unless_asked_to(watched):
    steps = np.diff(watched.operation.level)

    assert ((steps > 0.9)[:-1] & (steps > -0.5)[1:]).sum() == 0


def test_a_quiet_day_is_quiet(watched):
    assert watched.day_chances(17).min() > ALONE


def test_twice_as_slow_is_told_after_the_second_slot(watched):
    changed = measured(np.random.default_rng(1), watched.operation, slice(CHANGED, CHANGED + 12), 2.0)

    assert watched.delay_slots(changed, CHANGED, ALONE) == 1


def test_no_slower_is_never_told(watched):
    changed = measured(np.random.default_rng(1), watched.operation, slice(CHANGED, CHANGED + 12), 1.0)

    assert watched.delay_slots(changed, CHANGED, ALONE) == np.inf


def test_an_alert_that_comes_back_soon_is_the_same_one():
    told = np.zeros(100, dtype=np.bool_)
    told[[10, 11, 20, 60]] = True

    assert episodes(told) == 2


@pytest.mark.parametrize("name", PEERS)
def test_others_are_silent_where_nothing_changes(name):
    assert not PEERS[name](np.full(3 * WEEK_SLOTS, 1e8)).any()


def test_others_tell_what_they_are_made_for():
    p95_ns = np.full(3 * WEEK_SLOTS, 1e8) * (
        1 + 0.01 * np.random.default_rng(1).standard_normal(3 * WEEK_SLOTS)
    )
    p95_ns[CHANGED:] *= 2

    assert seasonal_z(p95_ns)[CHANGED]
    assert yesterday_hour(p95_ns)[CHANGED : CHANGED + 24].any()
    assert moving_averages(p95_ns)[CHANGED : CHANGED + DAY_SLOTS].any()
