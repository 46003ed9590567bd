"""What holds for every trace, however broken."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from analyzers.asynchrony import waited_for
from analyzers.breakdown import break_down
from analyzers.builder import build_table
from analyzers.critical_path import critical_path, segments
from analyzers.repair import repair
from analyzers.report_base import Asked
from analyzers.savings import Replay
from analyzers.self_time import self_time_ns
from analyzers.table import Kind
from tests.analyzers.definitions import (
    slow_clock_error_ns,
    slow_critical_own_ns,
    slow_replayed_duration_ns,
    slow_self_time_ns,
)
from tests.strategies import OPERATIONS, SERVICES, repaired_tables, span_records, span_tables, ticked_records


def sums_by_trace(spans, values):
    """In Python's integers, which hold any sum."""
    sums = [0] * len(spans.trace_ids)
    for trace, value in zip(spans.trace.tolist(), values.tolist(), strict=True):
        sums[trace] += value
    return sums


def explained(records, trace_id=None):
    repaired = repair(build_table(records))
    return break_down(repaired, trace_id or repaired.spans.trace_ids[0], Asked(question="", asked_at=""))


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
    assert sums_by_trace(spans, critical_path(spans).own_ns) == spans.duration_ns[spans.root_row].tolist()


@settings(max_examples=200)
@given(span_tables(latest_ns=10**15))
def test_it_does_so_to_the_nanosecond_over_times_that_no_float_holds(spans):
    assert sums_by_trace(spans, critical_path(spans).own_ns) == spans.duration_ns[spans.root_row].tolist()


@given(ticked_records().filter(bool))
def test_clocks_tick_as_their_definition_says(records):
    spans = repair(build_table([replace(one, kind=Kind.INTERNAL) for one in records])).spans
    clock = [spans.resources[int(code)] or spans.service_name(row) for row, code in enumerate(spans.resource)]

    assert spans.clock_error_ns.tolist() == slow_clock_error_ns(spans, clock)


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


@given(ticked_records(), st.integers(0, 10**18))
def test_shifting_time_by_any_time_shifts_starts_and_nothing_else(records, shift_ns):
    before = repair(build_table(records)).spans

    after = repair(build_table([replace(one, start_ns=one.start_ns + shift_ns) for one in records])).spans

    assert (after.start_ns - shift_ns).tolist() == before.start_ns.tolist()
    assert after.clock_error_ns.tolist() == before.clock_error_ns.tolist()
    assert waited_for(after).tolist() == waited_for(before).tolist()
    assert critical_path(after).own_ns.tolist() == critical_path(before).own_ns.tolist()


@given(ticked_records().filter(bool), st.integers(0, 10**12))
def test_the_answer_about_a_trace_does_not_tell_when_it_was(records, shift_ns):
    later = [replace(one, start_ns=one.start_ns + shift_ns) for one in records]

    before, after = explained(records), explained(later)

    assert replace(after, started_at=before.started_at) == before


@given(span_records(), st.permutations(OPERATIONS))
def test_renaming_operations_renames_the_answer_and_nothing_else(records, names):
    new = dict(zip(OPERATIONS, names, strict=True))
    before = critical_path(repair(build_table(records)).spans)

    after = critical_path(
        repair(build_table([replace(one, operation=new[one.operation]) for one in records])).spans
    )

    assert after.own_ns.tolist() == before.own_ns.tolist()


@given(span_records().filter(bool), st.permutations(OPERATIONS))
def test_renaming_operations_renames_the_places_of_the_critical_path(records, names):
    new = dict(zip(OPERATIONS, names, strict=True))

    before = explained(records)
    after = explained([replace(one, operation=new[one.operation]) for one in records])

    assert [replace(one, operation=new[one.operation]) for one in before.critical_path] == list(
        after.critical_path
    )
    assert Counter((new[one.operation], one.saved_ns) for one in before.savings if one.saved_ns) == Counter(
        (one.operation, one.saved_ns) for one in after.savings
    )


@given(span_records(), st.permutations(SERVICES))
def test_renaming_services_renames_the_answer_and_nothing_else(records, names):
    """Where one id stands for one span: of several with one id, names settle which comes first."""
    new = dict(zip(SERVICES, names, strict=True))
    distinct = list({(one.trace_id, one.span_id): one for one in records}.values())

    before = repair(build_table(distinct)).spans
    after = repair(build_table([replace(one, service=new[one.service]) for one in distinct])).spans

    assert after.span_id.tolist() == before.span_id.tolist()
    assert critical_path(after).own_ns.tolist() == critical_path(before).own_ns.tolist()


@given(ticked_records(max_traces=3).filter(bool))
def test_what_lies_beside_a_trace_changes_nothing_of_it(records):
    """Clocks that are off apart, which are found over all calls that there are."""
    unknown = [replace(one, resource=()) for one in records]
    trace_id = unknown[0].trace_id

    alone = explained([one for one in unknown if one.trace_id == trace_id])

    assert replace(explained(unknown, trace_id), health=alone.health, confidence="high", notes=()) == replace(
        alone, confidence="high", notes=()
    )


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
