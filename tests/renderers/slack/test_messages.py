"""Answers in Slack: agreed pictures, and what a reader can rely on."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from analyzers.report import Choice
from analyzers.report_base import Understood
from renderers.slack import (
    BackendState,
    HomeState,
    Links,
    RecentQuestion,
    SlackView,
    render_failure,
    render_home,
    render_progress,
    render_refusal,
    render_report,
    render_unfurl,
    suggested_prompts,
)
from renderers.slack.actions import read_chosen, read_place
from renderers.slack.escaping import escaped
from tests.renderers.answers import ANSWERS, ERRORS, FOUND, OPERATIONS, SLOWEST
from tests.renderers.reports import CHOICE, FAILURE, SLOW_CHECKOUT, UNKNOWN_TRACE
from tests.renderers.slack.drawn import drawn

LINKS = Links("https://jaeger.example/trace/{trace_id}")
PRAGUE = ZoneInfo("Europe/Prague")
VIEW = SlackView(report_id="r1", links=LINKS, zone=PRAGUE)
EPHEMERAL = SlackView(report_id="r1", links=LINKS, zone=PRAGUE, ephemeral=True)
HELP = Choice(
    question="help", asked_at="", headline="", confidence="high", understood=Understood(kind="help")
)
REPORTS = {
    **ANSWERS,
    "slow_checkout": SLOW_CHECKOUT,
    "unknown_trace": UNKNOWN_TRACE,
    "choice": CHOICE,
    "failure": FAILURE,
    "help": HELP,
}


def shown(report, view=VIEW):
    return drawn(render_report(report, view).blocks)


def lines(report, view=VIEW):
    return shown(report, view).splitlines()


def elements(report, view=VIEW):
    rows = (one for one in render_report(report, view).blocks if one["type"] == "actions")
    return [element for row in rows for element in row["elements"]]


@pytest.mark.parametrize("name", REPORTS)
def test_every_kind_of_answer_looks_as_agreed(golden, name):
    text = shown(REPORTS[name], EPHEMERAL)

    assert text == golden(f"slack/{name}.txt", text)


def test_the_blocks_of_a_breakdown_are_as_agreed(golden):
    rendered = render_report(SLOW_CHECKOUT, EPHEMERAL)

    text = json.dumps({"text": rendered.text, "blocks": rendered.blocks}, indent=1, ensure_ascii=False) + "\n"

    assert text == golden("slack/slow_checkout.json", text)


def test_the_home_tab_looks_as_agreed(golden):
    recent = RecentQuestion("r1", "slowest checkout", SLOWEST.headline, "2026-11-22T14:30:00.000000000Z")
    state = HomeState(
        recent=(recent,),
        backends=(
            BackendState("prod", works=True, detail="traces of 14 days"),
            BackendState("old", works=False),
        ),
        bot=("tracewhy 0.1.0, running for 3 d",),
    )

    text = drawn(render_home(state)["blocks"])

    assert text == golden("slack/home.txt", text)


def test_an_unfurled_link_is_the_headline_and_what_to_look_at(golden):
    text = drawn(render_unfurl(SLOW_CHECKOUT, VIEW)["blocks"])

    assert text == golden("slack/unfurl.txt", text)


@pytest.mark.parametrize("name", REPORTS)
def test_the_headline_comes_first_and_is_what_a_notification_says(name):
    rendered = render_report(REPORTS[name], VIEW)

    first = rendered.blocks[0]["elements"][0]["elements"][0]["text"]
    assert rendered.text == escaped(first)


def test_no_line_of_figures_is_wider_than_a_phone_takes():
    wide = replace(
        SLOWEST, traces=tuple(replace(one, bottleneck=replace(one.bottleneck, operation="x" * 200)) for one in SLOWEST.traces)
    )  # fmt: skip
    inside = shown(wide).split("```")[1]

    assert max(map(len, inside.splitlines())) <= 52


def test_an_answer_that_is_not_kept_has_no_buttons():
    assert elements(SLOWEST, SlackView()) == []
    assert "(useful)" not in shown(SLOWEST, SlackView())


def test_only_what_one_person_sees_can_be_shared():
    assert "Share to channel" in shown(SLOWEST, SlackView(report_id="r1", ephemeral=True))
    assert "Share to channel" not in shown(SLOWEST, SlackView(report_id="r1"))


def test_why_is_offered():
    assert "[Why" in shown(SLOWEST, EPHEMERAL)
    assert "/trace why" in shown(HELP, EPHEMERAL)


def test_values_are_opaque_and_can_be_read_back():
    buttons = [one for one in elements(SLOWEST, EPHEMERAL) if one["type"] == "button"]
    menu = elements(SLOWEST, EPHEMERAL)[-1]

    assert [read_place(one["value"]) for one in buttons] == [("r1", 0)] * 3
    assert [read_chosen(one["value"]) for one in menu["options"]] == [
        ("errors", "r1:0"),
        ("show_trace", "r1:1"),
        ("show_trace", "r1:2"),
    ]


def test_three_buttons_are_in_sight_and_the_rest_in_a_menu():
    kinds = [one["type"] for one in elements(SLOWEST, EPHEMERAL)]

    assert kinds == ["button", "button", "button", "overflow"]


def replace_view(**changes):
    return SlackView(report_id="r1", **changes)


def test_a_question_asked_back_is_not_rated_and_not_shared():
    text = shown(CHOICE, EPHEMERAL)

    assert "useful" not in text
    assert "Share" not in text


def test_candidates_are_questions_not_commands_of_a_terminal():
    text = shown(CHOICE)

    assert "tracewhy ask" not in text
    assert "4bf92f3577b34da6a3ce929d0e0e4736" in text


def test_what_is_left_out_is_counted_and_can_be_seen():
    many = replace(SLOWEST, traces=SLOWEST.traces * 40)

    first = lines(many)
    more = next(one for one in elements(many) if one["action_id"].startswith("more"))
    _, offset = read_place(more["value"])
    second = lines(many, replace_view(offset=offset))

    assert "... and 110 more" in first
    assert any(line.startswith((f"{offset + 1} ", f" {offset + 1} ")) for line in second)
    assert not any(line.startswith("- ") for line in second)


@pytest.mark.parametrize("report", [SLOWEST, FOUND, ERRORS, OPERATIONS, SLOW_CHECKOUT])
def test_going_on_shows_every_row_and_comes_to_an_end(report):
    many = multiplied_lists(report)
    offsets = [0]

    for _ in range(200):
        more = [
            one
            for one in elements(many, replace_view(offset=offsets[-1]))
            if one["action_id"].startswith("more")
        ]
        if not more:
            break
        offsets.append(read_place(more[0]["value"])[1])

    assert len(offsets) > 2
    assert offsets == sorted(set(offsets))
    assert not more


def multiplied_lists(report):
    lists = {
        name: getattr(report, name) * 30
        for name in ("traces", "services", "rows", "waterfall", "parts")
        if getattr(report, name, ())
    }
    return replace(report, **lists)


def test_times_are_shown_in_each_readers_zone_with_that_of_the_asker_to_fall_back_to():
    text = shown(SLOW_CHECKOUT)

    assert "<!date^1795356311^{date_short_pretty} {time_secs}|2026-11-22 15:05:11 CET>" in text


def test_traces_link_only_to_the_host_that_was_named():
    assert "<https://jaeger.example/trace/4bf92f3577b34da6a3ce929d0e0e4736|4bf92f35>" in shown(SLOW_CHECKOUT)
    assert "http" not in shown(SLOW_CHECKOUT, SlackView()).replace("jaeger://", "")


def test_text_is_cut_before_it_is_escaped():
    rendered = render_report(replace(SLOWEST, headline="&" * 400), VIEW)

    assert rendered.text == "&amp;" * 299 + "…"


def test_progress_can_be_cancelled_where_it_has_an_id():
    text = drawn(render_progress("Reading 12,000 spans...", "w1").blocks)

    assert text == "~ Reading 12,000 spans...\n[Cancel = cancel w1:0]\n"
    assert drawn(render_progress("Reading...").blocks) == "~ Reading...\n"


def test_a_refusal_says_what_to_do():
    text = drawn(render_refusal("This channel may not ask.", "Ask #observability.").blocks)

    assert text == "**This channel may not ask.**\nAsk #observability.\n"


def test_a_failure_says_what_to_do():
    text = drawn(render_failure(FAILURE, VIEW).blocks)

    assert text == f"**{FAILURE.problem}**\n{FAILURE.advice}\n"


def test_who_may_not_ask_sees_nothing_else_at_home():
    text = drawn(render_home(HomeState(allowed=False, refusal="Ask #observability."))["blocks"])

    assert text == "**You may not ask here.**\nAsk #observability.\n"


def test_three_things_at_most_are_suggested():
    assert [one["message"] for one in suggested_prompts()] == [
        "why is it slow",
        "slowest last 1h",
        "errors last 1h",
    ]


def test_a_place_without_a_name_is_said_to_have_none():
    (saving, *_), (error, *_) = SLOW_CHECKOUT.savings, SLOW_CHECKOUT.errors
    nameless = replace(
        SLOW_CHECKOUT,
        patterns=(),
        savings=(replace(saving, operation=""),),
        errors=(replace(error, operation=""),),
    )

    text = shown(nameless)

    assert "without payment (no name) it would end" in text
    assert "inventory (no name): CacheMiss" in text
