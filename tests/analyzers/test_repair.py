"""Damaged traces: mended, and counted."""

from __future__ import annotations

import pytest

from analyzers.builder import build_table
from analyzers.durations import LONGEST_NS
from analyzers.record import SpanRecord
from analyzers.remarks import confidence_of, health_remarks
from analyzers.repair import repair
from analyzers.table import NO_PARENT, Relation
from tests.traces import drawn, repaired, row_of, trace


def parent_of(spans, operation):
    parent = int(spans.parent_row[row_of(spans, operation)])
    return None if parent == NO_PARENT else spans.operation_name(parent)


def test_a_sound_trace_has_nothing_to_report():
    result = repaired("""
        shop GET /cart  0..100  server
          cart load       10..60
    """)

    assert (result.health.traces, result.health.spans) == (1, 2)
    assert confidence_of(result.health) == "high"
    assert health_remarks(result.health, result.skew) == ()


def test_no_spans_are_an_empty_table():
    result = repair(build_table([]))

    assert len(result.spans) == 0
    assert confidence_of(result.health) == "none"


def test_a_span_received_twice_is_counted_once():
    records = drawn("""
        shop GET /cart  0..100
          cart load       10..60
    """)

    result = repair(build_table(records + records))

    assert len(result.spans) == 2
    assert result.health.duplicates == 2


def test_of_two_copies_the_finished_one_stays():
    result = repaired("""
        shop GET /cart  0..100
          cart load       10..20  id=2
          cart load       10..60  id=2
    """)

    assert result.spans.duration_ns.tolist() == [100, 50]


def test_one_id_on_both_sides_of_a_call_is_two_spans():
    spans = trace("""
        shop GET /cart  0..100  server id=1
          shop call       10..60  client id=2
        cart serve      15..55  server id=2 parent=1
          cart SELECT     20..50  parent=2
    """)

    assert parent_of(spans, "serve") == "call"
    assert parent_of(spans, "SELECT") == "serve"


def test_a_child_of_a_shared_id_hangs_under_the_side_of_its_own_service():
    spans = trace("""
        shop GET /cart  0..100  server id=1
          shop call       10..60  client id=2
        cart serve      15..55  server id=2 parent=1
        shop connect    11..14  parent=2
    """)

    assert parent_of(spans, "connect") == "call"


def test_a_shared_root_id_hangs_the_server_under_the_client():
    spans = trace("""
        shop call   0..100  client id=1
        cart serve  10..90  server id=1
    """)

    assert parent_of(spans, "serve") == "call"


def test_an_orphan_is_counted_and_shown_where_it_ran():
    result = repaired("""
        shop GET /cart  0..100
        pay charge  20..90  parent=99
    """)

    assert parent_of(result.spans, "charge") == "GET /cart"
    assert result.health.orphans == 1
    assert result.health.incomplete == 1
    assert confidence_of(result.health) != "high"
    assert health_remarks(result.health, result.skew) == (
        "1 span without its parent, which was not received; shown under the root where it ran",
    )


def test_a_trace_of_a_circle_alone_is_said_to_have_no_root():
    result = repaired("a work  0..100  id=1 parent=1")

    assert health_remarks(result.health, result.skew) == (
        "there is no root: all parents form circles, and times are those of the longest span of one",
        "1 circle of parents, cut",
    )


def test_an_orphan_that_began_after_the_root_had_ended_stays_alone():
    spans = trace("""
        shop GET /cart  0..100
        pay charge  101..190  parent=99
    """)

    assert parent_of(spans, "charge") is None


def test_two_roots_are_broken_propagation():
    result = repaired("""
        shop GET /cart  0..100
        pay charge  20..90
    """)

    assert result.health.multi_root == 1
    assert confidence_of(result.health) == "medium"


def test_a_trace_in_which_all_name_a_parent_has_no_root_and_low_confidence():
    result = repaired("a work  0..100  parent=99")

    assert result.health.rootless == 1
    assert confidence_of(result.health) == "low"


@pytest.mark.parametrize("length", [1, 2, 3, 50])
def test_a_circle_of_parents_is_cut_once(length):
    lines = [f"a op{n}  {n}..{100 + n}  id={n + 1} parent={(n + 1) % length + 1}" for n in range(length)]

    result = repaired("\n".join(lines))

    assert result.health.cycles == 1
    assert result.spans.relation.tolist().count(Relation.CUT) == 1


def test_a_span_that_ends_before_it_begins_takes_no_time():
    result = repaired("""
        shop GET /cart  0..100
          cart load       60..10
    """)

    assert result.spans.duration_ns.tolist() == [100, 0]
    assert result.health.negative_durations == 1


def test_a_span_without_a_start_is_cut_to_the_rest_of_its_trace():
    start_ns = 1_795_366_800_000_000_000
    records = [
        SpanRecord("a" * 32, 1, 0, "shop", "GET /cart", 0, 0, start_ns, 100),
        SpanRecord("a" * 32, 2, 1, "cart", "load", 0, 0, 0, start_ns + 60),
    ]

    result = repair(build_table(records))

    load = row_of(result.spans, "load")
    assert (result.spans.start_ns[load], result.spans.duration_ns[load]) == (start_ns, 60)
    assert result.health.absurd_durations == 1


def test_a_lone_span_of_absurd_length_takes_no_time():
    records = [SpanRecord("a" * 32, 1, 0, "shop", "GET /cart", 0, 0, 5, LONGEST_NS + 1)]

    assert repair(build_table(records)).spans.duration_ns.tolist() == [0]


def test_children_that_seem_to_begin_before_their_parent_still_stand_after_it():
    spans = trace("""
        shop GET /cart  10..100
          cart load       0..60
            db SELECT       5..50
    """)

    assert [spans.operation_name(row) for row in range(3)] == ["GET /cart", "load", "SELECT"]


def test_a_call_without_a_server_span_where_a_like_one_has_it_is_missing_spans():
    result = repaired("""
        shop GET /cart  0..100  server
          shop GET        10..40  client server.address=cart
            cart GET /load  15..35  server
          shop GET        50..90  client server.address=cart
    """)

    assert result.health.unanswered_calls == 1
    assert result.health.incomplete == 1


def test_a_call_to_a_peer_that_never_has_spans_misses_nothing():
    result = repaired("""
        shop GET /cart  0..100  server
          shop GET        10..40  client server.address=cart
            cart GET /load  15..35  server
          shop GET        50..90  client server.address=api.bank.example
    """)

    assert result.health.unanswered_calls == 0


def test_weights_are_seen_only_where_every_span_has_one():
    weighted = repaired("shop GET /cart  0..100  weight=4")
    half = repaired("""
        shop GET /cart  0..100  weight=4
          cart load       10..60
    """)

    assert (weighted.health.weighted, half.health.weighted) == (True, False)
