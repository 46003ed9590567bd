"""What a reader of an investigation has to know besides."""

from analyzers.investigation.investigate import investigate
from tests.analyzers.investigation.cohorts import question, records, repaired_of, why

CALLS = """
    front GET /buy   0..100  server
      front call     10..90  client
        stock GET /  20..80  server
"""
BACKWARDS = """
    front GET /buy   0..100  server
      front call     10..90  client
        stock GET /  80..20  server
"""
ENDLESS = """
    front GET /buy   0..100  server
      front call     10..90  client
        stock GET /  20..999999999  server
"""
CIRCLES = """
    front GET /buy   0..100  server
      front call     10..90  client
        stock GET /  20..80  server id=7 parent=7
"""
ORPHANS = """
    front GET /buy   0..100  server
      front call     10..90  client
        stock GET /  20..80  server parent=9
"""
LOST = """
    front GET /buy   0..100  server
      front call     10..90  client
"""


def test_a_service_that_is_no_longer_seen_is_told_with_what_that_may_mean():
    report = why(CALLS, LOST)

    assert (
        "stock was seen in 100 % of the requests before and is in none now: it is not called any more, "
        "or the trace context is not passed on to it"
    ) in report.notes


def test_the_requests_of_the_moment_when_it_vanished_do_not_hide_that():
    before = repaired_of(records(CALLS, times=60))
    after = repaired_of(records(CALLS, times=6, seed=2), records(LOST, times=54, seed=3, first=100))

    report = investigate(before, after, question())

    assert any("is in 10 % now: it is hardly called any more, or the trace" in note for note in report.notes)


def test_nothing_is_said_of_a_service_that_half_of_them_still_call():
    before = repaired_of(records(CALLS, times=60))
    after = repaired_of(records(CALLS, times=30, seed=2), records(LOST, times=30, seed=3, first=100))

    assert not [note for note in investigate(before, after, question()).notes if "was seen" in note]


def test_nothing_is_said_of_services_that_are_still_there():
    assert not [note for note in why(CALLS, CALLS).notes if "was seen" in note]


def test_spans_that_were_lost_make_no_way_slower():
    report = why(CALLS, LOST)

    assert report.verdict == "not_slower", report.headline


def test_spans_whose_times_cannot_be_are_told_and_make_the_answer_less_sure():
    backwards, endless, circles = (
        why(CALLS, picture, jitter=0.0) for picture in (BACKWARDS, ENDLESS, CIRCLES)
    )

    assert "60 spans with an end before the beginning were taken as no time" in backwards.notes
    assert "60 spans longer than a week were cut to the rest of the trace" in endless.notes
    assert "60 circles of parents were cut" in circles.notes
    assert {one.confidence for one in (backwards, endless, circles)} == {"low"}


def test_what_is_wrong_with_the_period_compared_with_is_told_too():
    report = why(ORPHANS, CALLS)

    assert "the period compared with: spans are missing in 60 of 60 traces" in report.notes
    assert report.confidence == "low"


def test_a_few_damaged_traces_compared_with_are_not_worth_a_line():
    assert not [
        note for note in why(CALLS, ORPHANS).notes if note.startswith("the period compared with: spans")
    ]
