"""Conditions on attributes, read and checked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.report_base import Condition
from bot.questions.conditions import condition_text, find_conditions, least_duration_ns, matches
from bot.questions.not_understood import NotUnderstood


def condition(key, op, value):
    return Condition(key=key, op=op, value=value)


@pytest.mark.parametrize(
    ("text", "expected", "rest"),
    [
        ("where user.id=42", [("user.id", "=", "42")], ""),
        ("slowest where a==1 and b!=2", [("a", "=", "1"), ("b", "!=", "2")], "slowest"),
        ("errors where n>=500", [("n", ">=", "500")], "errors"),
        ("find tier='gold plus' at 14:05", [("tier", "=", "gold plus")], "find at 14:05"),
        ("user 42 at 14:05", [("user.id", "=", "42")], "at 14:05"),
        ("traces of order #4711", [("order.id", "=", "4711")], "traces"),
        ("user ann@example.com", [("user.id", "=", "ann@example.com")], ""),
        ("user 14:05", [], "user 14:05"),
        ("slowest order service", [], "slowest order service"),
    ],
)
def test_conditions_are_taken_out_of_the_text(text, expected, rest):
    found = find_conditions(text)

    assert [(one.key, one.op, one.value) for one in found.where] == expected
    assert found.rest == rest


@pytest.mark.parametrize("text", ["slowest where", "=5", "find key=", "a= b=", "x>"])
def test_half_a_condition_is_an_error_that_shows_a_whole_one(text):
    with pytest.raises(NotUnderstood, match=r"user\.id=42"):
        find_conditions(text)


def test_too_many_conditions_are_refused():
    with pytest.raises(NotUnderstood, match="at most 10"):
        find_conditions(" ".join(f"k{number}=1" for number in range(11)))


def test_words_of_the_business_can_be_others():
    assert find_conditions("ticket 7", {"ticket": "ticket.no"}).where == (condition("ticket.no", "=", "7"),)


@pytest.mark.parametrize(
    ("op", "value", "expected"),
    [
        ("=", "500", True),
        ("=", "500.0", False),
        ("!=", "200", True),
        ("!=", "500", False),
        (">", "499.5", True),
        (">", "500", False),
        (">=", "500", True),
        ("<", "1e3", True),
        ("<=", "499", False),
        (">", "abc", False),
    ],
)
def test_a_span_meets_a_condition_or_not(op, value, expected):
    assert matches({"code": "500"}, condition("code", op, value)) is expected


@pytest.mark.parametrize("op", ["=", "!=", "<", ">"])
def test_an_attribute_that_is_not_there_meets_nothing(op):
    assert not matches({}, condition("code", op, "1"))


@given(
    st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="\"'"), min_size=1, max_size=30)
)
def test_a_condition_as_text_reads_back_as_itself(value):
    one = condition("some.key", "=", value)

    assert find_conditions(condition_text(one)).where == (one,)


@pytest.mark.parametrize(
    ("text", "least_ns"),
    [
        ("where duration>2s", 2 * 10**9 + 1),
        ("where duration>=500ms", 500_000_000),
        ("where duration >= 1.5s", 1_500_000_000),
        ("took>1m", 60 * 10**9 + 1),
        ("requests slower than 300ms", 300_000_001),
        ("anything taking longer than 2 seconds", 2 * 10**9 + 1),
        ("calls over 10s", 10 * 10**9 + 1),
        ("where duration>2", None),
        ("where retries>2", None),
    ],
)
def test_a_length_of_time_is_a_condition_on_how_long_a_span_took(text, least_ns):
    (condition,) = find_conditions(text).where

    assert least_duration_ns(condition) == least_ns


@pytest.mark.parametrize("text", ["where duration<2s", "where duration<=2s", "find duration=2s"])
def test_only_a_least_duration_can_be_asked_for(text):
    with pytest.raises(NotUnderstood, match="only a least duration can"):
        find_conditions(text)


@pytest.mark.parametrize(
    "text", ["slowest over the last 2h", "errors in the last 5 minutes", "slower than yesterday"]
)
def test_periods_are_no_durations(text):
    assert not find_conditions(text).where


@pytest.mark.parametrize(
    ("text", "rest", "condition"),
    [
        ("checkout > 2s", "checkout", "duration>2s"),
        ("slowest checkout >= 500ms", "slowest checkout", "duration>=500ms"),
        ("GET /stock > 1s", "GET /stock", "duration>1s"),
        ("cart calls that took longer than 2 seconds", "cart calls", "duration>2s"),
        ("cart calls which are slower than 800 milliseconds", "cart calls", "duration>800ms"),
        ("where retry.delay>2s", "", "retry.delay>2s"),
        ("where retries>2", "", "retries>2"),
    ],
)
def test_a_length_after_a_place_is_a_least_duration_there(text, rest, condition):
    found = find_conditions(text)

    assert [condition_text(one) for one in found.where] == [condition]
    assert found.rest == rest


@pytest.mark.parametrize("text", ["cart 503", "cart 500s", "session 5xx", "user 500s"])
def test_a_status_is_no_number_of_a_cart_or_a_user(text):
    assert find_conditions(text).where == ()


def test_a_user_may_have_a_number_like_a_status():
    assert find_conditions("user 500").where == (Condition(key="user.id", op="=", value="500"),)
