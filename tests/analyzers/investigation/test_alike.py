"""Attributes of requests of several kinds: only what tells requests of a kind apart is shared."""

from __future__ import annotations

import numpy as np

from analyzers.investigation.association import associations
from analyzers.investigation.investigate import investigate
from tests.analyzers.investigation.cohorts import question, records, repaired_of

WEB = "front GET /  0..{took}  server user.tier=free flag={flag}\n  pay charge  10..{end}  server"
BATCH = "batch nightly  0..5000  server user.tier=none"


def window(took, times=60, seed=1, flagged=0):
    """Requests of two entry services: the frontend's, of free users all, and a batch's."""
    plain = records(WEB.format(took=took, end=took - 10, flag="off"), times=times - flagged, seed=seed)
    slow = records(
        WEB.format(took=1500, end=1490, flag="on"), times=flagged, seed=seed, first=times + 1, jitter=0.1
    )
    return repaired_of(plain, slow, records(BATCH, times=times, seed=seed, first=1_000))


def test_what_all_requests_of_a_kind_carry_is_not_what_the_slow_ones_share():
    report = investigate(window(100), window(300, seed=2), question())

    assert report.verdict == "slower"
    assert report.attributes == ()


def test_what_tells_requests_of_a_kind_apart_is_shared_and_without_it_the_others_take_what_they_did():
    report = investigate(window(100), window(100, seed=2, flagged=30), question())

    assert [(one.key, one.value) for one in report.attributes] == [("flag", "on")]
    assert report.attributes[0].incident_without_ns < report.change.baseline_ns * 1.05


def test_a_value_without_which_the_rest_is_slower_is_not_shared():
    # Those of a hundred milliseconds are slow for their kind, but hold the mean down.
    usual = records("front GET /  0..50  server", times=200)
    some = records("front GET /  0..100  server mode=cached", times=40, seed=2, first=300)
    worst = records("front GET /  0..5000  server mode=full", times=4, seed=2, first=600)
    rest = records("front GET /  0..50  server", times=150, seed=2, first=900)

    report = investigate(repaired_of(usual), repaired_of(some, worst, rest), question())

    assert report.verdict == "slower"
    assert report.attributes == ()


def test_what_a_failure_writes_on_its_spans_is_not_what_the_failing_share():
    fine = "front GET /  0..100  server http.status_code=200 region={region}"
    bad = (
        "front GET /  0..100  server error http.status_code=500 error.type=boom exception.type=E "
        "otel.status_code=ERROR region=eu"
    )
    before = records(fine.format(region="eu"), times=60) + records(
        fine.format(region="us"), times=60, first=200
    )
    after = records(fine.format(region="us"), times=60, seed=2) + records(bad, times=60, first=200)

    report = investigate(repaired_of(before), repaired_of(after), question())

    assert report.verdict == "more_errors"
    assert [(one.key, one.value) for one in report.attributes] == [("region", "eu")]


def test_the_lift_of_one_kind_is_the_ratio_of_shares():
    carries = np.array([[True, True, False, True, False, False, False, False]])
    slow = np.array([True, True, False, False, False, False, False, False])

    found = associations(carries, slow)[0]

    assert np.isclose(found.lift, 1 / (1 / 6))


def test_what_differs_between_kinds_only_has_a_lift_of_one():
    kind = np.repeat([0, 1], 50)
    slow = (kind == 0) & (np.arange(100) < 40)

    found = associations(np.array([kind == 0]), slow, kind)[0]

    assert (round(found.lift, 9), found.q_value) == (1.0, 1.0)


def test_two_values_that_only_together_are_slow_stand_in_the_report():
    rng = np.random.default_rng(3)
    drawn = [(number, *(rng.random(2) < 0.4).tolist()) for number in range(400)]
    after = repaired_of(
        *(
            records(
                f"front GET /  0..{500 if beta and large else 100}  server beta={beta} large={large}",
                times=1,
                first=number,
                seed=number,
            )
            for number, beta, large in drawn
        )
    )
    before = repaired_of(records("front GET /  0..100  server beta=False large=False", times=400))

    report = investigate(before, after, question())

    assert (report.attributes[-1].key, report.attributes[-1].value) == ("large and beta", "True and True")
    assert report.attributes[-1].coverage_ratio > 0.6
