"""Comparisons in the middle of other words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.questions.intent import CompareCohorts, Investigate
from bot.questions.known_names import hide_names
from bot.questions.loose_comparisons import read_loose_comparison
from bot.questions.parse import parse as parse_at
from bot.questions.periods import find_period

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
NAMES = [("payment", "charge"), ("cart", "add"), ("order-service", "create")]


def parse(text):
    return parse_at(text, now=NOW, zone=UTC, names=NAMES)


def period(words):
    return find_period(words, now=NOW, zone=UTC).period


@pytest.mark.parametrize(
    ("text", "scope", "versions"),
    [
        ("how does version 1.12 of cart do against 1.11", "cart", ("1.11", "1.12")),
        (
            "did the new payment release 5.0.2 make things faster compared to 5.0.1?",
            "payment",
            ("5.0.1", "5.0.2"),
        ),
        (
            "We rolled out order-service 3.4 as canary next to 3.3, what differences do you see between them?",
            "order-service",
            ("3.3", "3.4"),
        ),
        ("Wie ist... I mean how is cart with v8 in comparison to v7", "cart", ("7", "8")),
    ],
)
def test_two_versions_are_compared_whatever_stands_between_them(text, scope, versions):
    read = parse(text)

    assert isinstance(read.intent, CompareCohorts)
    assert (read.intent.scope, read.intent.versions) == (scope, versions)


@pytest.mark.parametrize(
    ("text", "later", "earlier"),
    [
        (
            "compare this morning with yesterday morning for the whole platform please",
            "06:00-12:00",
            "yesterday 06:00-12:00",
        ),
        ("I want comparison of cart, today and one week ago", "today", "2026-11-15 00:00-15:30"),
        ("what's different between cart 9:00-10:00 and 10:00-11:00", "10:00-11:00", "9:00-10:00"),
        ("contrast cart from 2pm to 3pm with 1pm to 2pm", "14:00-15:00", "13:00-14:00"),
        ("cart before and after 14:00, diff", "since 14:00", "12:30-14:00"),
    ],
)
def test_two_periods_are_compared_whatever_stands_around_them(text, later, earlier):
    intent = parse(text).intent

    assert isinstance(intent, CompareCohorts)
    assert (intent.period, intent.baseline) == (period(later), period(earlier))


def test_why_among_them_asks_for_the_cause():
    intent = parse("gnus say cart today is slower than yesterday, why").intent

    assert isinstance(intent, Investigate)
    assert intent.scope == "cart"


@pytest.mark.parametrize(
    "text", ["cart p95 went from 1.4s to 1.2s", "payment and cart vs gnus", "slowest cart 1.2 2.1"]
)
def test_what_compares_nothing_is_not_read_as_a_comparison(text):
    assert read_loose_comparison(hide_names(text, NAMES).words, now=NOW, zone=UTC) is None
