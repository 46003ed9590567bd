"""The shapes that critical paths have: every one drawn, with what each span holds of the critical path."""

from __future__ import annotations

import numpy as np
import pytest

from analyzers.builder import build_table
from analyzers.critical_path import critical_path, segments
from analyzers.repair import repair
from benchmarks.workload import deep_table, wide_table
from tests.traces import by_operation, drawn, trace

MS = 1_000_000


def own(picture, unit_ns=1):
    spans = trace(picture, unit_ns)
    return by_operation(spans, critical_path(spans).own_ns)


def test_children_one_after_the_other_each_hold_their_time():
    assert own("""
        shop GET /cart  0..100
          cart load       10..40
          auth check      50..90
    """) == {"GET /cart": 30, "load": 30, "check": 40}


def test_of_parallel_children_the_one_that_ends_last_holds_the_time():
    assert own("""
        shop GET /cart  0..100
          cart load       10..60
          auth check      40..90
    """) == {"GET /cart": 50, "load": 0, "check": 50}


def test_a_child_that_ended_before_the_parallel_one_began_gates_it():
    assert own("""
        shop GET /cart  0..100
          cart load       10..40
          auth check      30..80
          cart stock      5..28
    """) == {"GET /cart": 27, "stock": 23, "load": 0, "check": 50}


def test_siblings_that_abut_all_hold_their_time():
    assert own("""
        shop GET /cart  0..90
          a first         0..30
          a second        30..60
          a third         60..90
    """) == {"GET /cart": 0, "first": 30, "second": 30, "third": 30}


def test_a_sibling_that_overlaps_by_what_clocks_explain_still_precedes():
    assert own("""
        shop GET /cart  0..2000
          a first         0..1010
          a second        1000..2000
    """) == {"GET /cart": 0, "first": 1000, "second": 1000}


def test_a_sibling_that_overlaps_by_more_than_clocks_explain_runs_beside():
    assert own("""
        shop GET /cart  0..2000
          a first         0..1030
          a second        1000..2000
    """) == {"GET /cart": 1000, "first": 0, "second": 1000}


def test_on_millisecond_clocks_an_overlap_of_one_millisecond_is_none():
    assert own(
        """
        shop GET /cart  0..20
          a first         0..11
          a second        10..20
        """,
        unit_ns=1_000_000,
    ) == {"GET /cart": 0, "first": 10_000_000, "second": 10_000_000}


def test_of_children_that_begin_together_the_later_end_gates():
    assert own("""
        shop GET /cart  0..100
          a short         10..40
          a long          10..80
    """) == {"GET /cart": 30, "long": 70, "short": 0}


def test_spans_of_no_duration_hold_nothing_and_hide_nothing():
    assert own("""
        shop GET /cart  0..100
          a work          10..60
          a marker        60..60
          a done          100..100
    """) == {"GET /cart": 50, "work": 50, "marker": 0, "done": 0}


def test_a_root_of_no_duration_has_no_critical_time():
    assert own("""
        shop GET /cart  5..5
          a work          5..5
    """) == {"GET /cart": 0, "work": 0}


def test_a_child_that_outlives_its_parent_is_clipped_to_it():
    assert own("""
        shop GET /cart  0..100
          a work          20..120
    """) == {"GET /cart": 20, "work": 80}


def test_a_child_that_began_before_its_parent_is_clipped_to_it():
    assert own("""
        shop GET /cart  20..100
          a work          0..60
    """) == {"GET /cart": 40, "work": 40}


def test_a_child_that_overflows_on_either_side_holds_all_of_its_parent():
    assert own("""
        shop GET /cart  20..100
          a work          10..110
    """) == {"GET /cart": 0, "work": 80}


def test_of_two_children_that_outlive_their_parent_the_one_that_began_first_gates():
    assert own("""
        shop GET /cart  0..100
          a early         5..101
          a late          95..102
    """) == {"GET /cart": 5, "early": 95, "late": 0}


def test_a_grandchild_is_clipped_to_what_its_parent_holds():
    assert own("""
        shop GET /cart  0..2000
          a first         0..1010
            b inner         500..1010
          a second        1000..2000
    """) == {"GET /cart": 0, "first": 500, "inner": 500, "second": 1000}


def test_a_fire_and_forget_child_is_not_charged():
    assert own("""
        shop GET /cart  0..100
          a work          10..60
          a send mail     95..5000
    """) == {"GET /cart": 50, "work": 50, "send mail": 0}


def test_a_callee_that_outlives_a_caller_who_gave_up_is_charged():
    assert own("""
        shop GET /cart  0..100  client error
          a work          1..5000  server
    """) == {"GET /cart": 1, "work": 99}


def test_a_child_that_began_after_its_parent_had_ended_is_not_charged():
    assert own("""
        shop GET /cart  0..100
          a work          10..60
            b later         70..90
    """) == {"GET /cart": 50, "work": 50, "later": 0}


def test_a_consumer_is_not_charged_to_the_producer():
    assert own("""
        shop POST /order  0..100
          shop publish      10..20  producer
            mail consume      15..90  consumer
              mail send         20..80
    """) == {"POST /order": 90, "publish": 10, "consume": 0, "send": 0}


def test_a_span_that_follows_from_another_is_not_charged():
    assert own("""
        shop GET /cart  0..100
          a work          10..60  id=2
        a index  55..95  follows=2
    """) == {"GET /cart": 50, "work": 50, "index": 0}


def test_nested_asynchronous_work_is_charged_to_nobody():
    assert own("""
        shop POST /order  0..100
          shop publish      0..10  producer
            a consume         20..60  consumer
              a publish again   30..40  producer
                b consume again   35..99  consumer
    """) == {"POST /order": 90, "publish": 10, "consume": 0, "publish again": 0, "consume again": 0}


def test_an_orphan_holds_the_time_in_which_it_ran_under_the_root():
    assert own("""
        shop GET /cart  0..100
        pay charge  20..90  parent=99
          pay SELECT  30..80
    """) == {"GET /cart": 30, "charge": 20, "SELECT": 50}


def test_a_second_root_is_charged_to_nobody():
    assert own("""
        shop GET /cart  0..100
          a work          10..60
        pay charge  20..90
    """) == {"GET /cart": 50, "work": 50, "charge": 0}


def test_a_trace_without_a_root_is_that_of_its_longest_orphan():
    assert own("""
        a short  0..10  parent=98
        b long  5..100  parent=99
          b work  20..60
    """) == {"short": 0, "long": 55, "work": 40}


def test_a_circle_is_cut_above_the_span_that_began_first():
    assert own("""
        a first  0..100  id=1 parent=2
        a second  10..60  id=2 parent=1
    """) == {"first": 50, "second": 50}


def test_a_span_that_names_itself_as_parent_is_a_root():
    assert own("""
        a alone  0..100  id=1 parent=1
          b work  10..60
    """) == {"alone": 50, "work": 50}


def test_each_trace_of_a_table_has_its_own_path():
    spans = trace("""
        shop GET /cart  0..100
          a work          10..60
        ---
        shop GET /cart  0..50
          a work          10..40
    """)

    assert critical_path(spans).own_ns.tolist() == [50, 50, 20, 30]


def test_the_segments_name_who_held_the_trace_and_when():
    spans = trace("""
        shop GET /cart  0..100
          cart load       10..40
            db SELECT       20..30
          auth check      50..90
    """)

    found = [
        (spans.operation_name(row), begin, end) for row, begin, end in segments(spans, critical_path(spans))
    ]

    assert found == [
        ("GET /cart", 0, 10),
        ("load", 10, 20),
        ("SELECT", 20, 30),
        ("load", 30, 40),
        ("GET /cart", 40, 50),
        ("check", 50, 90),
        ("GET /cart", 90, 100),
    ]


@pytest.mark.parametrize("count", [8_000, 100_000])
def test_a_span_with_very_many_children_is_walked(count):
    spans = repair(wide_table(count)).spans

    own_ns = critical_path(spans).own_ns
    assert own_ns[1:].tolist() == [900] * count
    assert own_ns.sum() == spans.duration_ns[0]


@pytest.mark.parametrize("depth", [1_200, 100_000])
def test_a_very_deep_trace_is_walked(depth):
    spans = repair(deep_table(depth)).spans

    own_ns = critical_path(spans).own_ns
    assert np.count_nonzero(own_ns) == depth
    assert own_ns.sum() == spans.duration_ns[0]


@pytest.mark.parametrize("shift_ns", [0, 1, 1_000, 1_790_000_000_123_456_789])
@pytest.mark.parametrize("beside", ["", "\n  z mark  60..70  @z"])
def test_when_a_coarse_clock_began_to_count_and_what_other_clocks_do_changes_nothing(shift_ns, beside):
    records = drawn(f"a GET  0..100  @a\n  a x  0..21  @a\n  a y  20..100  @a{beside}", MS)
    for record in records:
        record.start_ns += shift_ns
    records[-1].duration_ns += 7 if beside else 0

    spans = repair(build_table(records)).spans

    own_ns = by_operation(spans, critical_path(spans).own_ns)
    assert (own_ns["x"], own_ns["y"]) == (20 * MS, 80 * MS)
