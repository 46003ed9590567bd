"""Names that a store is known to have, found in a question before anything else is read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.report_base import Condition
from bot.questions.intent import CompareCohorts, FindErrors, FindSlowest, FindTraces, Investigate
from bot.questions.known_names import hide_names
from bot.questions.not_understood import NotUnderstood
from bot.questions.parse import parse as parse_at

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
NAMES = [
    ("payment", "charge"),
    ("payment", "SELECT cards"),
    ("payment-gateway", "POST /pay"),
    ("order-service", "POST /orders"),
    ("cart", "GET /cart"),
    ("search", "GET /search"),
    ("user", "GET /profile"),
]


def parse(text, names=NAMES):
    return parse_at(text, now=NOW, zone=UTC, names=names)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("payment tanked", ("payment",)),
        ("payments tanked", ("payment",)),
        ("the payment's p95", ("payment",)),
        ("payment-gateway tanked", ("payment-gateway",)),
        ("payment gateway tanked", ("payment-gateway",)),
        ("payment-proxy tanked", ()),
        ("order service tanked", ("order-service",)),
        ("select cards in payment", ("payment SELECT cards",)),
        ("payment is slow, show select cards", ("payment SELECT cards",)),
        ("slowest cart last 30m", ("cart",)),
        ("payment select cards", ("payment SELECT cards",)),
        ("slow /orders", ("POST /orders",)),
        ("charge it", ()),
        ("search for user 42", ()),
        ("search is slow", ("search",)),
        ("does the search service work", ("search",)),
        ("users are waiting", ()),
        ("cart 42 in payment", ("payment",)),
        ("where service.name=payment", ()),
    ],
)
def test_names_are_found_as_whole_words_the_longest_first(words, names):
    assert hide_names(words, NAMES).names == names


@given(st.text(max_size=80))
def test_whatever_is_hidden_is_shown_again(words):
    hidden = hide_names(words, NAMES)

    assert hidden.shown(hidden.words).lower().count("payment") <= words.lower().count("payment") + len(
        hidden.names
    )
    assert hide_names(words, []).words == words


@pytest.mark.parametrize(
    ("text", "kind", "scope"),
    [
        ("payment slow only in wombatland, why?", Investigate, "payment"),
        ("payment tanking, why", Investigate, "payment"),
        ("o que aconteceu com o cart, is very slow, why?", Investigate, "cart"),
        ("for the wombat report: the slowest payment requests", FindSlowest, "payment"),
        ("wombats got payment failures, what were these", FindErrors, "payment"),
        ("payment today and wombats compared to yesterday", CompareCohorts, "payment"),
    ],
)
def test_a_known_name_among_unknown_words_is_the_place_and_the_reading_a_guess(text, kind, scope):
    read = parse(text)

    assert isinstance(read.intent, kind)
    assert read.intent.scope == scope
    assert read.source == "classifier"


def test_a_place_that_is_none_is_not_taken_for_another_one():
    assert parse("slowest wombat").intent.scope == "wombat"


def test_several_known_names_are_not_guessed_among():
    with pytest.raises(NotUnderstood):
        parse("payment wombat cart")


def test_what_is_asked_back_has_the_names_and_no_marks():
    with pytest.raises(NotUnderstood) as caught:
        parse("payment wombat payment")

    said = " ".join([str(caught.value), *(one.text for one in caught.value.candidates)])
    assert "payment" in said
    assert "known_name" not in said


def test_a_condition_keeps_the_value_that_is_also_a_name():
    assert parse("find user.id=payment in cart").intent == FindTraces(
        (Condition(key="user.id", op="=", value="payment"),), parse("slowest").intent.period, "cart"
    )


@pytest.mark.parametrize("text", ["payment is a joke, takes forever", "which functions has the cart"])
def test_what_is_said_of_a_known_place_is_asked_back_rather_than_refused(text):
    with pytest.raises(NotUnderstood) as caught:
        parse(text)

    assert caught.value.candidates


@pytest.mark.parametrize(
    ("text", "name"),
    [("why is serach slow", "search"), ("paymnet is slow", "payment"), ("pament errors", "payment")],
)
def test_slips_in_a_name_are_put_right(text, name):
    assert hide_names(text, NAMES).names == (name,)


def test_a_word_that_is_right_itself_is_no_slip_in_a_name():
    assert hide_names("shopping is slow", [("shipping", "")]).names == ()


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("slowest request", "request-router"),
        ("slowest trace", "tracer"),
        ("slowest operation", "operation-log"),
        ("errors over the last 30m", "overview-api"),
        ("errors during 14:00-15:00", "during-x"),
        ("why slow since 14:00", "slowquery"),
        ("errors monday", "monday-sync"),
        ("errors week", "weekly-report"),
    ],
)
def test_a_word_that_says_what_or_when_is_not_the_beginning_of_a_name(text, service):
    assert hide_names(text, [(service, "")]).names == ()


def test_a_day_after_a_command_stays_the_period_where_a_service_begins_with_it():
    read = parse("errors monday", [("monday-sync", "")])

    assert read.intent == parse("errors monday", []).intent
    assert read.intent.scope is None


def test_another_ordinary_word_after_a_command_still_is_the_beginning_of_a_name():
    assert hide_names("slowest check", [("checkout", "")]).names == ("checkout",)
