"""Windows of several lengths against what they did in the past."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from analyzers.detectors.false_discovery import q_values
from analyzers.detectors.windows import chances, learn_noise, pair_lows, window_means, without_drift

LEVELS = arrays.arrays(np.float64, (2, 30), elements=st.one_of(st.floats(-3, 3), st.just(np.nan)))


def slow_window_means(lows, window):
    """From the definition."""
    means = np.full(lows.shape, np.nan)
    for row, slot in np.ndindex(lows.shape):
        inside = [one for one in lows[row, max(0, slot - window + 1) : slot + 1] if np.isfinite(one)]
        if inside and len(inside) >= window / 2:
            means[row, slot] = sum(inside) / len(inside)
    return means


@given(LEVELS, st.integers(1, 12))
def test_means_agree_with_the_definition(levels, window):
    np.testing.assert_allclose(window_means(levels, window), slow_window_means(levels, window), atol=1e-9)


@given(LEVELS, st.integers(0, 29), st.floats(3, 100))
def test_one_slot_however_high_is_no_more_than_its_neighbours(levels, slot, height):
    spiked = levels.copy()
    spiked[:, slot] = height

    lows = pair_lows(spiked)

    beside = np.fmax(*(np.roll(levels, shift, axis=1)[:, slot] for shift in (1, -1)))
    highest = np.fmax(lows[:, slot], lows[:, min(slot + 1, 29)])
    assert (np.isnan(highest) | (highest <= beside + 1e-9) | (slot in {0, 29})).all()


def test_a_small_lasting_change_is_taken_for_drift_and_a_large_one_is_not():
    level = np.zeros((2, 1_000))
    level[0, 300:], level[1, 300:] = 0.05, 1.0

    centred = without_drift(level)

    assert abs(centred[0, -1]) < 0.01
    assert centred[1, -1] > 0.85


def test_the_first_hour_of_a_change_is_not_held_against_itself():
    level = np.zeros((1, 600))
    level[0, 500:] = 0.3

    assert without_drift(level)[0, 511] == 0.3


def noise_of(random, slots=4_000, spread=0.1):
    level = random.normal(0, spread, (1, slots))
    return level, learn_noise(pair_lows(level), np.full(level.shape, 100.0))


def test_noise_alone_is_likely():
    level, noise = noise_of(np.random.default_rng(1))

    found = chances(pair_lows(level)[:, -300:], np.full((1, 300), 100.0), noise)

    assert found.min() > 0.01


def test_twice_as_slow_is_unlikely_in_the_second_slot():
    level, noise = noise_of(np.random.default_rng(2))
    level[0, -2:] += 1.4

    found = chances(pair_lows(level)[:, -60:], np.full((1, 60), 100.0), noise).min(axis=0)[0]

    assert found[-2] > 0.01
    assert found[-1] < 1e-6


def test_an_incident_in_the_past_widens_nothing():
    random = np.random.default_rng(3)
    level, noise = noise_of(random)
    level[0, 1_000:1_048] += 2.0

    after = learn_noise(pair_lows(level), np.full(level.shape, 100.0))

    assert after.spread[0][0] < 1.1 * noise.spread[0][0]


def test_few_requests_are_less_surprising():
    level, noise = noise_of(np.random.default_rng(4))
    level[0, -2:] += 0.7

    many = chances(pair_lows(level)[:, -60:], np.full((1, 60), 100.0), noise).min(axis=0)[0, -1]
    few = chances(pair_lows(level)[:, -60:], np.full((1, 60), 5.0), noise).min(axis=0)[0, -1]

    assert few > 1e3 * many


def test_what_is_missing_is_no_evidence():
    _, noise = noise_of(np.random.default_rng(5))

    found = chances(np.full((1, 60), np.nan), np.zeros((1, 60)), noise)

    assert (found == 1.0).all()


def slow_q_values(chance, number):
    """From the definition: the least bound among the tests that are at least as unlikely-ranked."""
    ordered = sorted(chance)
    return [
        min(min(1.0, other * number / (rank + 1)) for rank, other in enumerate(ordered) if other >= one)
        for one in chance
    ]


@settings(max_examples=50)
@given(st.lists(st.floats(1e-12, 1), min_size=1, max_size=20), st.integers(1, 40))
def test_q_values_agree_with_the_definition(chance, tests):
    number = max(len(chance), tests)

    np.testing.assert_allclose(q_values(np.array(chance), tests), slow_q_values(chance, number), rtol=1e-9)
