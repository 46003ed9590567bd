"""Who cannot be reached, and who ends early: known by what is no longer there."""

from __future__ import annotations

from analyzers.investigation.investigate import investigate
from tests.analyzers.investigation.cohorts import question, records, repaired_of, why

BUY = """
    front GET /buy     0..100
      cart add         10..20
      pay charge       30..60
      mail send        70..90
"""
RENEW = """
    batch renew        0..100
      rates read       10..20
      pay charge       30..60
      ledger book      70..90
"""


def without_pay(picture):
    """The caller gave up where it called pay."""
    return "\n".join(picture.splitlines()[:3]).replace("100", "30")


def both(buy, renew, **how):
    return repaired_of(records(buy, **how), records(renew, first=500, **how))


def test_whom_several_callers_miss_is_suspected():
    report = investigate(both(BUY, RENEW), both(without_pay(BUY), without_pay(RENEW), seed=2), question())

    assert report.services_ranked[0] == "pay"


def test_a_lone_caller_that_ends_early_is_suspected_before_whom_it_no_longer_calls():
    assert why(BUY, without_pay(BUY)).services_ranked[0] == "front"


CALLS = """
    front GET /buy     0..100   server
      front POST       5..25    client
        cart add       10..20   server
      front POST       28..62   client
        pay charge     30..60   server
      front POST       68..92   client
        mail send      70..90   server
"""
UNANSWERED = """
    front GET /buy     0..40    server
      front POST       5..25    client
        cart add       10..20   server
      front POST       28..30   client
"""


def test_a_call_without_an_answer_went_where_such_calls_go():
    report = why(CALLS, UNANSWERED)

    assert report.services_ranked[0] == "pay"
    assert "a call from front to pay without an answer" in " ".join(report.notes)


def test_without_kinds_a_run_that_called_one_service_alone_and_ended_is_no_call():
    assert why(BUY, "\n".join(BUY.splitlines()[:3]).replace("100", "30")).services_ranked[0] == "front"


def test_a_branch_that_is_always_taken_now_is_another_shape():
    # A fifth of runs never called anybody; now none does.
    short = "front GET /buy  0..20"
    before = repaired_of(records(BUY, times=80), records(short, times=20, first=500))

    report = investigate(before, repaired_of(records(short, times=100, seed=2)), question())

    assert report.services_ranked[0] == "front"
    assert any("ends without calling anybody" in note for note in report.notes)


def test_nobody_is_missed_where_there_are_too_many_to_count(monkeypatch):
    monkeypatch.setattr("analyzers.investigation.missing.MOST_CELLS", 10)

    report = investigate(both(BUY, RENEW), both(without_pay(BUY), without_pay(RENEW), seed=2), question())

    assert report.services_ranked[0] != "pay"
