"""Failures that a question names by a status, an exception or a message."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.questions.intent import FindErrors, Investigate
from bot.questions.named_failures import failures_plain
from bot.questions.parse import parse

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sentence", "plain"),
    [
        ("checkout returns a 500", "checkout errors"),
        ("5xx of payment", "errors of payment"),
        ("cart raises KeyError", "cart errors"),
        ("cart raises KeyError: 'price' in cart", "cart errors in cart"),
        ("java.net.SocketTimeoutException in payment", "errors in payment"),
        ("502 Bad Gateway on frontend", "errors on frontend"),
        ("connection refused in auth", "errors in auth"),
        ('seeing "could not reach peer: connection reset" on auth', "errors on auth"),
        ("search panics: index out of range", "search errors"),
    ],
)
def test_a_named_failure_is_said_plainly(sentence, plain):
    assert failures_plain(sentence) == plain


@pytest.mark.parametrize(
    "sentence",
    [
        "checkout takes 500 ms",
        "404 requests of cart",
        "order 404.5",
        "GET /errors/500 is slow",
        "http.status_code=503",
        "errors of checkout",
        "is the error service up",
        '"the order" in checkout',
        "payment at 14:05",
    ],
)
def test_numbers_that_measure_and_names_are_no_failures(sentence):
    assert failures_plain(sentence) == sentence


@pytest.mark.parametrize(
    "sentence",
    ["error rate of 500s went up", "p95 of checkout above 500", "more 500s than usual", "503s doubled"],
)
def test_a_change_in_how_often_something_fails_is_left_as_it_is(sentence):
    assert failures_plain(sentence) == sentence


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("why does POST /checkout return 500", "POST /checkout"),
        ("why KeyError in cart", "cart"),
        ("payment answers 503, why?", "payment"),
        ("why is there a stack trace in auth", "auth"),
        ("cart 500", "cart"),
    ],
)
def test_why_there_is_one_failure_is_a_question_for_errors(text, scope):
    intent = parse(text, now=NOW, zone=UTC).intent

    assert isinstance(intent, FindErrors)
    assert intent.scope == scope


@pytest.mark.parametrize(
    "text",
    [
        "why errors in cart",
        "Why Errors in cart",
        "why is cart slow and returning 200",
        "why does cart take 500 ms",
        "why 500s in cart vs yesterday",
    ],
)
def test_why_there_are_more_errors_or_slow_requests_is_an_investigation(text):
    intent = parse(text, now=NOW, zone=UTC).intent

    assert isinstance(intent, Investigate)
    assert intent.scope == "cart"


def test_a_long_line_of_near_failures_is_read_at_once():
    sentence = "Aaaa.Bbbb$" * 90 + ' "' + "error " * 10

    assert failures_plain(sentence)
