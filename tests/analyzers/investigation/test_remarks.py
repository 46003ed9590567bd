"""What a reader of an investigation has to know besides."""

from analyzers.investigation.investigate import investigate
from tests.analyzers.investigation.cohorts import question, records, repaired_of, why

CALLS = """
    front GET /buy   0..100  server
      front call     10..90  client
        stock GET /  20..80  server
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
