"""What messages are made of: ids and values, links, times, cut and escaped text, and the form."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.questions.parse import parse_by_grammar
from renderers.slack import Links, question_of_form, render_ask_view, render_options
from renderers.slack.actions import action_of, chosen, ids_of, numbered, place_value, read_chosen, read_place
from renderers.slack.dates import date_markup, period_markup
from renderers.slack.escaping import cut, escaped, isolated, json_length
from tests.renderers.slack.limits import complaints

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)


def filled_in(**fields):
    """The `state.values` of a form; what is not named is left empty."""
    names = ("ask_kind", "ask_service", "ask_operation", "ask_period")
    values = {
        name: {name: {"selected_option": {"value": fields[name]} if name in fields else None}}
        for name in names
    }
    return {**values, "ask_where": {"ask_where": {"value": fields.get("ask_where")}}}


@given(report_id=st.from_regex(r"[A-Za-z0-9_-]{1,60}", fullmatch=True), place=st.integers(0, 99_999))
def test_values_are_read_as_they_were_written(report_id, place):
    value = place_value(report_id, place)

    assert read_place(value) == (report_id, place)
    assert read_chosen(chosen("useful", value)) == ("useful", value)


@pytest.mark.parametrize(
    "value", ["", "r1", "r1:", ":1", "r1:-1", "r1:1\n", "r 1:1", "r1:1:1", "a" * 101 + ":1"]
)
def test_a_value_that_is_not_ours_is_none(value):
    assert read_place(value) is None
    assert read_chosen(value) is None


def test_numbered_ids_belong_to_their_action():
    assert action_of(numbered("show_trace", 2)) == "show_trace"
    assert ids_of("show_trace").match("show_trace.2")
    assert not ids_of("show_trace").match("show_traces")


@pytest.mark.parametrize(
    ("template", "trace_id"),
    [
        (None, "4bf92f3577b34da6"),
        ("javascript:alert({trace_id})", "4bf92f3577b34da6"),
        ("https://user:secret@jaeger.example/{trace_id}", "4bf92f3577b34da6"),
        ("https://jaeger.example/{trace_id}", "4bf92f35|<!channel>"),
        ("https://jaeger.example/{trace_id}", ""),
        ("https://" + "a" * 4_000 + "/{trace_id}", "4bf92f3577b34da6"),
    ],
)
def test_what_may_not_be_linked_to_is_not(template, trace_id):
    assert Links(template).to_trace(trace_id) is None


def test_further_hosts_may_be_linked_to():
    links = Links(hosts=frozenset({"grafana.example"}))

    assert links.checked("https://grafana.example/a?b=<c>|d") == "https://grafana.example/a?b=%3Cc%3E%7Cd"
    assert links.checked("https://grafana.example.evil/") is None
    assert links.checked("http://[") is None


@pytest.mark.parametrize(
    ("instant", "markup"),
    [
        ("2026-11-22T14:05:11.000000000Z", "<!date^1795356311^{time_secs}|14:05:11 UTC>"),
        ("2026-11-22T14:05:11.999999999Z", "<!date^1795356311^{time_secs}|14:05:11 UTC>"),
        ("yesterday <!here>", "yesterday &lt;!here&gt;"),
        ("9999-12-31T23:59:59Z", "9999-12-31 23:59:59 UTC"),
        ("1900-01-01T00:00:00Z", "1900-01-01 00:00:00 UTC"),
        ("", ""),
    ],
)
def test_instants_become_times_that_slack_shows(instant, markup):
    assert date_markup(instant, UTC, "{time_secs}") == markup


def test_a_period_names_its_day_once():
    text = period_markup("2026-11-22T13:30:00Z", "2026-11-22T14:30:00Z", UTC)

    assert text.count("date_short_pretty") == 1


@given(text=st.text(), most=st.integers(1, 50))
def test_cut_text_is_short_in_characters_and_in_json(text, most):
    short = cut(text, most)

    assert len(short) <= max(most, 1) + 1
    assert json_length(short) <= 3 * most + 20


@given(text=st.text())
def test_escaped_text_holds_no_markup(text):
    assert not set(escaped(text)) & set("<>")
    assert escaped(text).count("&") == text.count("&") + text.count("<") + text.count(">")


def test_only_letters_from_right_to_left_are_kept_apart():
    assert isolated("GET /cart") == "GET /cart"
    assert isolated("日本") == "日本"
    assert isolated("שלום 3") == "\u2068שלום 3\u2069"


def test_the_form_is_one_that_slack_takes():
    assert complaints(render_ask_view(), "modal") == []


def test_the_form_offers_to_ask_why():
    assert "Why it is slow" in str(render_ask_view())


@pytest.mark.parametrize(
    ("fields", "question"),
    [
        ({}, "slowest last 1h"),
        (
            {
                "ask_kind": "slowest",
                "ask_service": "payment",
                "ask_operation": "POST /charge",
                "ask_period": "today",
            },
            "slowest payment POST /charge today",
        ),
        ({"ask_kind": "errors", "ask_where": "a=1 \n and b>2"}, "errors last 1h where a=1 and b>2"),
        (
            {
                "ask_kind": "find",
                "ask_where": "user.id=42",
                "ask_service": "checkout",
                "ask_period": "yesterday",
            },
            "find user.id=42 in checkout yesterday",
        ),
        (
            {"ask_kind": "operations", "ask_service": "checkout", "ask_where": "a=1"},
            "operations checkout last 1h",
        ),
        ({"ask_kind": "services", "ask_service": "checkout", "ask_period": "last 7d"}, "services last 7d"),
    ],
)
def test_the_form_asks_what_one_could_type(fields, question):
    assert question_of_form(filled_in(**fields)) == question
    assert parse_by_grammar(question, now=NOW, zone=UTC) is not None


def test_a_name_that_a_menu_cannot_give_back_whole_is_not_offered():
    options = render_options(["a" * 150, "b" * 151, "", "c", "c"])["options"]

    assert [one["value"] for one in options] == ["a" * 150, "c"]
