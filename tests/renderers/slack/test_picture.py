"""A picture in an answer: beside the words, never in their place."""

from __future__ import annotations

import pytest

from renderers.slack import Picture, SlackView, render_report
from tests.renderers.answers import ANSWERS, SLOWEST
from tests.renderers.slack.limits import complaints

CHART = Picture("F0123456789", "Slowest", "Bars of ten traces. " * 200)


def shown(report, offset=0):
    return render_report(report, SlackView(report_id="r1", picture=CHART, offset=offset))


@pytest.mark.parametrize("kind", ANSWERS)
def test_an_answer_with_a_picture_is_within_slacks_limits(kind):
    message = shown(ANSWERS[kind])

    assert complaints({"text": message.text, "blocks": list(message.blocks)}) == []


def test_a_picture_stands_after_the_evidence_in_words():
    kinds = [block["type"] for block in shown(SLOWEST).blocks]

    assert kinds.index("image") > kinds.index("rich_text")
    assert kinds.index("image") < kinds.index("actions")


def test_the_rest_of_a_list_does_not_show_the_picture_again():
    assert "image" not in [block["type"] for block in shown(SLOWEST, offset=5).blocks]
