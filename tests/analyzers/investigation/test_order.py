"""What changed first, and how well that is known."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.investigation.order import FEWEST, LIKELIHOOD_95, Began, largest_step

SECOND = 1_000_000_000


def series(step_at, count=200, rise=1.0, seed=1):
    """A call a second, higher by so many standard deviations from one of them on."""
    rng = random.Random(seed)
    at_ns = np.arange(count, dtype=np.int64) * SECOND
    value = np.array([rng.gauss(rise if number >= step_at else 0, 1) for number in range(count)])
    return at_ns, value


def definition(at_ns, value):
    """The same, one moment after the other."""
    line = sorted(zip(at_ns.tolist(), value.tolist(), strict=True))
    fits = {}
    for moment in range(FEWEST, len(line) - FEWEST + 1):
        before, after = [v for _, v in line[:moment]], [v for _, v in line[moment:]]
        if line[moment - 1][0] < line[moment][0] and np.mean(after) > np.mean(before):
            fits[moment] = len(before) * np.var(before) + len(after) * np.var(after)
    best = min(fits, key=fits.get)
    kept = [
        one for one, left in fits.items() if len(line) * (left - fits[best]) / fits[best] <= LIKELIHOOD_95
    ]
    return Began(line[min(kept) - 1][0], line[max(kept)][0])


@pytest.mark.parametrize("step_at", [40, 100, 150])
def test_the_moment_lies_within_what_is_told(step_at):
    found = largest_step(*series(step_at))

    assert found.first_ns <= step_at * SECOND <= found.last_ns
    assert found.last_ns - found.first_ns < 60 * SECOND


@given(st.integers(30, 120), st.integers(0, 10_000))
def test_agrees_with_the_definition(step_at, seed):
    at_ns, value = series(step_at, count=150, rise=2.0, seed=seed)

    assert largest_step(at_ns, value) == definition(at_ns, value)


def test_the_interval_holds_the_moment_nineteen_times_in_twenty():
    found = [largest_step(*series(100, rise=1.5, seed=seed)) for seed in range(400)]
    held = [one.first_ns < 100 * SECOND <= one.last_ns for one in found if one is not None]

    assert len(held) > 390
    assert sum(held) / len(held) >= 0.94


def test_what_never_changed_began_at_no_moment():
    assert largest_step(*series(200)) is None


def test_what_fell_began_at_no_moment():
    at_ns, value = series(100)

    assert largest_step(at_ns, -value) is None


def test_so_few_calls_have_no_moment():
    at_ns, value = series(5, count=2 * FEWEST - 1, rise=50)

    assert largest_step(at_ns, value) is None


def test_calls_of_one_instant_are_not_divided():
    at_ns, value = series(100)

    assert largest_step(at_ns * 0, value) is None


def test_nothing_at_all_has_no_moment():
    nothing = np.zeros(0, dtype=np.int64)

    assert largest_step(nothing, nothing.astype(np.float64)) is None


def test_the_order_of_rows_changes_nothing():
    at_ns, value = series(80)
    mixed = np.random.default_rng(3).permutation(len(at_ns))

    assert largest_step(at_ns[mixed], value[mixed]) == largest_step(at_ns, value)


def test_one_is_ahead_of_another_only_if_their_intervals_do_not_meet():
    assert Began(0, 10).ahead_ns(Began(15, 30)) == 5
    assert Began(0, 20).ahead_ns(Began(15, 30)) == 0
    assert Began(15, 30).ahead_ns(Began(0, 10)) == 0
