"""Laws that hold for every message, whatever a trace brings."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderers.slack import (
    BackendState,
    HomeState,
    Links,
    RecentQuestion,
    SlackView,
    render_home,
    render_options,
    render_progress,
    render_refusal,
    render_report,
    render_unfurl,
)
from tests.renderers.reports import SLOW_CHECKOUT
from tests.renderers.slack.hostile import ATTACKS, REPORTS, hostile_texts, multiplied, with_texts
from tests.renderers.slack.limits import complaints

LINKS = Links("https://jaeger.example/trace/{trace_id}")
views = st.builds(
    SlackView,
    report_id=st.sampled_from([None, "r" * 32]),
    links=st.just(LINKS),
    ephemeral=st.booleans(),
    offset=st.sampled_from([0, 0, 0, 7, 10_000]),
)


def as_message(rendered):
    return {"text": rendered.text, "blocks": list(rendered.blocks)}


@settings(max_examples=100, deadline=None)
@given(
    report=st.sampled_from(list(REPORTS.values())),
    texts=st.lists(hostile_texts, min_size=1, max_size=5),
    times=st.sampled_from([1, 1, 3, 200]),
    view=views,
)
def test_every_message_is_one_that_slack_takes(report, texts, times, view):
    hostile = multiplied(with_texts(report, texts), times)

    assert complaints(as_message(render_report(hostile, view))) == []


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("name", REPORTS)
def test_no_attack_gets_through_any_kind_of_answer(name, attack):
    hostile = multiplied(with_texts(REPORTS[name], [attack]), 30)

    rendered = render_report(hostile, SlackView(report_id="r1", ephemeral=True))

    assert complaints(as_message(rendered)) == []


@settings(max_examples=60, deadline=None)
@given(text=hostile_texts, other=hostile_texts)
def test_small_messages_are_taken_too(text, other):
    assert complaints(as_message(render_progress(text, "work1"))) == []
    assert complaints(as_message(render_refusal(text, other))) == []


@settings(max_examples=25, deadline=None)
@given(text=hostile_texts, other=hostile_texts)
def test_every_home_is_one_that_slack_takes(text, other):
    state = HomeState(
        recent=(RecentQuestion("r1", text, other, text),) * 20,
        backends=(BackendState(text, works=False, detail=other),) * 30,
        bot=(text, other),
    )

    assert complaints(render_home(state), "home") == []
    assert complaints(render_home(HomeState(allowed=False, refusal=text)), "home") == []


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(hostile_texts, min_size=1, max_size=4))
def test_every_unfurled_link_is_one_that_slack_takes(texts):
    attachment = render_unfurl(multiplied(with_texts(SLOW_CHECKOUT, texts), 3), SlackView(links=LINKS))

    assert complaints({"text": "unfurled", **attachment}) == []


@settings(max_examples=60, deadline=None)
@given(names=st.lists(hostile_texts, max_size=150))
def test_offered_names_fit_into_a_menu_and_come_back_whole(names):
    options = render_options(names)["options"]

    assert len(options) <= 100
    assert all(0 < len(one["text"]["text"].strip()) <= 75 and one["value"] in names for one in options)
    assert all(len(one["value"]) <= 150 for one in options)


def test_the_same_report_gives_the_same_message():
    view = SlackView(report_id="r1")

    first, second = (json.dumps(render_report(SLOW_CHECKOUT, view).blocks) for _ in range(2))

    assert first == second
