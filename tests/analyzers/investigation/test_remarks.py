"""What a reader of an investigation has to know besides."""

from tests.analyzers.investigation.cohorts import why

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


def test_nothing_is_said_of_services_that_are_still_there():
    assert not [note for note in why(CALLS, CALLS).notes if "was seen" in note]


def test_spans_that_were_lost_make_no_way_slower():
    report = why(CALLS, LOST)

    assert report.verdict == "not_slower", report.headline
