"""Times that cannot be: what is told of them is not told as a fact, and proves nothing."""

from __future__ import annotations

import pytest

from analyzers.breakdown import break_down, with_reading
from analyzers.report_base import Asked
from tests.traces import repaired

MS = 1_000_000
DAY_MS = 86_400_000


def explained(picture):
    return break_down(repaired(picture, MS), f"{1:032x}", Asked(question="", asked_at=""))


def test_a_root_of_a_month_is_said_to_be_told_by_its_other_spans():
    report = explained(f"web GET /  0..{30 * DAY_MS}\n  a y  2..900")

    assert report.headline == (
        "GET / took 898 ms (by its other spans: its own times are impossible); all of it is y by a."
    )
    assert report.confidence == "low"


def test_a_root_that_ends_before_it_begins_has_a_duration_that_nobody_knows():
    report = explained("web op  1000..900\n  a y  1000..1800")

    assert report.headline == "How long op took is not known: its own times are impossible."
    assert report.confidence == "low"


def test_a_bottleneck_of_weeks_is_said_to_be_impossible_and_neither_it_nor_its_caller_saves_anything():
    report = explained(f"web GET /  0..1000  server\n  a y  2..{20 * DAY_MS}")

    assert report.headline.endswith("almost all of it (998 ms) is y by a, whose own times are impossible.")
    assert report.confidence == "low"
    assert with_reading(report, unreadable=0, truncated=False, notes=()).confidence == "low"
    assert report.savings == ()
    assert report.patterns == ()


def test_an_impossible_span_that_holds_nothing_leaves_the_answer_less_sure_only():
    report = explained("web GET /  0..1000\n  a x  0..900\n  a y  950..940")

    assert report.confidence == "medium"
    assert "impossible" not in report.headline


@pytest.mark.parametrize("damaged", ["900..890", "100..90"])
def test_a_damaged_child_is_no_evidence_that_nothing_ran_before_or_after_it(damaged):
    report = explained(f"svc op  0..1000\n  a y  {damaged}")

    assert report.patterns == ()


def test_a_root_over_a_damaged_child_is_not_said_to_have_no_spans_there_nor_to_save_its_own_time():
    report = explained("svc op  1000..1100\n  svc y  1010..0")

    assert report.headline == "op took 100 ms; all of it is in svc op itself."
    assert report.savings == ()


def test_a_place_over_a_damaged_child_saves_nothing_either():
    report = explained("svc op  1000..1100\n  svc x  1010..1090\n    svc y  1020..0")

    assert report.headline == "op took 100 ms; most of it (80 ms) is x by svc."
    assert [one.operation for one in report.savings] == ["op"]


def test_a_damaged_span_is_marked_in_the_picture():
    report = explained("web GET /  0..1000\n  a x  0..900\n  a y  950..940")

    assert report.waterfall[-1].remark == "its times are impossible"
