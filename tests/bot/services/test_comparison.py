"""Which traces are held against which."""

import asyncio
import dataclasses
from datetime import UTC, datetime

import numpy as np
import pytest
from msgspec.structs import replace

from analyzers.report_base import Scope
from analyzers.table import Kind
from bot.questions.intent import CompareCohorts, Investigate, Period
from bot.services.comparison import DAY_NS, HOUR_NS, Comparing
from tests.bot.services.kept_spans import EVENLY, NEWEST_ONLY, KeptSpans, request

NOW_NS = 1_795_183_500 * 10**9
NOW = datetime.fromtimestamp(NOW_NS // 10**9, UTC)
MINUTE_NS = HOUR_NS // 60
MS = 1_000_000
CHECKOUT = Scope(service="checkout")
LAST_HOUR = Period(NOW_NS - HOUR_NS, NOW_NS, assumed=True)


def requests(begin_ns, end_ns, count, took_ms=20, first=1, **facts):
    starts = np.linspace(begin_ns, end_ns, count, endpoint=False).astype(np.int64).tolist()
    jitter = np.random.default_rng(7).lognormal(0, 0.3, count).tolist()
    return [
        request(first + number, start, int(took_ms * MS * factor), **facts)
        for number, (start, factor) in enumerate(zip(starts, jitter, strict=True))
    ]


def cohorts(records, intent, capabilities=EVENLY, most_traces=2_000):
    backend = KeptSpans(records, capabilities)
    comparing = Comparing(backend, CHECKOUT, (), NOW, most_traces)
    return asyncio.run(comparing.cohorts(intent)), backend


def test_without_a_period_it_is_before_against_after_the_trouble_began():
    began_ns = NOW_NS - 20 * MINUTE_NS
    records = requests(NOW_NS - 2 * HOUR_NS, began_ns, 1_000) + requests(
        began_ns, NOW_NS, 200, took_ms=60, first=5_000
    )

    found, _ = cohorts(records, Investigate("checkout", LAST_HOUR))

    assert abs(found.incident_period.start_ns - began_ns) < MINUTE_NS
    assert found.baseline_period.end_ns == found.incident_period.start_ns
    assert abs(len(found.incident) - 200) < 15
    assert len(found.baseline) + len(found.incident) == 1_200


def test_it_began_too_when_messages_began_to_wait_that_no_request_waits_for():
    began_ns = NOW_NS - 20 * MINUTE_NS
    prompt = requests(NOW_NS - 2 * HOUR_NS, began_ns, 1_000)
    late = requests(began_ns, NOW_NS, 200, first=5_000)
    taken = [
        replace(
            one,
            span_id=one.span_id + 100_000,
            parent_id=one.span_id,
            service="worker",
            kind=Kind.CONSUMER,
            start_ns=one.start_ns + one.duration_ns + after_ns,
        )
        for some, after_ns in ((prompt, 5 * MS), (late, 8_000 * MS))
        for one in some
    ]

    found, _ = cohorts(prompt + late + taken, Investigate("checkout", LAST_HOUR))

    assert found.onset is not None
    assert abs(found.incident_period.start_ns - began_ns) < MINUTE_NS


def test_of_many_traces_the_incident_is_read_on_its_own():
    began_ns = NOW_NS - 10 * MINUTE_NS
    records = requests(NOW_NS - 3 * HOUR_NS, began_ns, 3_000) + requests(
        began_ns, NOW_NS, 300, took_ms=90, first=5_000
    )

    found, _ = cohorts(records, Investigate("checkout", LAST_HOUR), most_traces=400)

    assert len(found.incident) > 280
    assert 300 < len(found.baseline) < 400
    assert found.baseline.chosen


def test_where_nothing_began_now_is_held_against_the_same_time_of_other_days():
    day = requests(NOW_NS - HOUR_NS // 2, NOW_NS, 100)
    yesterday = requests(NOW_NS - DAY_NS - HOUR_NS // 2, NOW_NS - DAY_NS, 120, first=2_000)
    today = requests(NOW_NS - 3 * HOUR_NS, NOW_NS - HOUR_NS // 2, 500, first=4_000)

    found, _ = cohorts(day + today + yesterday, Investigate("checkout", LAST_HOUR))

    assert found.onset is None
    assert (len(found.incident), len(found.baseline)) == (100, 120)
    assert "same time of day on 1 of the days" in found.notes[0]


def test_where_other_days_are_not_known_usual_is_the_time_before_and_it_says_so():
    records = requests(NOW_NS - HOUR_NS, NOW_NS, 600)

    found, _ = cohorts(records, Investigate("checkout", Period(NOW_NS - 10 * MINUTE_NS, NOW_NS)))

    assert found.incident_period == Period(NOW_NS - 10 * MINUTE_NS, NOW_NS)
    assert found.baseline_period == Period(NOW_NS - 50 * MINUTE_NS, NOW_NS - 10 * MINUTE_NS)
    assert (len(found.incident), len(found.baseline)) == (100, 400)
    assert "usual is the 40 min before" in found.notes[0]


def test_periods_that_were_named_are_taken_as_they_are():
    records = requests(NOW_NS - HOUR_NS, NOW_NS, 600)
    before, after = Period(NOW_NS - HOUR_NS, NOW_NS - HOUR_NS // 2), Period(NOW_NS - HOUR_NS // 2, NOW_NS)

    found, _ = cohorts(records, CompareCohorts("checkout", after, baseline=before))

    assert (found.baseline_period, found.incident_period) == (before, after)
    assert (len(found.baseline), len(found.incident)) == (300, 300)


@pytest.mark.parametrize("prefix", ["", "v"])
def test_versions_are_found_with_and_without_the_letter_before_them(prefix):
    records = requests(NOW_NS - HOUR_NS, NOW_NS, 50, version=f"{prefix}1.4") + requests(
        NOW_NS - HOUR_NS, NOW_NS, 40, first=900, version=f"{prefix}1.5"
    )

    found, _ = cohorts(records, CompareCohorts("checkout", LAST_HOUR, versions=("1.4", "1.5")))

    assert (len(found.baseline), len(found.incident)) == (50, 40)


def test_a_store_that_gives_only_the_newest_is_asked_piece_by_piece():
    records = requests(NOW_NS - 3 * HOUR_NS, NOW_NS, 20_000)

    found, backend = cohorts(
        records,
        Investigate("checkout", Period(NOW_NS - HOUR_NS, NOW_NS), baseline=Period(0, NOW_NS - HOUR_NS)),
        NEWEST_ONLY,
    )

    starts = found.incident.spans.start_ns
    assert len(backend.asked) == 16
    assert (starts < NOW_NS - HOUR_NS // 2).sum() == pytest.approx(len(starts) / 2, abs=5)
    assert found.incident.chosen


def test_a_trace_that_came_with_two_pieces_is_there_once():
    long = request(1, NOW_NS - 50 * MINUTE_NS, 40 * MINUTE_NS)
    inside = request(2, NOW_NS - 15 * MINUTE_NS, 10 * MS)
    child = replace(inside, trace_id=long.trace_id)

    found, _ = cohorts(
        [long, child],
        Investigate("checkout", Period(NOW_NS - HOUR_NS, NOW_NS), baseline=Period(0, 1)),
        NEWEST_ONLY,
    )

    assert len(found.incident) == 1
    assert len(found.incident.spans) == 2


def test_an_empty_store_gives_empty_cohorts():
    found, _ = cohorts([], Investigate("checkout", LAST_HOUR))

    assert (len(found.baseline), len(found.incident)) == (0, 0)


def test_where_few_requests_come_now_reaches_back_until_there_are_enough_of_them():
    records = requests(NOW_NS - 3 * HOUR_NS, NOW_NS, 100)

    found, _ = cohorts(records, Investigate("checkout", LAST_HOUR))

    assert len(found.incident) >= 30
    assert found.incident_period.start_ns >= NOW_NS - HOUR_NS


def test_where_there_are_too_few_at_all_everything_that_was_looked_at_is_now():
    records = requests(NOW_NS - 2 * HOUR_NS, NOW_NS - HOUR_NS, 7)

    found, _ = cohorts(records, Investigate("checkout", LAST_HOUR))

    assert found.incident_period == Period(NOW_NS - 3 * HOUR_NS, NOW_NS)
    assert len(found.incident) == 7


def test_now_is_told_in_whole_minutes():
    records = requests(NOW_NS - HOUR_NS - 7 * 10**9, NOW_NS, 600)

    found, _ = cohorts(records, Investigate("checkout", LAST_HOUR))

    assert found.incident_period == Period(NOW_NS - 15 * MINUTE_NS, NOW_NS)


def test_of_a_file_with_traces_of_another_time_it_says_which():
    records = requests(NOW_NS - 9 * DAY_NS, NOW_NS - 8 * DAY_NS, 50)
    whole = dataclasses.replace(EVENLY, whole_periods=True)

    found, _ = cohorts(records, Investigate("checkout", LAST_HOUR), whole)

    assert "50 traces of another period" in found.notes[0]


def test_the_time_that_is_offered_instead_has_all_of_the_file_before_it():
    begin_ns = NOW_NS - 9 * DAY_NS
    records = [request(1, begin_ns, 10 * MS)]
    whole = dataclasses.replace(EVENLY, whole_periods=True)

    found, _ = cohorts(records, Investigate("checkout", LAST_HOUR), whole)

    last = datetime.fromisoformat(found.notes[0].rpartition(" ")[2])
    assert begin_ns < last.timestamp() * 10**9 <= begin_ns + 2 * 10**9
