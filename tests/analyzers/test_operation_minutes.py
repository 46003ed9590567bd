"""Operations and services from histograms: the same rows as from spans, within 1 %."""

import numpy as np
from hypothesis import given

from analyzers.builder import build_table
from analyzers.minutes import NO_MINUTES, minutes_of
from analyzers.operation_minutes import IN_MINUTES, names_in, operations_in_minutes, services_in_minutes
from analyzers.operations import list_operations, list_services
from analyzers.repair import repair
from tests.analyzers.searching import HOUR_NS, many, searched
from tests.strategies import span_records

SHOP = """
    shop POST /buy   0..100   server weight=4 error
      shop validate  10..20   internal weight=4
      shop POST      20..90   client weight=4
        pay charge   30..80   server weight=4
    ---
    cron tick        0..30    internal
      cron POST      5..20    client
"""


def minutes(spans):
    return minutes_of(spans, spans.duration_ns)


def both(repaired, question):
    return (
        operations_in_minutes(minutes(repaired.spans), question).rows,
        list_operations(repaired, question).rows,
    )


@given(span_records(latest_ns=60).filter(bool))
def test_the_same_rows_as_from_spans(records):
    # From before 1970 on: a clock put right may move a span there.
    counted, read = both(repair(build_table(records)), searched(start_ns=-HOUR_NS))

    assert sorted(map(identity, counted)) == sorted(map(identity, read))
    assert np.allclose(p95_ns(counted), p95_ns(read), rtol=0.0101, atol=0.5)


def identity(row):
    return (row.service, row.operation, row.kind, row.calls, row.error_ratio)


def p95_ns(rows):
    return [row.p95_ns for row in sorted(rows, key=identity)]


def test_only_what_was_asked_about_is_listed():
    counted, read = both(many(SHOP), searched("shop", "POST"))

    assert [identity(row) for row in counted] == [identity(row) for row in read]
    assert len(counted) == 1


def test_what_takes_most_time_altogether_comes_first():
    counted, _ = both(many(SHOP), searched())

    assert [row.operation for row in counted] == ["POST /buy", "POST", "charge", "validate", "tick", "POST"]


def test_a_service_is_what_others_ask_of_it():
    repaired = many(SHOP)
    question = searched()

    counted = services_in_minutes(minutes(repaired.spans), question)
    read = list_services(repaired, question)

    assert [identity(row) for row in counted.rows] == [identity(row) for row in read.rows]
    assert counted.notes == (
        "nobody calls cron: what they do within themselves is counted",
        IN_MINUTES,
        "from 33 % sampled spans",
    )


def test_nothing_counted_is_an_empty_answer():
    report = operations_in_minutes(NO_MINUTES, searched("shop"))

    assert (report.rows, report.confidence, report.notes) == ((), "none", ())
    assert report.headline == "There are no shop requests in the last hour in drawn://here."


ENDLESS = "\n---\n".join(f"shop GET /users/{user}  0..{user}  server" for user in range(1, 8))


def test_operations_with_ids_in_their_names_are_one():
    counted, read = both(many(ENDLESS), searched())

    assert [identity(row) for row in counted] == [identity(row) for row in read]
    assert [(row.operation, row.calls) for row in counted] == [("GET /users/{id}", 7)]


def test_it_is_said_that_they_were_put_together():
    report = operations_in_minutes(minutes(many(ENDLESS).spans), searched())

    assert report.notes[-1] == (
        "7 operations with ids in their names were put together by what they have in common"
    )


def test_a_name_may_be_known_from_elsewhere():
    repaired = many("shop GET /users/1  0..10  server")
    shown = {("shop", "GET /users/1"): "GET /users/{id}", ("pay", "charge"): "charge"}

    counted = operations_in_minutes(minutes(repaired.spans), searched(), shown)

    assert [row.operation for row in counted.rows] == ["GET /users/{id}"]
    assert counted.notes[-1] == (
        "1 operation with an id in its name is called by what it has in common with others"
    )


def test_one_that_is_asked_for_by_its_name_keeps_it():
    counted, read = both(many(ENDLESS), searched("shop", "GET /users/3"))

    assert [row.operation for row in (*counted, *read)] == ["GET /users/3"] * 2


def test_names_are_those_of_what_is_asked_about():
    counted = minutes(many(SHOP).spans)

    assert names_in(counted, searched("pay")) == {("pay", "charge")}
    assert names_in(NO_MINUTES, searched()) == set()
