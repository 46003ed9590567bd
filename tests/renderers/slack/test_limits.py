"""The judge of messages: it must refuse what Slack refuses, or it proves nothing."""

from __future__ import annotations

import copy

import pytest

from renderers.slack import SlackView, render_report
from tests.renderers.answers import SLOWEST
from tests.renderers.slack.limits import complaints


def message():
    made = render_report(SLOWEST, SlackView(report_id="r1", ephemeral=True))
    return copy.deepcopy({"text": made.text, "blocks": list(made.blocks)})


def block(kind):
    return lambda one: next(each for each in one["blocks"] if each["type"] == kind)


def button(one):
    return block("actions")(one)["elements"][0]


def markup(one):
    return block("context")(one)["elements"][0]


def rich(one):
    return one["blocks"][0]["elements"][0]["elements"]


BREAKS = {
    "no blocks": lambda one: one["blocks"].clear(),
    "51 blocks": lambda one: one["blocks"].extend([{"type": "divider"}] * 51),
    "no fallback": lambda one: one.update(text=" "),
    "a channel mentioned in the fallback": lambda one: one.update(text="<!channel>"),
    "a person mentioned in the fallback": lambda one: one.update(text="<@U1>"),
    "half an entity": lambda one: one.update(text="a &am"),
    "a bare ampersand": lambda one: one.update(text="a & b"),
    "a link to nowhere": lambda one: one.update(text="<javascript:alert(1)|x>"),
    "too much JSON": lambda one: one.update(text="a" * 10_001),
    "dear characters": lambda one: one.update(text="本" * 1_700),
    "a mention in small print": lambda one: markup(one).update(text="<!here>"),
    "small print that links names": lambda one: markup(one).pop("verbatim"),
    "small print too long": lambda one: markup(one).update(text="a" * 2_001),
    "small print without text": lambda one: markup(one).update(text=""),
    "11 elements of small print": lambda one: block("context")(one).update(elements=[markup(one)] * 11),
    "a mention in rich text": lambda one: rich(one).append({"type": "user", "user_id": "U1"}),
    "a broadcast in rich text": lambda one: rich(one).append({"type": "broadcast", "range": "channel"}),
    "an emptied rich text": lambda one: rich(one).clear(),
    "rich text without text": lambda one: rich(one)[0].update(text=""),
    "a control character": lambda one: rich(one)[0].update(text="a\x1b[2J"),
    "text turned around": lambda one: rich(one)[0].update(text="a\u202eb"),
    "a label of 76 characters": lambda one: button(one)["text"].update(text="a" * 76),
    "a label without text": lambda one: button(one)["text"].update(text=""),
    "a label with markup": lambda one: button(one)["text"].update(type="mrkdwn"),
    "a value of 2,001 characters": lambda one: button(one).update(value="a" * 2_001),
    "an id of 256 characters": lambda one: button(one).update(action_id="a" * 256),
    "one id twice": lambda one: block("actions")(one)["elements"].append(button(one)),
    "26 buttons": lambda one: block("actions")(one).update(elements=[button(one)] * 26),
    "6 options in a menu": lambda one: block("actions")(one)["elements"][-1].update(
        options=[{"text": button(one)["text"], "value": "a"}] * 6
    ),
    "an option's value of 151 characters": lambda one: block("actions")(one)["elements"][-1]["options"][
        0
    ].update(value="a" * 151),
    "a block that nobody knows": lambda one: one["blocks"].append({"type": "video"}),
    "a long block_id": lambda one: one["blocks"][0].update(block_id="a" * 256),
}


def test_what_we_make_is_taken():
    assert complaints(message()) == []


@pytest.mark.parametrize("name", BREAKS)
def test_what_slack_refuses_is_refused(name):
    broken = message()

    BREAKS[name](broken)

    assert complaints(broken) != []
