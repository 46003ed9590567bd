"""What is said in the thread of an answer, as the whole question that it means."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from analyzers.report_base import Condition, Scope, Understood
from bot.questions.follow_up import follow_up, nth_trace
from bot.questions.not_understood import NotUnderstood
from bot.questions.parse import parse_by_grammar

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
SLOWEST = ("slowest checkout last 30m", "slowest")
WHY = ("why is p95 of checkout up since 14:00 vs yesterday", "why")


def followed(text, question, kind):
    understood = Understood(kind=kind, scope=Scope(service="checkout"))
    return follow_up(text, question, understood, NOW, UTC)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("and yesterday?", "slowest checkout yesterday"),
        ("last 2h", "slowest checkout last 2h"),
        ("what about since 14:00", "slowest checkout since 14:00"),
        ("only for user 42", "slowest checkout last 30m where user.id=42"),
        ("only where user.tier=gold", "slowest checkout last 30m where user.tier=gold"),
        ("not user 7", "slowest checkout last 30m where user.id!=7"),
        ("only for user 42 yesterday", "slowest checkout yesterday where user.id=42"),
        ("errors?", "errors checkout last 30m"),
        ("show me the errors", "errors checkout last 30m"),
        ("any errors in the last 5m", "errors checkout in the last 5m"),
        ("why?", "why checkout last 30m"),
        ("why is that so slow", "why checkout last 30m"),
        ("operations", "operations checkout last 30m"),
        ("and payment?", "slowest payment last 30m"),
        ("payment?", "slowest payment last 30m"),
        ("in payment", "slowest payment last 30m"),
        ("what about POST /pay yesterday", "slowest POST /pay yesterday"),
        ("overall?", "slowest last 30m"),
        ("compare with yesterday", "compare checkout last 30m vs yesterday"),
        ("vs last week", "compare checkout last 30m vs last week"),
        ("compare v1.4 vs v1.5", "compare checkout version 1.4 vs version 1.5 last 30m"),
    ],
)
def test_a_follow_up_of_a_search_is_the_same_question_with_a_part_replaced(text, question):
    assert followed(text, *SLOWEST) == question
    assert parse_by_grammar(question, now=NOW, zone=UTC)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("and payment?", "why p95 of payment since 14:00 vs yesterday"),
        ("vs last week", "why p95 of checkout since 14:00 vs last week"),
        ("compare with last week", "compare p95 of checkout since 14:00 vs last week"),
        ("last 2h", "why p95 of checkout last 2h vs yesterday"),
        ("and yesterday?", "why p95 of checkout yesterday"),
        ("overall?", "why p95 since 14:00 vs yesterday"),
        ("slowest?", "slowest checkout since 14:00"),
        ("and p99?", "why p99 of checkout since 14:00 vs yesterday"),
        ("and the user service?", "why p95 of user since 14:00 vs yesterday"),
        ("only user 42", "why p95 of checkout since 14:00 vs yesterday where user.id=42"),
    ],
)
def test_a_follow_up_of_an_investigation_keeps_what_it_is_held_against(text, question):
    assert followed(text, *WHY) == question
    assert parse_by_grammar(question, now=NOW, zone=UTC)


def test_conditions_of_the_same_attribute_are_replaced_and_others_kept():
    question = "find user.id=42 and user.tier=gold around 14:05"

    assert (
        followed("only user 7", question, "find")
        == "find user.tier=gold and user.id=7 in checkout around 14:05"
    )


def test_what_cannot_be_narrowed_becomes_a_search_that_can():
    assert followed("only user 42", "operations checkout", "operations") == "find user.id=42 in checkout"


def test_a_comparison_of_versions_becomes_one_of_periods():
    question = "compare checkout v1.4 vs v1.5 last 2h"

    assert followed("compare with yesterday", question, "compare") == "compare checkout last 2h vs yesterday"


@pytest.mark.parametrize("text", ["with last week", "and last week?", "vs last week"])
def test_a_comparison_is_held_against_another_day_instead(text):
    question = "compare checkout last 1h vs yesterday"

    assert followed(text, question, "compare") == "compare checkout last 1h vs last week"


def test_a_question_that_cannot_be_read_again_is_followed_by_what_was_understood():
    understood = Understood(
        kind="slowest",
        scope=Scope(service="payment"),
        where=(Condition(key="user.id", op="=", value="42"),),
    )

    assert follow_up("errors?", "…", understood, NOW, UTC) == "errors payment where user.id=42"


@pytest.mark.parametrize(
    "text",
    [
        "", "thanks", "thanks, that helped", "ok", "lol?", "see you tomorrow", "since 14:00 it works again", "nice",
        "yes", "I will look at payment", "the second one", "and tomorrow?", "what is for lunch?", "payment", "x" * 300,
    ],
)  # fmt: skip
def test_talk_in_a_thread_is_no_follow_up(text):
    assert followed(text, *SLOWEST) is None


@pytest.mark.parametrize("kind", ["breakdown", "help", "choice"])
def test_only_questions_about_a_period_are_followed(kind):
    assert followed("and yesterday?", "4bf92f3577b34da6a3ce929d0e0e4736", kind) is None


def test_a_group_is_that_of_the_attribute_asked_about_before():
    question = "errors payment where user.tier=silver"

    assert followed("only gold users", question, "errors") == "errors payment where user.tier=gold"


def test_a_group_of_an_attribute_that_nobody_named_is_asked_back():
    with pytest.raises(NotUnderstood, match=r"Which attribute says that a user is gold") as raised:
        followed("only gold users", *SLOWEST)

    assert raised.value.candidates[0].text == "slowest checkout last 30m where user.tier=gold"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("show the second one", 2),
        ("the 3rd", 3),
        ("3rd one please", 3),
        ("last one", -1),
        ("the last", -1),
        ("show 2", 2),
        ("open #4", 4),
        ("show me number two", 2),
        ("trace 12", 12),
        ("first", None),
        ("2", None),
        ("show 0", None),
        ("last 2h", None),
        ("show last 2h", None),
        ("one", None),
        ("show the slowest", None),
    ],
)
def test_the_nth_trace_is_told_from_other_words(text, number):
    assert nth_trace(text) == number
