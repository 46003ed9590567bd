"""Now beside what is usual, through the question."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest

from analyzers.operation_minutes import IN_MINUTES
from analyzers.same_hours import DAY_NS
from analyzers.usual_rows import ONLY_DURATIONS
from bot.services import operations, usual
from bot.services.ask import ask
from bot.services.operations import NO_HOUR, NOT_READ
from tests.bot.drawn_stores import DrawnStores
from tests.bot.services.remembering import (
    FILES,
    HISTOGRAMS,
    HOUR_NS,
    MS,
    NOW,
    NOW_NS,
    OF_OTHERS,
    Remembering,
    answered,
    calls,
    remembered,
)

every_store = pytest.mark.parametrize("capabilities", [HISTOGRAMS, FILES, OF_OTHERS])


@every_store
@pytest.mark.parametrize("text", ["operations last 1h", "services last 1h", "operations payment last 1h"])
def test_each_row_says_what_is_usual(text, capabilities):
    (row,) = answered(remembered(100, capabilities=capabilities), text).rows

    assert row.usual_p95_ns == pytest.approx(156 * MS, rel=0.03)
    assert row.status == "normal"


@every_store
@pytest.mark.parametrize("text", ["operations last 1h", "services last 1h"])
def test_what_became_slower_is_marked(text, capabilities):
    report = answered(remembered(300, capabilities=capabilities), text)

    assert report.rows[0].status == "slower"
    days = 7 if capabilities is OF_OTHERS else 14
    assert f"usual is what the same hours of {days} days before had" in report.notes


@every_store
def test_what_is_missed_is_told(capabilities):
    backend = remembered(100, capabilities=capabilities)
    backend.records += [
        one for day in range(1, 15) for one in calls(NOW_NS - day * DAY_NS, 5 * MS, operation="refund")
    ]

    report = answered(backend, "operations last 1h")

    assert "usually called at this hour, but not now: payment refund" in report.notes


@every_store
def test_an_hour_of_which_nothing_is_there_is_not_held_against_other_days(capabilities):
    backend = Remembering(calls(NOW_NS - DAY_NS, 100 * MS), capabilities=capabilities)

    report = answered(backend, "operations last 1h")

    assert report.rows == ()
    assert not [note for note in report.notes if "usual" in note]


@pytest.mark.parametrize("capabilities", [HISTOGRAMS, OF_OTHERS])
def test_a_store_that_dies_while_the_days_before_are_read_takes_no_answer_away(capabilities):
    read = 2 if capabilities is HISTOGRAMS else 1

    report = answered(remembered(300, capabilities=capabilities, dead_after=read), "operations last 1h")

    assert [row.calls for row in report.rows] == [60]
    assert NOT_READ in report.notes


def test_a_file_is_read_once():
    backend = remembered(100, capabilities=FILES)

    report = answered(backend, "services last 1h")

    assert len(backend.asked) == 1
    assert (report.health.spans, report.rows[0].calls) == (60, 60)


def test_a_file_that_was_not_read_whole_is_compared_by_durations_alone():
    backend = remembered(300, capabilities=FILES, truncated=True)
    backend.records += [
        one for day in range(1, 15) for one in calls(NOW_NS - day * DAY_NS, 5 * MS, operation="refund")
    ]

    report = answered(backend, "operations last 1h")

    assert [row.status for row in report.rows] == ["slower"]
    assert report.notes[-2:] == (
        "usual is what some traces of the same hours of 14 days before had",
        ONLY_DURATIONS,
    )


def test_a_store_of_others_gives_some_traces_of_a_few_days():
    backend = remembered(100, capabilities=OF_OTHERS)

    answered(backend, "operations last 1h")

    _, *before = backend.asked
    assert [query.limit for query in before] == [usual.SEARCHED_TRACES] * usual.SEARCHED_DAYS


def test_a_store_of_others_is_not_asked_for_days_to_which_it_does_not_reach_back():
    backend = remembered(100, days=1, capabilities=OF_OTHERS)

    report = answered(backend, "operations last 1h")

    assert len(backend.asked) == 1 + 1 + usual.EMPTY_DAYS
    assert (
        "what is usual at this hour is not known yet: only 1 day before it was kept, 3 are needed"
        in report.notes
    )


def test_a_store_of_others_is_not_asked_for_most_of_a_day():
    backend = remembered(100, capabilities=OF_OTHERS)

    assert NO_HOUR in answered(backend, "operations last 12h").notes
    assert len(backend.asked) == 1


def test_what_one_asks_for_by_its_operation_is_read_of_the_days_before():
    backend = remembered(100, capabilities=OF_OTHERS)
    backend.records += calls(NOW_NS, 5 * MS, operation="refund")

    report = answered(backend, "operations payment charge last 1h")

    assert {(query.service, query.operation) for query in backend.asked} == {("payment", "charge")}
    assert [row.operation for row in report.rows] == ["charge"]


@every_store
def test_operations_with_ids_in_their_names_are_known_by_what_they_have_in_common(capabilities):
    backend = remembered(100, capabilities=capabilities)
    for number, one in enumerate(backend.records):
        backend.records[number] = msgspec.structs.replace(one, operation=f"charge order-{1_000 + number}")

    report = answered(backend, "operations last 1h")

    assert [(row.operation, row.calls, row.status) for row in report.rows] == [("charge {id}", 60, "normal")]
    assert report.rows[0].usual_p95_ns == pytest.approx(156 * MS, rel=0.03)


@pytest.mark.parametrize("capabilities", [HISTOGRAMS, FILES])
def test_a_single_one_of_them_is_known_from_the_days_before(capabilities):
    backend = remembered(100, capabilities=capabilities)
    for number, one in enumerate(backend.records):
        name = one.operation if one.start_ns > NOW_NS - HOUR_NS else f"charge order-{1_000 + number}"
        backend.records[number] = msgspec.structs.replace(one, operation=name)
    backend.records.append(
        msgspec.structs.replace(backend.records[-1], trace_id="ab" * 16, operation="charge order-7777")
    )

    rows = {row.operation: row for row in answered(backend, "operations last 1h").rows}

    assert rows["charge {id}"].usual_p95_ns == pytest.approx(156 * MS, rel=0.03)
    assert rows["charge"].status == "new"


@pytest.mark.parametrize("capabilities", [HISTOGRAMS, FILES])
def test_most_of_a_day_is_held_against_days(capabilities):
    report = answered(remembered(300, capabilities=capabilities), "operations last 12h")

    assert report.rows[0].status == "slower"


def test_from_histograms_alone_what_is_usual_is_the_same(monkeypatch):
    monkeypatch.setattr(operations, "FEW_SPANS", 1)

    report = answered(remembered(300), "operations last 1h")

    assert IN_MINUTES in report.notes
    assert (report.rows[0].status, report.rows[0].calls) == ("slower", 60)


def test_the_store_adds_up_minutes_before_it_gives_them():
    backend = remembered(100)

    answered(backend, "services last 1h")

    assert {query.together for query in backend.asked if not hasattr(query, "limit")} == {True}


def test_days_are_those_of_the_asker():
    # Friday at eleven in London is Saturday on the islands that are fourteen hours ahead.
    until_ns = NOW_NS + 2 * HOUR_NS
    days = [until_ns - day * DAY_NS for day in range(1, 15)]
    usually_ms = {0: 100, 1: 100, 2: 100, 3: 100, 4: 100, 5: 900, 6: 900}
    past = [
        one
        for day_ns in days
        for one in calls(day_ns, usually_ms[datetime.fromtimestamp(day_ns // 10**9, UTC).weekday()] * MS)
    ]
    stores = DrawnStores(Remembering(past + calls(until_ns, 100 * MS)))
    now = NOW + timedelta(hours=2)

    here, ahead = (
        asyncio.run(ask("operations last 1h", stores, now, timezone(timedelta(hours=hours)))).report.rows[0]
        for hours in (0, 14)
    )

    assert here.usual_p95_ns == pytest.approx(156 * MS, rel=0.03)
    # Of their four weekend days two are days that are slow in London.
    assert ahead.usual_p95_ns == pytest.approx(956 * MS, rel=0.03)


def test_it_is_said_that_too_few_days_are_kept():
    report = answered(remembered(300, days=2), "operations last 1h")

    assert report.rows[0].usual_p95_ns is None
    assert (
        "what is usual at this hour is not known yet: only 2 days before it were kept, 3 are needed"
        in report.notes
    )


def test_a_period_of_days_is_at_no_hour():
    assert NO_HOUR in answered(remembered(100), "operations last 3d").notes


def test_where_the_days_before_are_too_much_for_the_store_the_answer_stands_without_them():
    report = answered(remembered(100, refused_after=3), "operations last 1h")

    assert len(report.rows) == 1
    assert NO_HOUR in report.notes
