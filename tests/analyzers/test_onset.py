"""When something began to be slow, or to fail."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from analyzers.onset import find_onset, ranks_within

S = 1_000_000_000
MS = 1_000_000


def requests(count=600, seed=3):
    """One operation, two requests a second, durations with a long tail, none failed."""
    draw = np.random.default_rng(seed)
    start_ns = np.arange(count, dtype=np.int64) * S // 2
    duration_ns = (draw.lognormal(3, 0.5, count) * MS).astype(np.int64)
    return start_ns, duration_ns, np.zeros(count, dtype=np.int32), np.zeros(count, dtype=np.bool_)


def test_a_lasting_slowdown_is_found_where_it_began():
    start_ns, duration_ns, operation, failed = requests()
    duration_ns[start_ns >= 250 * S] *= 2

    onset = find_onset(start_ns, duration_ns, operation, failed)

    assert onset.what == "latency"
    assert abs(onset.at_ns - 250 * S) <= 5 * S


def test_a_few_much_slower_requests_are_enough():
    start_ns, duration_ns, operation, failed = requests()
    some = (start_ns >= 200 * S) & (np.arange(len(start_ns)) % 5 == 0)
    duration_ns[some] += 1_000 * MS

    onset = find_onset(start_ns, duration_ns, operation, failed)

    assert abs(onset.at_ns - 200 * S) <= 10 * S


def test_failures_tell_when_nothing_became_slower():
    start_ns, duration_ns, operation, failed = requests()
    failed[(start_ns >= 220 * S) & (np.arange(len(start_ns)) % 4 == 0)] = True

    onset = find_onset(start_ns, duration_ns, operation, failed)

    assert onset.what == "errors"
    assert abs(onset.at_ns - 220 * S) <= 5 * S


def test_trouble_that_grows_began_with_its_first_step():
    start_ns, duration_ns, operation, failed = requests()
    duration_ns[start_ns >= 150 * S] *= 2
    duration_ns[start_ns >= 250 * S] *= 4

    onset = find_onset(start_ns, duration_ns, operation, failed)

    assert abs(onset.at_ns - 150 * S) <= 5 * S


def test_trouble_that_was_over_before_is_another_matter():
    start_ns, duration_ns, operation, failed = requests()
    duration_ns[(start_ns >= 60 * S) & (start_ns < 110 * S)] *= 3
    duration_ns[start_ns >= 220 * S] *= 3

    onset = find_onset(start_ns, duration_ns, operation, failed)

    assert abs(onset.at_ns - 220 * S) <= 5 * S


def test_other_traffic_is_no_change():
    start_ns, duration_ns, operation, failed = requests()
    heavy = np.arange(len(start_ns)) % np.where(start_ns >= 200 * S, 2, 6) == 0
    operation[heavy] = 1
    duration_ns[heavy] *= 20

    onset = find_onset(start_ns, duration_ns, operation, failed)

    assert onset is None


def test_becoming_faster_is_not_the_beginning_of_trouble():
    start_ns, duration_ns, operation, failed = requests()
    duration_ns[start_ns >= 200 * S] //= 3

    assert find_onset(start_ns, duration_ns, operation, failed) is None


def test_nothing_is_found_where_nothing_happened():
    found = [find_onset(*requests(seed=seed)) for seed in range(200)]

    assert found.count(None) >= 198


def test_too_few_requests_tell_nothing():
    start_ns, duration_ns, operation, failed = requests(40)
    duration_ns[20:] *= 100

    assert find_onset(start_ns, duration_ns, operation, failed) is None


def test_requests_of_one_instant_are_not_divided():
    start_ns, duration_ns, operation, failed = requests()

    assert find_onset(np.zeros_like(start_ns), duration_ns, operation, failed) is None


@given(st.permutations(range(120)), st.integers(0, 10**15))
def test_order_changes_nothing_and_shifting_time_shifts_the_onset(order, shift_ns):
    start_ns, duration_ns, operation, failed = requests(120)
    duration_ns[70:] *= 8
    onset = find_onset(start_ns, duration_ns, operation, failed)

    shuffled = find_onset(start_ns[order] + shift_ns, duration_ns[order], operation[order], failed[order])

    assert (shuffled.at_ns - shift_ns, shuffled.z) == (onset.at_ns, onset.z)


@given(
    arrays.arrays(np.int64, 30, elements=st.integers(0, 4)),
    arrays.arrays(np.int64, 30, elements=st.integers(0, 2)),
)
def test_ranks_agree_with_their_definition(duration_ns, operation):
    def rank(row):
        same = duration_ns[operation == operation[row]]
        below, equal = (same < duration_ns[row]).sum(), (same == duration_ns[row]).sum()
        return (below + equal / 2) / len(same)

    assert np.allclose(ranks_within(operation, duration_ns), [rank(row) for row in range(30)])
