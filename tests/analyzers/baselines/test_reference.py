"""What durations are usually like, out of many days."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from analyzers.baselines.reference import level_of, quantiles_ns, reference_of, scores_of
from analyzers.baselines.slots import bucket_starts_ns, is_weekend

DAYS = arrays.arrays(np.float64, (6, 12), elements=st.integers(0, 30).map(float))
ALIKE = np.array([True, True, True, True, True, False])


def day(bucket, calls=100.0):
    one = np.zeros(12)
    one[bucket : bucket + 2] = calls / 2
    return one


@given(DAYS)
def test_shares_are_of_one_or_of_nothing(calls):
    reference = reference_of(calls, ALIKE)

    total = reference.shares.sum()
    assert np.isclose(total, 1.0) or (total == 0 and calls.sum() == 0)


@given(DAYS, st.permutations(range(5)))
def test_the_order_of_days_changes_nothing(calls, order):
    moved = np.concatenate([calls[list(order)], calls[5:]])

    np.testing.assert_allclose(reference_of(moved, ALIKE).shares, reference_of(calls, ALIKE).shares)


@given(DAYS, st.integers(0, 4), st.sampled_from([2.0, 4.0, 0.5]))
def test_sampling_all_days_otherwise_changes_nothing(calls, number, factor):
    np.testing.assert_allclose(
        reference_of(calls * factor, ALIKE).shares, reference_of(calls, ALIKE).shares, atol=1e-12
    )


def test_an_incident_yesterday_does_not_become_normal():
    days = np.stack([day(3), day(3), day(3), day(3), day(9), day(3)])

    reference = reference_of(days, ALIKE)

    assert reference.shares.tolist() == (day(3) / 100).tolist()
    assert reference.days == 4


def test_a_busy_day_does_not_outvote_the_others():
    days = np.stack([day(3), day(3), day(4, 100_000.0), day(3), day(3), day(3)])

    reference = reference_of(days, ALIKE)

    assert reference.shares[5] < 0.15


def test_weekends_stay_out_of_weekdays_where_there_are_enough():
    days = np.stack([day(3), day(3), day(3), day(3), day(3), day(8)])

    reference = reference_of(days, ALIKE)

    assert reference.shares[8] == 0


def test_all_days_are_used_where_few_are_alike():
    reference = reference_of(np.stack([day(3)] * 6), np.array([True, False, False, False, False, False]))

    assert reference.days == 6
    assert not reference.learning


def test_with_two_days_it_is_still_learning():
    days = np.zeros((6, 12))
    days[:2] = day(3)

    assert reference_of(days, ALIKE).learning


@given(DAYS)
def test_usual_calls_have_the_level_zero(calls):
    reference = reference_of(calls, ALIKE)

    level = level_of(reference.shares, scores_of(reference))

    assert np.isnan(level) if reference.calls == 0 else abs(level) < 1e-6


@settings(max_examples=50)
@given(DAYS, arrays.arrays(np.float64, 12, elements=st.integers(0, 9).map(float)))
def test_slower_calls_never_have_a_lower_level(calls, now):
    scores = scores_of(reference_of(calls, ALIKE))
    slower = np.concatenate([[0.0], now[:-2], [now[-2] + now[-1]]])

    before, after = level_of(now, scores), level_of(slower, scores)

    assert np.isnan(before) or after >= before - 1e-9


@given(
    arrays.arrays(np.float64, 12, elements=st.integers(0, 9).map(float)).filter(np.any),
    st.floats(0.01, 1),
)
def test_a_quantile_lies_in_the_bucket_where_so_many_are_reached(calls, share):
    found = quantiles_ns(calls, (share,))[0]

    reached = 0.0
    for bucket in range(12):
        if reached + calls[bucket] >= share * calls.sum():
            break
        reached += calls[bucket]
    assert (
        bucket_starts_ns(np.array(bucket)) * 0.999 <= found <= bucket_starts_ns(np.array(bucket + 1)) * 1.001
    )


def test_the_first_days_of_the_epoch_are_named():
    assert [is_weekend(day) for day in range(7)] == [False, False, True, True, False, False, False]
