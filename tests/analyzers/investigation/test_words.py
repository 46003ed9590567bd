"""What a headline says: everything that changed, each thing once, and nothing that contradicts itself."""

from __future__ import annotations

import pytest

from analyzers.investigation.cohort import cohort_of
from analyzers.investigation.investigate import investigate
from analyzers.investigation.new_callees import new_callees_text
from analyzers.investigation.observations import observe
from analyzers.investigation.words import headline
from analyzers.investigation_report import Cause, Change
from analyzers.report_base import Scope
from tests.analyzers.investigation.cohorts import cohort, question, records, repaired_of, why
from tests.analyzers.investigation.test_ranking import PAY_FAILS, SHOP, SLOW_CODE, SLOW_WIRE

FAILING = SLOW_CODE.replace("server\n", "server error\n", 1)
QUEUE = """
    web POST /jobs         0..30    server
      web publish          10..20   producer
        worker process     {taken}  consumer
"""
PROMPT, LATE = QUEUE.format(taken="25..60"), QUEUE.format(taken="8025..8060")


def test_who_is_slower_and_fails_more_is_told_as_both():
    before = repaired_of(records(SHOP, times=100))
    after = repaired_of(records(SLOW_CODE, times=80, seed=2), records(FAILING, times=20, seed=2, first=200))

    report = investigate(before, after, question())

    assert report.verdict == "slower"
    assert ", and 20 % of them fail, 0 % before. " in report.headline


def test_of_a_place_too():
    before = repaired_of(records(SHOP, times=100))
    after = repaired_of(records(SLOW_CODE, times=80, seed=2), records(FAILING, times=20, seed=2, first=200))

    report = investigate(before, after, question(scope=Scope(service="front")))

    assert ", and 20 % of its requests fail, 0 % before. " in report.headline


def test_who_fails_more_and_is_slower_is_told_as_both():
    slow_failure = (
        PAY_FAILS.replace("0..90", "0..900").replace("50..80", "50..800").replace("60..70", "60..700")
    )

    report = why(SHOP, slow_failure)

    assert report.verdict == "more_errors"
    assert (
        "100 % of requests, 0 % before (60 against 60 requests), and they are slower: mean "
        in report.headline
    )


def test_failures_that_requests_survive_are_told_with_how_many_requests_meet_them():
    survived = PAY_FAILS.replace("server error\n      front POST cart", "server\n      front POST cart")

    report = why(SHOP, survived)

    assert report.verdict == "more_errors"
    assert "something fails in 100 % of them, 0 % before" in report.headline


def test_messages_that_wait_longer_make_no_request_slower_and_are_told_once():
    report = why(PROMPT, LATE, times=100)

    assert report.headline.startswith("Messages from web to worker wait longer in the last hour: ")
    assert "; requests are not slower: mean 31.7 ms, before 31.5 ms" in report.headline
    assert report.headline.count("worker") == 1
    assert len(report.causes) == 1


def test_the_share_of_a_slow_way_is_the_whole_way_whoever_is_to_blame():
    report = why(SHOP, SLOW_WIRE)

    assert report.causes[0].share == pytest.approx(1.0, abs=0.02)
    assert len(report.causes) == 1


def test_a_mean_that_rose_by_other_traffic_is_said_to():
    light, heavy = "front GET /light  0..10", "front GET /heavy  0..900\n  front render  10..800"
    before = repaired_of(records(light, times=200), records(heavy, times=40, first=500))
    after = repaired_of(records(light, times=40, seed=5), records(heavy, times=200, first=500, seed=6))

    report = investigate(before, after, question())

    assert " before 165 ms, since other kinds of requests were made (" in report.headline


def test_calls_are_counted_for_what_they_stand_for():
    before, after = records(SHOP, times=100), records(SLOW_CODE, times=50, seed=2)
    for record in before:
        record.adjusted_count = 1.0
    for record in after:
        record.adjusted_count = 10.0

    report = investigate(repaired_of(before), repaired_of(after), question())

    assert "(500 against 100 calls)" in report.causes[0].evidence[0]


def told(*shares, measure="mean"):
    """The second sentence of a headline about causes with such shares."""
    causes = tuple(
        Cause(
            service=f"s{number}",
            operation="run",
            change="self_time",
            delta_ns=1,
            share=share,
            confidence="low",
        )
        for number, share in enumerate(shares)
    )
    change = Change(
        baseline_ns=10, incident_ns=20, delta_ns=10, ci95_ns=(9, 11), traces=(99, 99), measure=measure
    )
    return headline(question(), "slower", change, causes).partition("). ")[2]


def test_shares_that_cannot_be_added_up_are_not_told_as_if_they_could():
    assert told(0.6, 0.4) == "Much of it (60 %) is s0 run itself; 40 % is s1 run itself."
    assert told(0.4, 1.0) == "Much of it (40 %) is s0 run itself; 100 % may as well be s1 run itself."


def test_what_a_cause_explains_of_the_mean_is_not_called_a_share_of_a_quantile():
    assert told(0.97, measure="p50") == "Of what the mean rose, almost all (97 %) is s0 run itself."
    assert told(1.0, measure="p95") == "Of what the mean rose, all is s0 run itself."


BUY = """
    front POST /buy     0..100  server
      front POST        10..90  client
        shop GET /cart  20..40  server
"""
SCORED = """
    front POST /buy        0..200    server
      front POST           10..90    client
        shop GET /cart     20..40    server
      front POST           110..190  client
        fraud POST /score  115..185  server
      front SELECT rules   192..195  client
"""


def test_who_is_called_newly_is_named():
    evidence = why(BUY, SCORED).causes[0].evidence[0]

    assert evidence == (
        "POST /buy calls fraud POST /score and front SELECT rules, which it did not before, in 100 % of requests"
    )


def test_who_was_called_now_and_then_is_not_said_to_be_new():
    before = repaired_of(records(BUY, times=95), records(SCORED, times=5, first=100))

    seen = observe(cohort_of(before), cohort(SCORED))

    told = new_callees_text(seen, seen.names.operations.index(("front", "POST /buy")))

    assert told == "fraud POST /score and front SELECT rules, which it hardly did before"
