"""Questions read by the grammar."""

from __future__ import annotations

import pytest

from bot.questions.intent import ExplainTrace, Help
from bot.questions.not_understood import NotUnderstood
from bot.questions.parse import parse

ID = "4bf92f3577b34da6a3ce929d0e0e4736"


def test_a_trace_id_asks_for_its_explanation():
    assert parse(f" {ID} ") == ExplainTrace(ID)


@pytest.mark.parametrize("text", ["help", "HELP", "?"])
def test_help_is_an_intent(text):
    assert parse(text) == Help()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("why is the moon round", "“why is the moon round” names no trace."),
        ("", "The question is empty."),
        ("   ", "The question is empty."),
        ("x" * 100, "“" + "x" * 59 + "…” names no trace."),
        ("a" * 20_001, "The question has 20,001 characters; at most 20,000 are read."),
    ],
)
def test_what_is_not_understood_comes_with_what_can_be_asked(text, problem):
    with pytest.raises(NotUnderstood) as raised:
        parse(text)

    assert raised.value.problem == problem
    assert "Ask with a trace id" in raised.value.advice
