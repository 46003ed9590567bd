"""What an investigation stands on, in full: as much as Slack takes."""

from __future__ import annotations

from msgspec.structs import replace

from renderers.slack import SlackView, render_evidence, render_report
from tests.renderers.answers import WHY
from tests.renderers.slack.drawn import drawn
from tests.renderers.slack.limits import complaints

VIEW = SlackView(report_id="r1")
LONG = replace(WHY.causes[0], evidence=("x" * 400,) * 3)


def shown(report):
    return render_evidence(report, VIEW)


def test_every_cause_is_told_with_all_that_speaks_for_it():
    said = drawn(shown(replace(WHY, causes=(*WHY.causes, LONG, *WHY.causes))).blocks)

    assert "Cause 3, payment SELECT cards" in said
    assert "payment 2.4.0 was first seen at 14:51" in said


def test_the_place_of_a_cause_is_not_said_twice_in_a_line():
    cause = replace(WHY.causes[0], evidence=("payment SELECT cards: its own time 20 ms → 90 ms a call",))

    for message in (shown(replace(WHY, causes=(cause,))), render_report(replace(WHY, causes=(cause,)), VIEW)):
        said = drawn(message.blocks)
        assert "its own time 20 ms → 90 ms a call" in said
        assert "SELECT cards: its own time" not in said


def test_how_sure_is_said_however_long_the_evidence_is():
    said = drawn(render_report(replace(WHY, causes=(LONG,)), VIEW).blocks)

    assert "explains +1.14 s (94 %), confidence high: x" in said


def test_what_the_slow_ones_share_is_told_with_what_it_would_be_without():
    said = drawn(shown(WHY).blocks)

    assert "service.version = 2.4.0" in said
    assert "without them it would be 415 ms; q = 0.0001" in said


def test_what_a_cause_explains_of_the_mean_is_not_called_a_share_of_a_quantile():
    quantile = replace(WHY, change=replace(WHY.change, measure="p95"))

    assert "(94 %)" in drawn(shown(WHY).blocks)
    assert "(94 % of what the mean rose)" in drawn(shown(quantile).blocks)


def test_what_speaks_for_a_cause_is_not_cut_where_it_is_long():
    said = drawn(shown(replace(WHY, causes=(replace(LONG, evidence=("x" * 150,) * 4),))).blocks)

    assert said.count("x" * 150) == 4


def test_the_sum_goes_on_where_slack_takes_no_more_of_it():
    message = shown(replace(WHY, parts=WHY.parts * 30))
    rest = render_report(replace(WHY, parts=WHY.parts * 30), SlackView(report_id="r1", offset=100))

    assert "Show more" in drawn(message.blocks)
    assert drawn(rest.blocks).count("SELECT cards") == 1 + 5


def test_however_much_there_is_slack_takes_it():
    many = replace(
        WHY, causes=(LONG,) * 30, parts=WHY.parts * 40, impact=WHY.impact * 40, attributes=WHY.attributes * 20
    )
    message = shown(many)

    assert complaints({"text": message.text, "blocks": list(message.blocks)}) == []
