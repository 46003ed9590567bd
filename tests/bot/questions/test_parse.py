"""Questions read by the grammar."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.questions.intent import ExplainTrace, Help
from bot.questions.not_understood import NotUnderstood
from bot.questions.parse import parse as parse_at

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ID = "4bf92f3577b34da6a3ce929d0e0e4736"


def parse(text):
    return parse_at(text, now=NOON, zone=UTC).intent


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
