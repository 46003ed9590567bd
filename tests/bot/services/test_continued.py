"""What is said in the thread of an answer."""

from datetime import UTC, datetime

import pytest

from analyzers.report import Find
from analyzers.report_base import Understood
from bot.questions.not_understood import NotUnderstood
from bot.services.continued import Previous, continued, question_by_rules

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
EMPTY = Find(
    question="find user.id=42", asked_at="2026-11-22T15:29:00.000000000Z", headline="None.", confidence="none"
)


@pytest.mark.parametrize(
    ("report", "problem"),
    [(EMPTY, "The answer above lists no traces."), (None, "The answer above is not kept any more.")],
)
def test_the_second_of_no_traces_is_refused_in_words(report, problem):
    previous = Previous("find user.id=42", Understood(kind="find"), report)

    with pytest.raises(NotUnderstood) as refused:
        continued("show the second one", previous, NOW, UTC)

    assert refused.value.problem == problem


def test_what_people_say_to_each_other_is_no_follow_up():
    previous = Previous("find user.id=42", Understood(kind="find"), EMPTY)

    assert continued("thanks, I will look at it after lunch", previous, NOW, UTC) is None


@pytest.mark.parametrize(
    "text",
    ["what happened?", "is it slow?", "was it the deploy?", "zoom latency", "service mesh", "is zoom down?"],
)
def test_what_people_ask_each_other_is_no_question_to_us(text):
    assert question_by_rules(text, NOW, UTC, ("checkout", "payment")) is None


@pytest.mark.parametrize(
    "text",
    [
        "slowest last 1h",
        "errors",
        "help",
        "why is checkout slow?",
        "payment latency",
        "is POST /pay slow",
        "what happened to user 42?",
        "f" * 32,
    ],
)
def test_a_command_an_id_and_a_place_that_there_is_need_no_mention(text):
    assert question_by_rules(text, NOW, UTC, ("checkout", "payment")) == text
