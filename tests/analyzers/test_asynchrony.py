"""Who waited for whom."""

from __future__ import annotations

from analyzers.asynchrony import asynchronous_edges, waited_for
from tests.traces import by_operation, trace


def waits(picture):
    spans = trace(picture)
    return by_operation(spans, waited_for(spans))


def test_a_parent_waits_for_a_child_that_ends_before_it():
    assert waits("""
        shop GET   0..100
          a work     10..60
    """) == {"GET": 1, "work": 1}


def test_a_parent_waits_for_a_server_that_finishes_up_after_its_answer():
    assert waits("""
        shop GET   0..100  client
          a work     10..110  server
    """) == {"GET": 1, "work": 1}


def test_a_parent_does_not_wait_for_work_that_mostly_runs_after_it():
    assert waits("""
        shop GET   0..100
          a mail     90..300
    """) == {"GET": 1, "mail": 0}


def test_a_parent_that_failed_had_waited():
    assert waits("""
        shop GET   0..100  error
          a work     90..300
    """) == {"GET": 1, "work": 1}


def test_nobody_waits_for_what_is_taken_from_a_queue():
    assert waits("""
        shop publish   0..100  producer
          mail consume   10..60  consumer
            mail receive   20..50  consumer
    """) == {"publish": 1, "consume": 0, "receive": 1}


def test_a_worker_without_a_kind_under_a_producer_is_not_waited_for():
    assert waits("""
        shop publish   0..100  producer
          mail work      10..60
    """) == {"publish": 1, "work": 0}


def test_an_edge_left_behind_by_habit_is_asynchronous_even_where_it_ended_in_time():
    left = "\n---\n".join(["shop GET  0..100\n  a mail  90..300"] * 10)
    in_time = "\n---\n".join(["shop GET  0..100\n  a mail  20..60"] * 30)
    spans = trace(f"{left}\n---\n{in_time}")

    edges = asynchronous_edges(spans)

    assert edges == {("shop", "GET", "a", "mail")}
    assert waited_for(spans, edges).tolist() == [True, False] * 40


def test_an_edge_seen_a_few_times_is_no_habit():
    assert (
        asynchronous_edges(trace("\n---\n".join(["shop GET  0..100\n  a mail  90..300"] * 29))) == frozenset()
    )
