"""How surprising failures are that come in bursts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import betabinom, binom

from analyzers.detectors.counts import UsualErrors, chance_of_so_many, usual_errors


def chance(failed, asked, ratio, rho):
    usual = UsualErrors(np.array([ratio]), np.array([rho]))
    return chance_of_so_many(np.array([float(failed)]), np.array([float(asked)]), usual)[0]


@given(st.integers(0, 40), st.integers(40, 400), st.floats(0.001, 0.5), st.floats(0.001, 0.3))
def test_the_chance_is_that_of_the_beta_binomial(failed, asked, ratio, rho):
    both = 1 / rho - 1
    expected = betabinom.sf(failed - 1, asked, ratio * both, (1 - ratio) * both)

    assert chance(failed, asked, ratio, rho) == pytest.approx(expected, rel=1e-4, abs=1e-10)


def test_without_bursts_it_is_nearly_the_binomial():
    assert chance(12, 100, 0.05, 1e-4) == pytest.approx(binom.sf(11, 100, 0.05), rel=0.1)


def test_an_operation_known_for_bursts_surprises_less():
    assert chance(20, 100, 0.02, 0.1) > 1e4 * chance(20, 100, 0.02, 1e-4)


def test_the_usual_share_is_that_of_the_middle_day():
    calls = np.full((1, 5, 288), 100.0)
    errors = np.full((1, 5, 288), 1.0)
    errors[0, 4] = 60.0

    assert usual_errors(errors, calls).ratio[0] == pytest.approx(0.01, abs=1e-4)


def test_bursts_are_learned():
    random = np.random.default_rng(1)
    calls = np.full((2, 7, 288), 100.0)
    ratio = np.stack([np.full((7, 288), 0.02), random.beta(0.02 * 19, 0.98 * 19, (7, 288))])

    found = usual_errors(random.binomial(100, ratio).astype(float), calls)

    assert found.rho[0] < 0.005
    assert 0.03 < found.rho[1] < 0.09
