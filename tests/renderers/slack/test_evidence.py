"""What an investigation stands on, in full: as much as Slack takes."""

from __future__ import annotations

from msgspec.structs import replace

from renderers.slack import SlackView, render_evidence
from tests.renderers.answers import WHY
from tests.renderers.slack.drawn import drawn
from tests.renderers.slack.limits import complaints

LONG = replace(WHY.causes[0], evidence=("x" * 400,) * 3)


def shown(report):
    return render_evidence(report, SlackView(report_id="r1"))


def test_every_cause_is_told_with_all_that_speaks_for_it():
    said = drawn(shown(replace(WHY, causes=(*WHY.causes, LONG, *WHY.causes))).blocks)

    assert "Cause 3, payment SELECT cards" in said
    assert "payment 2.4.0 was first seen at 14:51" in said


def test_what_the_slow_ones_share_is_told_with_what_it_would_be_without():
    said = drawn(shown(WHY).blocks)

    assert "service.version = 2.4.0" in said
    assert "without them it would be 415 ms; q = 0.0001" in said


def test_what_a_cause_explains_of_the_mean_is_not_called_a_share_of_a_quantile():
    quantile = replace(WHY, change=replace(WHY.change, measure="p95"))

    assert "94 % of the change" in drawn(shown(WHY).blocks)
    assert "94 % of what the mean rose" in drawn(shown(quantile).blocks)


def test_however_much_there_is_slack_takes_it():
    many = replace(
        WHY, causes=(LONG,) * 30, parts=WHY.parts * 40, impact=WHY.impact * 40, attributes=WHY.attributes * 20
    )
    message = shown(many)

    assert complaints({"text": message.text, "blocks": list(message.blocks)}) == []
