from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from analyzers.investigation.investigate import compare_periods, investigate
from analyzers.report_base import Condition, Scope
from tests.analyzers.investigation.cohorts import (
    HOUR_NS,
    NOW_NS,
    question,
    records,
    repaired_of,
    searched,
    why,
)
from tests.analyzers.investigation.test_ranking import GAVE_UP_EARLY, PAY_FAILS, SHOP, SLOW_CODE, SLOW_WIRE
from tests.strategies import repaired_tables


def test_the_headline_says_what_how_much_and_where():
    report = why(SHOP, SLOW_CODE)

    assert report.headline.startswith("Requests are slower in the last hour: mean 2")
    assert report.headline.endswith("Almost all of it (99 %) is pay charge itself.")


def test_of_a_service_the_headline_speaks_of_the_service():
    assert why(SHOP, SLOW_CODE, scope="pay").headline.startswith("pay is slower in the last hour: mean ")


def test_what_did_not_change_is_not_slower():
    report = why(SHOP, SHOP)

    assert report.verdict == "not_slower"
    assert report.causes == ()
    assert report.headline.startswith("Requests are not slower in the last hour: mean ")


def test_what_became_quicker_is_faster():
    assert why(SLOW_CODE, SHOP).verdict == "faster"


def test_other_traffic_is_no_slowdown():
    light, heavy = "front GET /light  0..10", "front GET /heavy  0..900\n  front render  10..800"
    before = repaired_of(records(light, times=200), records(heavy, times=40, first=500))
    after = repaired_of(records(light, times=40, seed=5), records(heavy, times=200, first=500, seed=6))

    report = investigate(before, after, question())

    assert report.change.delta_ns > 0
    assert report.verdict == "not_slower"
    assert report.notes[0].startswith("other kinds of requests were made than before: that alone makes +")


def test_a_slowdown_that_other_traffic_hides_is_told():
    light, heavy = "front GET /light  0..{light}", "front GET /heavy  0..900\n  front render  10..800"
    before = repaired_of(records(light.format(light=10), times=100), records(heavy, times=100, first=500))
    after = repaired_of(
        records(light.format(light=100), times=190, seed=5), records(heavy, times=30, first=500, seed=6)
    )

    report = investigate(before, after, question())

    assert report.verdict == "slower"
    assert (
        "slower in the last hour, like held against like (other traffic hides it in the mean: "
        in report.headline
    )


def test_requests_that_fail_are_told_as_failing():
    report = why(SHOP, PAY_FAILS)

    assert report.verdict == "more_errors"
    assert report.headline.endswith("Most of it began in pay charge.")


def test_seven_requests_are_too_few_and_what_is_needed_is_said():
    report = why(SHOP, SLOW_CODE, times=7)

    assert report.verdict == "cannot_tell"
    assert report.confidence == "none"
    assert "7 requests" in report.headline
    assert "at least 30 needed. Ask for a longer period." in report.headline


def test_without_a_baseline_nothing_can_be_told():
    report = investigate(repaired_of(), repaired_of(records(SHOP)), question())

    assert report.verdict == "cannot_tell"
    assert "no requests to compare with between 16:00 and 17:00 UTC" in report.headline
    assert report.headline.endswith(
        "Ask for a shorter period, or compare with another one: vs yesterday, for example."
    )


def test_against_another_day_that_is_not_known_a_period_of_this_one_is_offered():
    yesterday = replace(question(), baseline=searched(NOW_NS - 25 * HOUR_NS, NOW_NS - 24 * HOUR_NS))

    report = investigate(repaired_of(), repaired_of(records(SHOP)), yesterday)

    assert report.headline.endswith("Compare with another period: vs previous hour, for example.")


def test_of_what_was_compared_it_says_that_the_change_cannot_be_told():
    asked = replace(question(), incident=searched(NOW_NS - HOUR_NS, NOW_NS, kind="compare"))

    report = compare_periods(repaired_of(), repaired_of(records(SHOP)), asked)

    assert report.headline.startswith("Cannot tell how requests changed in the last hour: ")


def test_values_asked_for_are_written_as_they_were_asked():
    where = (Condition(key="user.id", op="=", value="ABC"),)
    asked = replace(question(), incident=searched(NOW_NS - HOUR_NS, NOW_NS, where=where))

    few = investigate(repaired_of(), repaired_of(), asked)
    same = investigate(repaired_of(records(SHOP)), repaired_of(records(SHOP, seed=3)), asked)

    assert few.headline.startswith("Cannot tell why requests with user.id = ABC were slow in the last hour: ")
    assert same.headline.startswith("Requests with user.id = ABC are not slower in the last hour: ")


def test_what_explains_the_whole_change_is_all_of_it():
    grown = records("pay charge  0..100  server"), records("pay charge  0..400  server", seed=2)

    report = investigate(repaired_of(grown[0]), repaired_of(grown[1]), question())

    assert report.headline.endswith(". All of it is pay charge itself.")


def test_no_cause_is_surer_than_the_traces_it_was_read_from():
    lost = records(SHOP), records(SLOW_CODE, seed=2)
    for record in lost[1]:
        record.parent_id = record.parent_id or 77

    report = investigate(repaired_of(lost[0]), repaired_of(lost[1]), question())

    assert report.confidence == "low"
    assert {one.confidence for one in report.causes} == {"low"}


def test_however_long_the_names_the_answer_is_read_at_a_glance():
    statement = f"SELECT{'_a_column' * 300}"
    before, after = (
        f"front {statement}  0..110\n  pay {statement}  5..100",
        f"front {statement}  0..310\n  pay {statement}  5..300",
    )

    report = why(before, after, scope=Scope(service="front", operation=statement))

    assert report.verdict == "slower"
    assert len(report.headline) < 500
    assert max(len(text) for text in report.causes[0].evidence) < 300


def test_a_scope_that_matched_nothing_is_an_answer():
    assert why(SHOP, SLOW_CODE, scope="nowhere").verdict == "cannot_tell"


def test_what_ends_early_without_failing_is_told_besides():
    report = why(SHOP, GAVE_UP_EARLY)

    assert report.verdict == "faster"
    assert any(
        note.startswith("not slower, but charge ends without calling anybody") for note in report.notes
    )


def test_few_requests_that_are_very_much_slower_are_told():
    many, few = "front GET /light  0..10", "front GET /heavy  0..40\n  pay charge  5..20"
    slow = "front GET /heavy  0..240\n  pay charge  5..220"
    before = repaired_of(records(many, times=900), records(few, times=30, first=2000))
    after = repaired_of(records(many, times=900, seed=5), records(slow, times=30, first=2000, seed=6))

    report = investigate(before, after, question())

    assert report.verdict == "slower"
    assert report.causes[0].service == "pay"


def test_exemplars_are_traces_of_the_two_windows():
    exemplars = why(SHOP, SLOW_CODE).exemplars

    assert len(exemplars.slow) == len(exemplars.normal) == 3


def test_normal_exemplars_are_of_the_same_kind_as_the_slow_ones():
    fast = records("front GET /health  0..9  server", times=200, first=1_000)
    before = [*records("front GET /pay  0..100  server\n  pay charge  10..90  server"), *fast]
    after = records("front GET /pay  0..400  server\n  pay charge  10..390  server", seed=2)

    normal = investigate(repaired_of(before), repaired_of(after), question()).exemplars.normal

    assert len(normal) == 3
    assert {record.trace_id for record in fast}.isdisjoint(normal)


def test_periods_that_overlap_are_remarked_on():
    asked = question()
    overlapping = type(asked)(
        asked.incident, type(asked.incident)(asked.incident.asked, NOW_NS - 1, NOW_NS, asked.incident.now)
    )

    report = compare_periods(repaired_of(records(SHOP)), repaired_of(records(SLOW_CODE)), overlapping)

    assert any("overlap" in note for note in report.notes)


def test_weights_that_differ_between_the_periods_are_remarked_on():
    weighted = SHOP.replace("0..200   server", "0..200   server weight=10")

    report = investigate(repaired_of(records(SHOP)), repaired_of(records(weighted)), question())

    assert any("only one of the two periods says how it was sampled" in note for note in report.notes)


def test_operations_with_ids_in_their_names_are_one():
    pictures = [f"front GET /cart/{number}001  0..{{end}}" for number in range(1, 9)]
    before, after = (
        repaired_of(
            *(records(one.format(end=end), times=10, first=100 * at) for at, one in enumerate(pictures))
        )
        for end in (50, 300)
    )

    report = investigate(before, after, question())

    assert report.causes[0].operation == "GET /cart/{id}"
    assert any("with ids in their names" in note for note in report.notes)


@pytest.mark.parametrize("measure", ["p50", "p95"])
def test_parts_of_a_quantile_sum_to_its_change(measure):
    report = why(SHOP, SLOW_WIRE, measure=measure)

    assert sum(part.delta_ns for part in report.parts) == report.change.delta_ns


@settings(deadline=None, max_examples=25)
@given(repaired_tables(), repaired_tables())
def test_whatever_comes_gets_an_answer(before, after):
    for scope in (None, Scope(service="cart")):
        report = investigate(before, after, question(scope))

        assert report.verdict == "cannot_tell"
        assert report.headline
