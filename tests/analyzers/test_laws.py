"""What holds for every trace, however broken."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.asynchrony import waited_for
from analyzers.builder import build_table
from analyzers.critical_path import critical_path, segments
from analyzers.repair import repair
from analyzers.savings import Replay
from analyzers.self_time import self_time_ns
from tests.analyzers.definitions import (
    slow_critical_own_ns,
    slow_replayed_duration_ns,
    slow_self_time_ns,
)
from tests.strategies import repaired_tables, span_records, span_tables


def columns(spans):
    names = ("trace", "span_id", "parent_row", "relation", "service", "operation", "start_ns", "duration_ns")
    return [getattr(spans, name).tolist() for name in names]


@given(span_tables())
def test_self_time_agrees_with_its_definition(spans):
    assert self_time_ns(spans).tolist() == slow_self_time_ns(spans)


@given(span_tables())
def test_the_critical_path_agrees_with_its_definition(spans):
    assert critical_path(spans).own_ns.tolist() == slow_critical_own_ns(spans)


@settings(max_examples=400)
@given(span_tables())
def test_critical_time_sums_to_the_duration_of_each_root(spans):
    own = np.bincount(spans.trace, weights=critical_path(spans).own_ns, minlength=len(spans.trace_ids))

    assert own.tolist() == spans.duration_ns[spans.root_row].tolist()


@given(span_tables())
def test_segments_are_the_critical_path_in_time_order_without_gaps(spans):
    path = critical_path(spans)
    own = np.zeros(len(spans), dtype=np.int64)
    root = int(spans.root_row[0])

    cursor = int(spans.start_ns[root])
    for row, begin, end in segments(spans, path):
        assert begin == cursor < end
        own[row] += end - begin
        cursor = end

    assert cursor == int(spans.end_ns[root])
    first = slice(0, int(spans.trace_begin[1]))
    assert own[first].tolist() == path.own_ns[first].tolist()


@given(span_tables(max_traces=1), st.data())
def test_a_replay_agrees_with_its_definition(spans, data):
    idle = data.draw(st.sets(st.integers(0, len(spans) - 1)))

    replay = Replay(spans)

    assert replay.duration_ns - replay.saved_ns(idle) == slow_replayed_duration_ns(spans, idle)


@given(span_tables(max_traces=1))
def test_a_replay_in_which_all_take_their_time_saves_nothing(spans):
    assert Replay(spans).saved_ns(()) == 0


@settings(max_examples=300)
@given(span_tables(max_traces=1), st.data())
def test_nothing_saves_more_than_it_holds_of_the_critical_path(spans, data):
    idle = data.draw(st.sets(st.integers(0, len(spans) - 1)))

    saved = Replay(spans).saved_ns(idle)

    assert 0 <= saved <= critical_path(spans).own_ns[list(idle)].sum()


@given(span_records(), st.randoms(use_true_random=False))
def test_the_order_in_which_spans_arrive_changes_nothing(records, shuffler):
    shuffled = random.Random(shuffler.random()).sample(records, len(records))

    assert columns(repair(build_table(shuffled)).spans) == columns(repair(build_table(records)).spans)


@given(span_records(), st.integers(0, 10**12))
def test_shifting_time_shifts_starts_and_nothing_else(records, shift_ns):
    before = repair(build_table(records)).spans

    for record in records:
        record.start_ns += shift_ns * 1_000_000  # a multiple of every clock's granule
    after = repair(build_table(records)).spans

    assert (after.start_ns - shift_ns * 1_000_000).tolist() == before.start_ns.tolist()
    assert critical_path(after).own_ns.tolist() == critical_path(before).own_ns.tolist()


@given(span_records())
def test_renaming_operations_renames_the_answer_and_nothing_else(records):
    before = critical_path(repair(build_table(records)).spans)

    for record in records:
        record.operation = "x" + record.operation
    after = critical_path(repair(build_table(records)).spans)

    assert after.own_ns.tolist() == before.own_ns.tolist()


@given(repaired_tables())
def test_after_repair_parents_stand_before_their_children(result):
    rows = np.arange(len(result.spans))

    assert (result.spans.parent_row < rows).all()
    assert (result.spans.trace[result.spans.parent_row] == result.spans.trace)[
        result.spans.parent_row >= 0
    ].all()


@given(span_records())
def test_no_span_is_lost_but_copies(records):
    result = repair(build_table(records))

    distinct = {(span.trace_id, span.span_id, span.kind, span.service) for span in records}
    assert len(result.spans) == len(distinct)
    assert result.health.spans == len(records)
    assert result.health.duplicates == len(records) - len(distinct)


@pytest.mark.parametrize("analysis", [self_time_ns, lambda s: critical_path(s).own_ns, waited_for])
@given(spans=span_tables())
def test_analyses_never_change_their_input(analysis, spans):
    before = [column.copy() for column in (spans.start_ns, spans.duration_ns, spans.parent_row)]

    analysis(spans)

    after = (spans.start_ns, spans.duration_ns, spans.parent_row)
    assert all((one == other).all() for one, other in zip(before, after, strict=True))
