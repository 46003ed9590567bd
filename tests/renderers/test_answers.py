"""Answers about a period on a terminal."""

import re
import shlex
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len

from analyzers.report import Candidate, Choice
from renderers.clean import with_every_text
from renderers.terminal import render_terminal
from tests.renderers.answers import ANSWERS, OPERATIONS, SLOWEST, WHY

PRAGUE = ZoneInfo("Europe/Prague")
SGR = re.compile(r"\x1b\[[0-9;]*m")

OTHER_WINDOW = replace(SLOWEST.window, start="2026-11-21T13:30:00Z", end="2026-11-21T14:30:00Z")


def plain(report, width=80, encoding="utf-8"):
    return render_terminal(report, width=width, colour=False, zone=PRAGUE, encoding=encoding)


@pytest.mark.parametrize("width", [80, 120, 200])
@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_looks_as_agreed(golden, name, width):
    text = plain(ANSWERS[name], width)

    assert text == golden(f"{name}_{width}.txt", text)


@pytest.mark.parametrize("name", ANSWERS)
def test_colours_only_repeat_what_the_words_say(name):
    coloured = render_terminal(ANSWERS[name], width=100, colour=True, zone=PRAGUE)

    assert SGR.sub("", coloured) == plain(ANSWERS[name], 100)


@pytest.mark.parametrize("name", ANSWERS)
def test_an_ascii_terminal_gets_ascii(name):
    assert plain(ANSWERS[name], 100, encoding="ascii").isascii()


@pytest.mark.parametrize("name", ANSWERS)
@settings(max_examples=25, deadline=None)
@given(text=st.text(st.characters(codec="utf-8"), max_size=120), width=st.integers(20, 130))
def test_no_line_is_wider_than_the_page_whatever_the_names(name, text, width):
    named = with_every_text(ANSWERS[name], lambda old: old if old[:4] == "2026" else text + old)

    page = plain(named, width)

    assert max(cell_len(line) for line in page.splitlines()) <= max(width, 40)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", page)


def test_a_narrow_page_keeps_durations_and_ids():
    text = plain(SLOWEST, 40)

    assert "4.12 s" in text
    assert "00000005" in text


def test_the_next_question_is_the_slowest_trace_in_the_same_store():
    text = plain(SLOWEST, 200)

    assert f"tracewhy ask {SLOWEST.traces[0].trace_id} --backend jaeger://127.0.0.1:16686" in text


def test_doubts_stand_beneath_the_headline():
    assert "confidence low" in plain(replace(SLOWEST, confidence="low"))


def test_a_share_too_small_to_tell_has_no_sign():
    small = replace(WHY.parts[0], service="inventory", delta_ns=-1_000_000)
    text = plain(replace(WHY, parts=(WHY.parts[0], small)))

    assert "-under" not in text
    assert re.search(r"rest \(1 place\) .* under 1 %", text)


def test_of_one_period_with_two_versions_the_period_is_not_told_twice():
    assert "against" in plain(replace(WHY, baseline_window=OTHER_WINDOW)).split("causes")[1]
    assert "\n  against" not in plain(replace(WHY, baseline_window=WHY.window))


def test_columns_that_say_nothing_leave_their_room_to_names():
    gone = replace(WHY.parts[0], more_calls_ns=0, slower_calls_ns=0, new_ns=WHY.parts[0].delta_ns)

    text = plain(replace(WHY, parts=(gone,)))

    assert "more calls" not in text
    assert "new on the path" in text


def test_a_way_is_named_once():
    way = replace(
        WHY.causes[0], service="b", caller="a", evidence=("a → b: on the wire 4 ms → 120 ms a call",)
    )

    assert "a → b: on the wire 4 ms" in plain(replace(WHY, causes=(way,)))
    assert "a → b: a → b" not in plain(replace(WHY, causes=(way,)))


def test_a_time_too_small_to_tell_has_no_sign():
    parts = tuple(replace(WHY.parts[0], slower_calls_ns=some) for some in (40_000, -40_000))

    assert not re.search(r"[+-]<", plain(replace(WHY, parts=parts)))


def test_what_the_headline_names_besides_is_told_even_if_it_is_a_guess():
    guess = replace(WHY.causes[0], service="cart", confidence="low", evidence=())

    assert "cart SELECT cards" in plain(replace(WHY, causes=(WHY.causes[0], replace(guess, share=0.5))))
    assert "cart SELECT cards" not in plain(replace(WHY, causes=(WHY.causes[0], replace(guess, share=0.1))))


def test_of_a_long_table_it_is_said_how_many_rows_are_not_on_the_page():
    many = replace(OPERATIONS, rows=OPERATIONS.rows[:1] * 1_300)

    assert "\n  and 1,260 more in the JSON\n" in plain(many)
    assert "more in the JSON" not in plain(OPERATIONS)


@pytest.mark.parametrize("width", [60, 80])
def test_a_command_that_is_longer_than_the_page_can_be_copied_all_the_same(width):
    question = "why checkout 2026-11-27T14:00:00Z - 2026-11-27T15:00:00Z vs 2026-11-27T13:00:00Z - 2026-11-27T14:00:00Z"
    command = ["tracewhy", "ask", question, "--backend", "/var/" + "traces/" * 30]
    again = Candidate(text=shlex.join(command), why="the service")
    choice = Choice(
        question="why checkout", asked_at="now", headline="?", confidence="none", candidates=(again,)
    )

    page = plain(choice, width)

    copied = page.partition("\n\n")[2].rpartition("\n    the service")[0]
    assert shlex.split(copied.replace("\\\n", "")) == command
    assert max(map(len, page.splitlines())) <= width
