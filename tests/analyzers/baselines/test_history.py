"""Two weeks of operations: learned slot by slot, small, and kept on disk."""

import itertools
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.baselines.blocks import Rows, block_of, calls_in
from analyzers.baselines.encoding import UnreadableHistory, decode_history, encode_history
from analyzers.baselines.history import advanced, empty_history, reference_at
from analyzers.baselines.slots import DAY_SLOTS, QUARTER_SLOTS, SLOT_MINUTES, in_slots
from analyzers.minutes import NO_MINUTES, merged
from tests.analyzers.steady import MONDAY_SLOT, NOW, OPERATIONS, calls, past


def same(one, other):
    """Whether all columns agree."""
    columns = ("first_seen", "covered", "calls", "spans", "error_ratio", "level")
    return (
        one.operations == other.operations
        and one.first_slot == other.first_slot
        and list(one.blocks) == list(other.blocks)
        and all(np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True) for name in columns)
        and all(same_columns(block, other.blocks[quarter]) for quarter, block in one.blocks.items())
        and same_columns(one.recent, other.recent)
    )


def same_columns(one, other):
    return all(np.array_equal(getattr(one, part.name), getattr(other, part.name)) for part in fields(one))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 11), unique=True).map(sorted))
def test_learning_in_parts_is_learning_at_once(cuts):
    slots = [NOW, *(NOW + cut for cut in cuts), NOW + 12]
    minutes = calls(NOW, NOW + 12)

    in_parts = past()
    for begin, end in itertools.pairwise(slots):
        in_parts = advanced(in_parts, minutes, begin, end)

    assert same(in_parts, advanced(past(), minutes, NOW, NOW + 12))


def test_slots_merge_as_minutes_do():
    first, second = calls(NOW, NOW + 2), calls(NOW, NOW + 3, seed=1)

    together = in_slots(merged([first, second]))

    apart = merged([in_slots(first), in_slots(second)])
    assert together.calls.tolist() == apart.calls.tolist()
    assert together.bucket.tolist() == apart.bucket.tolist()


def test_every_call_is_counted_once():
    history = advanced(empty_history(NOW), calls(NOW, NOW + 6), NOW, NOW + 6)

    assert history.calls.sum() == calls(NOW, NOW + 6).calls.sum()
    assert sum(block.calls.sum() for block in history.blocks.values()) == history.calls.sum()


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 255), st.integers(1, 500)), min_size=1))
def test_a_block_holds_what_was_counted(rows):
    operation, bucket, counted = (np.array(column) for column in zip(*rows, strict=True))
    packed = block_of(
        Rows(
            operation.astype(np.int32),
            np.zeros(len(rows), dtype=np.int32),
            bucket.astype(np.uint8),
            counted.astype(np.float32),
        )
    )

    expected = np.zeros((4, 256))
    np.add.at(expected, (operation, bucket), counted)
    np.testing.assert_allclose(calls_in([packed], np.arange(4), 4), expected, rtol=2e-3, atol=1e-2)


def test_steady_calls_have_a_level_around_zero():
    level = past().level[:, -DAY_SLOTS:].astype(float)

    assert np.isfinite(level).all()
    assert abs(level.mean()) < 0.02


def test_nothing_is_known_on_the_first_day():
    assert np.isnan(past().level[:, :DAY_SLOTS]).all()


def test_while_learning_the_last_day_is_usual():
    end = MONDAY_SLOT + DAY_SLOTS
    history = advanced(empty_history(MONDAY_SLOT), calls(MONDAY_SLOT, end), MONDAY_SLOT, end)

    reference = reference_at(history, end // QUARTER_SLOTS)

    assert reference.learning.all()
    assert np.isclose(reference.calls.sum(), history.calls.sum(), rtol=1e-3)


def test_a_new_operation_has_nothing_usual():
    history = advanced(empty_history(MONDAY_SLOT), calls(MONDAY_SLOT, NOW), NOW - 6, NOW)

    assert not reference_at(history, NOW // QUARTER_SLOTS).calls.any()


def test_what_nobody_looked_at_is_not_covered():
    history = advanced(past(), calls(NOW + 5, NOW + 6), NOW + 5, NOW + 6)

    assert history.covered[-6:].tolist() == [False] * 5 + [True]
    assert np.isnan(history.level[:, -6:-1].astype(float)).all()


def test_counts_below_zero_are_not_there():
    minutes = calls(NOW, NOW + 1)
    reset = type(minutes)(
        minutes.operations,
        minutes.operation,
        minutes.minute,
        minutes.bucket,
        -minutes.calls,
        minutes.errors,
        minutes.spans,
    )

    assert advanced(past(), reset, NOW, NOW + 1).calls[:, -1].tolist() == [0.0] * len(OPERATIONS)


def test_a_new_operation_begins_when_it_is_first_seen():
    begin = NOW
    minutes = calls(begin, begin + 2)
    other = type(minutes)(
        tuple(key._replace(service="new") for key in minutes.operations),
        *(getattr(minutes, part.name) for part in fields(minutes)[1:]),
    )

    history = advanced(past(), other, begin, begin + 2)

    assert history.operations[len(OPERATIONS)].service == "new"
    assert history.first_seen[len(OPERATIONS)] == begin
    assert not history.calls[len(OPERATIONS), :-2].any()


def test_two_weeks_are_kept_and_no_more():
    later = NOW + 20 * DAY_SLOTS

    history = advanced(past(), NO_MINUTES, later - 1, later)

    assert len(history.covered) < 15 * DAY_SLOTS
    assert not history.blocks


def test_what_is_usual_is_of_the_same_time_of_day():
    busy = MONDAY_SLOT + 60
    slow = [calls(busy + day * DAY_SLOTS, busy + day * DAY_SLOTS + 3, slower={0: 4.0}) for day in range(4)]
    usual = [calls(busy + day * DAY_SLOTS + 30, busy + day * DAY_SLOTS + 33) for day in range(4)]
    end = MONDAY_SLOT + 4 * DAY_SLOTS
    history = advanced(empty_history(MONDAY_SLOT), merged([*slow, *usual]), MONDAY_SLOT, end)

    then = reference_at(history, (busy + 4 * DAY_SLOTS) // QUARTER_SLOTS)
    later = reference_at(history, (busy + 30 + 4 * DAY_SLOTS) // QUARTER_SLOTS)

    position = np.arange(256)
    assert then.shares[0] @ position > later.shares[0] @ position + 8


def test_a_history_is_the_same_after_it_was_kept_on_disk():
    assert same(decode_history(encode_history(past())), past())


@pytest.mark.parametrize("content", [b"", b"nonsense", encode_history(empty_history(0))[:-1]])
def test_damaged_bytes_are_an_error_in_words(content):
    with pytest.raises(UnreadableHistory, match="learned again"):
        decode_history(content)


def test_an_empty_history_can_be_advanced_by_nothing():
    history = advanced(empty_history(0), NO_MINUTES, 0, 3)

    assert history.end_slot == 3
    assert SLOT_MINUTES * 60 == 300
