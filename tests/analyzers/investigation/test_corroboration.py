"""What else speaks for a cause, or against it."""

from __future__ import annotations

import numpy as np
import pytest

from analyzers.investigation.causes import Found
from analyzers.investigation.cohort import cohort_of
from analyzers.investigation.corroboration import _first_of, corroborated
from analyzers.investigation.investigate import investigate
from analyzers.investigation.observations import observe
from analyzers.investigation.order import Began
from analyzers.investigation.spectrum import Spectrum
from tests.analyzers.investigation.cohorts import (
    HOUR_NS,
    MS,
    NOW_NS,
    PAY_SLOW,
    USUAL,
    observed,
    question,
    records,
    repaired_of,
)

BOTH_SLOW = """
    front GET /    0..700  server
      pay charge   10..240 server
      mail send    250..690 server
"""
MAIL_SLOWER = """
    front GET /    0..1900  server
      pay charge   10..240  server
      mail send    250..1890 server
"""
MAIL_LATER_BUT_ALL_IN_TIME = """
    front GET /    0..100  server
      pay charge   10..20  server
      mail send    25..90  server
"""
UNMOVED = Spectrum(np.array([0.5, 0.5]), np.array([0.1, 0.1]), 0.3)


def spread_out(recorded, from_ns, step_ns):
    """The same traces, one each step."""
    first = {}
    for record in recorded:
        first.setdefault(record.trace_id, len(first))
    for record in recorded:
        begin = from_ns + first[record.trace_id] * step_ns
        record.start_ns += begin - (NOW_NS - HOUR_NS + first[record.trace_id] * MS)
    return recorded


def hour(*pictures):
    """Requests one after the other, ten seconds apart, as many of each picture as is said."""
    at_ns, made = NOW_NS - HOUR_NS, []
    for number, (picture, times) in enumerate(pictures):
        part = records(picture, times=times, seed=number + 5, first=1_000 * number)
        made += spread_out(part, at_ns, 10_000 * MS)
        at_ns += times * 10_000 * MS
    return repaired_of(made)


def usual_hour():
    return repaired_of(spread_out(records(USUAL, times=120), NOW_NS - 2 * HOUR_NS, 10_000 * MS))


def found(service, score, main=0, kind="self_time"):
    return Found(service, score, kind, -1, None, 0.0, 9.0, (), main=main)


def test_what_goes_with_slow_requests_is_told_of_the_first_cause():
    report = investigate(usual_hour(), hour((USUAL, 60), (PAY_SLOW, 60)), question())

    assert report.causes[0].service == "pay"
    assert any(
        text.startswith("unusually long in") and "of others" in text for text in report.causes[0].evidence
    )


def test_where_all_requests_are_slow_no_others_are_told_of():
    report = investigate(usual_hour(), hour((PAY_SLOW, 120)), question())

    assert report.causes[0].evidence[-1] == "unusually long in 100 % of slow requests"


def test_of_two_that_explain_about_as_much_the_one_that_changed_first_is_told_so():
    report = investigate(usual_hour(), hour((USUAL, 40), (PAY_SLOW, 40), (BOTH_SLOW, 80)), question())

    assert [one.service for one in report.causes[:2]] == ["pay", "mail"]
    assert report.causes[0].evidence[-1].startswith("changed at least ")
    assert report.causes[0].evidence[-1].endswith(" before mail")
    assert report.services_ranked[:2] == ("pay", "mail")


def test_what_explains_far_more_stays_first_but_is_less_sure_if_something_else_changed_before():
    report = investigate(usual_hour(), hour((USUAL, 40), (PAY_SLOW, 40), (MAIL_SLOWER, 80)), question())

    assert [one.service for one in report.causes[:2]] == ["mail", "pay"]
    assert report.causes[0].confidence != "high"
    assert report.causes[0].evidence[-1].startswith("yet pay changed at least ")


def test_the_earlier_of_two_that_explain_about_as_much_comes_first():
    when = {0: Began(50, 60), 1: Began(10, 20)}

    assert _first_of([found(0, 1.0), found(1, 0.9)], UNMOVED, when).service == 1


def test_who_goes_clearly_better_with_slow_requests_comes_first():
    together = Spectrum(np.array([0.2, 0.9]), np.array([0.2, 0.0]), 0.3)

    assert _first_of([found(0, 1.0, 0), found(1, 0.9, 1)], together, {}).service == 1


def test_but_not_if_it_changed_after():
    together = Spectrum(np.array([0.2, 0.9]), np.array([0.2, 0.0]), 0.3)
    when = {0: Began(10, 20), 1: Began(50, 60)}

    assert _first_of([found(0, 1.0, 0), found(1, 0.9, 1)], together, when).service == 0


@pytest.mark.parametrize("kind", ["errors", "calls", "new", "queue"])
def test_what_is_no_time_that_requests_wait_for_is_left_where_it_is(kind):
    together = Spectrum(np.array([0.2, 0.9]), np.array([0.2, 0.0]), 0.3)

    assert _first_of([found(0, 1.0, 0, kind), found(1, 0.9, 1)], together, {}).service == 0


def test_a_cause_that_is_slow_where_requests_are_not_is_doubted():
    before = cohort_of(repaired_of(records(USUAL, times=60)), None)
    quick = records(MAIL_LATER_BUT_ALL_IN_TIME, times=60, seed=2, first=100)
    slow = records(PAY_SLOW, times=60, seed=3, first=300)
    seen = observe(before, cohort_of(repaired_of(quick, slow), None))
    mail = next(n for n, key in enumerate(seen.places) if seen.named(n)[0] == "mail" and key.caller < 0)

    told = corroborated(seen, (found(0, 1.0, mail),))[0]

    assert told.doubted
    assert told.evidence[-1].startswith("yet unusually long in")


def test_without_causes_there_is_nothing_to_say():
    assert corroborated(observed(USUAL, USUAL), ()) == ()
