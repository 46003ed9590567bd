"""What a question leaves out, or asks for either of: never taken for its opposite, or for half of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.questions.groups import UnknownGroup
from bot.questions.not_understood import NotUnderstood
from bot.questions.parse import parse as parse_at

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
NAMES = [("checkout", "POST /checkout"), ("payment", "charge")]


def parse(text, names=NAMES):
    return parse_at(text, now=NOW, zone=UTC, names=names).intent


def refused(text, names=NAMES):
    with pytest.raises(NotUnderstood) as raised:
        parse(text, names)
    return raised.value


@pytest.mark.parametrize(
    "text",
    [
        "slowest checkout excluding gold users",
        "slowest without gold users",
        "errors not for gold users",
        "errors for non-gold users",
        "slowest for all but gold users",
    ],
)
def test_people_of_a_kind_are_not_left_out_by_asking_about_them(text):
    left_out = refused(text)

    assert not isinstance(left_out, UnknownGroup)
    assert "user.tier!=gold" in left_out.advice


@pytest.mark.parametrize(
    "text",
    [
        "slowest for gold users or silver users",
        "slowest for gold and silver users",
        "errors for gold or silver users",
        "slowest for user 42 and gold users",
        "slowest for gold users and customer C-7",
        "why are gold users slower than silver users",
    ],
)
def test_of_two_kinds_of_people_none_is_dropped(text):
    several = refused(text)

    assert not isinstance(several, UnknownGroup)
    assert "only one" in several.problem


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("why is checkout slow for gold customer 4711", "why is checkout slow for customer 4711"),
        ("errors for gold user 42 last 2h", "errors for user 42 last 2h"),
    ],
)
def test_one_of_a_kind_of_people_is_asked_back_with_their_id(text, again):
    one = refused(text)

    assert not isinstance(one, UnknownGroup)
    assert [candidate.text for candidate in one.candidates] == [again]
    assert parse(again).where


@pytest.mark.parametrize("text", ["slowest for gold users 30m", "errors for gold users at 14:05"])
def test_a_period_after_people_of_a_kind_is_none_of_them(text):
    assert isinstance(refused(text), UnknownGroup)


@pytest.mark.parametrize(
    "text",
    [
        "errors except payment",
        "errors not in checkout",
        "slowest not checkout",
        "slowest without checkout",
        "errors of all but payment",
        "show me everything except checkout",
    ],
)
def test_a_place_that_is_left_out_is_not_asked_about(text):
    assert "cannot be left out" in refused(text).problem


@pytest.mark.parametrize(
    "text", ["errors except payment", "slowest not in checkout", "errors of all but payment"]
)
def test_a_place_is_left_out_also_where_no_names_are_known(text):
    assert "cannot be left out" in refused(text, []).problem


@pytest.mark.parametrize(
    "text", ["find user 42 or user 43", "find user 42 and user 43", "errors for user 42 or order 43"]
)
def test_two_of_a_kind_are_not_looked_for_on_one_span(text):
    assert "at a time" in refused(text).advice


@pytest.mark.parametrize("text", ["errors without user 42", "find traces except for user.id=42"])
def test_what_is_left_out_by_its_id_is_not_asked_about(text):
    assert "!=" in refused(text).advice


@pytest.mark.parametrize(
    "text",
    [
        "is payment not working",
        "why is checkout not responding",
        "why is payment not ok",
        "find user.id=42 and order.id=43",
    ],
)
def test_what_is_not_as_it_should_be_is_still_a_question(text):
    assert parse(text)
