"""What all other traces have and one has not."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from analyzers.absent_calls import FEWEST_TRACES, AbsentCall, absent_calls, with_others
from analyzers.breakdown import break_down
from analyzers.builder import build_table
from analyzers.minutes import OperationKey
from analyzers.repair import repair
from analyzers.report_base import Asked
from analyzers.table import Kind, Relation, Status
from tests.traces import drawn

ASKED = Asked(question="?", asked_at="2026-11-22T15:30:00Z")
CHECKOUT = """
    shop POST /checkout  0..100    server
      shop GET stock       10..20    client
      pay POST /charge     30..90    server
        pay SELECT cards     40..50    client
        pay SELECT cards     50..60    client
"""
PAY, CARDS = (
    OperationKey("pay", "POST /charge", Kind.SERVER),
    OperationKey("pay", "SELECT cards", Kind.CLIENT),
)


def others_of(picture, n_traces, change=lambda number, records: records):
    """Records of so many traces that all look like this one, each as `change` leaves it."""
    return [
        record
        for number in range(n_traces)
        for record in change(
            number, [replace(one, trace_id=f"{number + 1_000:032x}") for one in drawn(picture)]
        )
    ]


def beside(records, others):
    repaired = repair(build_table(records))
    report = break_down(repaired, repaired.spans.trace_ids[0], ASKED)
    return with_others(report, repaired.spans, repair(build_table(others)))


def without(records, *names):
    """The records without the first span of each name."""
    left = list(records)
    for name in names:
        left.remove(next(one for one in left if one.operation == name))
    return left


def test_a_leaf_that_all_others_have_is_missed():
    report = beside(without(drawn(CHECKOUT), "SELECT cards"), others_of(CHECKOUT, 40))

    assert (report.health.absent_calls, report.health.compared_with) == (1, 40)
    assert report.confidence == "medium"
    assert report.notes[0] == (
        "1 call of pay SELECT cards by pay POST /charge is not here, which all of 40 other traces have: "
        "not made this time, or not received"
    )


def test_several_sorts_of_calls_are_counted_and_the_largest_is_named():
    report = beside(
        without(drawn(CHECKOUT), "SELECT cards", "SELECT cards", "GET stock"), others_of(CHECKOUT, 40)
    )

    assert report.health.absent_calls == 3
    assert report.notes[0].startswith(
        "2 calls of pay SELECT cards by pay POST /charge (and 1 more sort of calls) are"
    )


def test_a_trace_like_all_others_lacks_nothing():
    report = beside(drawn(CHECKOUT), others_of(CHECKOUT, 40))

    assert (report.health.absent_calls, report.health.compared_with, report.confidence) == (0, 40, "high")
    assert report.notes == ()


def test_too_few_others_say_nothing():
    damaged = without(drawn(CHECKOUT), "SELECT cards")

    assert beside(damaged, others_of(CHECKOUT, FEWEST_TRACES - 1)).health.compared_with == 0
    assert beside(damaged, others_of(CHECKOUT, FEWEST_TRACES)).health.absent_calls == 1


def test_the_trace_itself_and_others_that_miss_spans_do_not_count():
    def damage(number, records):
        return without(records, "POST /charge") if number % 2 else without(records)

    itself = drawn(CHECKOUT)
    report = beside(without(itself, "SELECT cards"), [*itself, *others_of(CHECKOUT, 60, damage)])

    assert (report.health.compared_with, report.health.absent_calls) == (30, 1)


def test_what_one_other_goes_without_is_no_habit():
    def cached(number, records):
        return without(records, "GET stock") if number == 7 else records

    assert (
        beside(without(drawn(CHECKOUT), "GET stock"), others_of(CHECKOUT, 60, cached)).health.absent_calls
        == 0
    )


def test_a_call_that_failed_may_have_ended_before_it_called_anybody():
    failed = CHECKOUT.replace("30..90    server", "30..90    server error")

    assert beside(without(drawn(failed), "SELECT cards"), others_of(CHECKOUT, 40)).health.absent_calls == 0


@pytest.mark.parametrize(
    "lone", ["shop POST /checkout  0..100  server error", "shop GET /new  0..100  server"]
)
def test_a_trace_in_which_nothing_could_be_missed_was_compared_with_none(lone):
    health = beside(drawn(lone), others_of(CHECKOUT, 40)).health

    assert (health.absent_calls, health.compared_with) == (0, 0)


def test_a_trace_was_compared_with_those_that_ran_what_it_ran():
    def paid(number, records):
        return records if number < 25 else without(records, "SELECT cards", "SELECT cards", "POST /charge")

    report = beside(
        drawn(
            "shop GET /new  0..100  server\n  pay POST /charge  30..90  server\n    pay SELECT cards  40..50  client"
        ),
        others_of(CHECKOUT, 40, paid),
    )

    assert (report.health.absent_calls, report.health.compared_with) == (1, 25)


def test_how_often_is_the_least_of_all_others():
    def once(number, records):
        return without(records, "SELECT cards") if number == 3 else records

    others = others_of(CHECKOUT, 40, once)

    assert beside(without(drawn(CHECKOUT), "SELECT cards"), others).health.absent_calls == 0
    assert beside(without(drawn(CHECKOUT), *["SELECT cards"] * 2), others).health.absent_calls == 1


@settings(max_examples=60)
@given(st.integers(20, 100), st.integers(0, 2**32))
def test_a_trace_without_any_5_percent_of_its_spans_says_so_beside_others_that_are_whole(n_spans, seed):
    draw = random.Random(seed)
    parents = [draw.randint(max(1, n - 6), n) if n else 0 for n in range(n_spans)]
    depth = " " * 2
    levels = [0]
    for parent in parents[1:]:
        levels.append(levels[parent - 1] + 1)
    order, stack = [], [1]
    while stack:
        node = stack.pop()
        order.append(node)
        stack += [n + 1 for n in range(n_spans - 1, 0, -1) if parents[n] == node]
    picture = "\n".join(
        f"{depth * levels[n - 1]}shop op{n}  {levels[n - 1]}..{1_000 - levels[n - 1]}" for n in order
    )
    records = drawn(picture)
    gone = set(draw.sample(range(n_spans), max(1, n_spans // 20)))
    left = [one for n, one in enumerate(records) if n not in gone]

    health = beside(left, others_of(picture, 25)).health

    assert health.absent_calls or health.orphans or health.rootless


def slow_absent_calls(spans, others, chosen):
    """The same, one span after the other."""
    habits, runs, traces = {}, {}, {}
    for table, learns in ((others, True), (spans, False)):
        children = {}
        for row in range(len(table)):
            if table.relation[row] == Relation.CHILD:
                children.setdefault(int(table.parent_row[row]), []).append(key_of(table, row))
        found = {}
        for row in range(len(table)):
            if table.status[row] == Status.ERROR or (learns and not chosen[table.trace[row]]):
                continue
            key, called = key_of(table, row), children.get(row, [])
            if learns:
                runs.setdefault(key, []).append(called)
                traces.setdefault(key, set()).add(int(table.trace[row]))
                continue
            for other in habits.get(key, {}):
                lacking = habits[key][other] - called.count(other)
                if lacking > 0:
                    found[key, other] = found.get((key, other), 0) + lacking
        if learns:
            habits = {
                key: {
                    other: least
                    for other in set(every[0])
                    if (least := min(called.count(other) for called in every)) > 0
                }
                for key, every in runs.items()
                if len(traces[key]) >= FEWEST_TRACES
            }
    calls = [AbsentCall(key, other, n, len(traces[key])) for (key, other), n in found.items()]
    return tuple(sorted(calls, key=lambda one: (-one.spans, one.caller, one.called)))


def key_of(table, row):
    return OperationKey(table.service_name(row), table.operation_name(row), int(table.kind[row]))


@settings(max_examples=40)
@given(st.integers(0, 2**32))
def test_it_counts_as_its_slow_twin_does(seed):
    draw = random.Random(seed)

    def thinned(_number, records):
        return [
            replace(one, status=Status.ERROR) if draw.random() < 0.05 else one
            for one in records
            if one.parent_id == 0 or draw.random() < 0.98
        ]

    others = repair(build_table(others_of(CHECKOUT, 30, thinned)))
    spans = repair(build_table(thinned(0, without(drawn(CHECKOUT), "SELECT cards")))).spans
    chosen = ~others.incomplete

    assert absent_calls(spans, others.spans, chosen) == slow_absent_calls(spans, others.spans, chosen)


@pytest.mark.parametrize("records", [[], drawn("shop GET /  0..10")])
def test_others_without_calls_or_without_spans_say_nothing(records):
    assert beside(drawn(CHECKOUT), records).health.absent_calls == 0
