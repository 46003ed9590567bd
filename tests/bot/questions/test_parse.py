"""Questions as people write them, and what they are taken to mean."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.report_base import Condition
from bot.questions.intent import (
    ExplainTrace,
    FindErrors,
    FindSlowest,
    FindTraces,
    Help,
    Investigate,
    ListOperations,
    ListServices,
    Period,
    Understanding,
)
from bot.questions.investigation_words import ASKED_LAST
from bot.questions.local_time import epoch_ns
from bot.questions.not_understood import NotUnderstood
from bot.questions.parse import parse as parse_at
from bot.questions.shorthand import MANNERS

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
ID = "4bf92f3577b34da6a3ce929d0e0e4736"
PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "questions.md").read_text(encoding="utf-8")
USER_42 = (Condition(key="user.id", op="=", value="42"),)


def examples(kind):
    return "".join(re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)).splitlines()


def period(start, end):
    return Period(*(epoch_ns(datetime.fromisoformat(f"2026-11-22T{clock}Z")) for clock in (start, end)))


LAST_HOUR = period("14:30", "15:30")


def understood(text):
    return parse_at(text, now=NOW, zone=UTC)


OVER_2S = (Condition(key="duration", op=">", value="2s"),)


def parse(text):
    return understood(text).intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        (f" {ID} ", ExplainTrace(ID)),
        ("help", Help()),
        ("HELP", Help()),
        ("?", Help()),
        ("slowest", FindSlowest(None, LAST_HOUR)),
        ("slowest checkout", FindSlowest("checkout", LAST_HOUR)),
        ("Slowest “checkout” since 14:00!", FindSlowest("checkout", period("14:00", "15:30"))),
        ("@tracewhy slowest POST /checkout", FindSlowest("POST /checkout", LAST_HOUR)),
        ("what was slow in the last hour", FindSlowest(None, LAST_HOUR)),
        ("slow requests of checkout since 14:00", FindSlowest("checkout", period("14:00", "15:30"))),
        ("slowest checkout where user.id=42", FindSlowest("checkout", LAST_HOUR, USER_42)),
        ("errors payment", FindErrors("payment", LAST_HOUR)),
        ("show me errors by service", FindErrors(None, LAST_HOUR)),
        ("anything wrong with payments?", FindErrors("payments", LAST_HOUR)),
        ("errors for user 42", FindErrors(None, LAST_HOUR, USER_42)),
        ("user 42 at 14:05", FindTraces(USER_42, period("13:55", "14:15"))),
        ("what happened to user 42 around 14:05?", FindTraces(USER_42, period("13:55", "14:15"))),
        ("find user.id=42 at 14:05 +-1m", FindTraces(USER_42, period("14:04", "14:06"))),
        ("operations checkout", ListOperations("checkout", LAST_HOUR)),
        ("how is checkout doing", ListOperations("checkout", LAST_HOUR)),
        ("services", ListServices(LAST_HOUR)),
        ("errors today between 14:00 and 15:00", FindErrors(None, period("14:00", "15:00"))),
        ("which services are there?", ListServices(LAST_HOUR)),
        ("slowest services", ListServices(LAST_HOUR)),
        ("services checkout", ListOperations("checkout", LAST_HOUR)),
        ("latency of checkout", ListOperations("checkout", LAST_HOUR)),
        ("checkout p95", ListOperations("checkout", LAST_HOUR)),
        ("critical path of checkout", FindSlowest("checkout", LAST_HOUR)),
        ("status codes of checkout", FindErrors("checkout", LAST_HOUR)),
        ("502/504 on checkout", FindErrors("checkout", LAST_HOUR)),
        ("user 42 trace id?", FindTraces(USER_42, LAST_HOUR)),
        ("query traces with user.id=42", FindTraces(USER_42, LAST_HOUR)),
        ("what is failing for users", FindErrors(None, LAST_HOUR)),
    ],
)
def test_the_grammar_reads(text, intent):
    assert understood(text) == Understanding(intent)


def test_what_no_rule_reads_is_taken_by_the_classifier_and_says_so():
    read = understood("which requests took longest in checkout")

    assert read.intent == FindSlowest("checkout", LAST_HOUR)
    assert read.source == "classifier"
    assert 0.5 <= read.score <= 1


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("payment stats please, p99 and rates", ListOperations("payment", LAST_HOUR)),
        ("who is hammering inventory", ListOperations("inventory", LAST_HOUR)),
        ("failed checkout calls since lunch", FindErrors("checkout", period("12:00", "15:30"))),
        ("payment is timing out", FindErrors("payment", LAST_HOUR)),
        ("checkout takes 10 seconds", Investigate("checkout", LAST_HOUR)),
        (
            "can you dig up order 4711",
            FindTraces((Condition(key="order.id", op="=", value="4711"),), LAST_HOUR),
        ),
    ],
)
def test_telling_words_are_enough_and_are_no_grammar(text, intent):
    read = understood(text)

    assert read.intent == intent
    assert read.source == "classifier"


@pytest.mark.parametrize(
    "text", ["services that send no spans", "which services never report", "are the traces ok", "orphans?"]
)
def test_the_health_of_traces_is_not_answered_as_something_else(text):
    with pytest.raises(NotUnderstood, match="health of traces cannot be reported yet"):
        parse(text)


@pytest.mark.parametrize("text", ["why does nobody answer me", "I am so slow today", "that was slow of me"])
def test_what_people_say_about_themselves_is_no_question_for_traces(text):
    with pytest.raises(NotUnderstood):
        parse(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "The question is empty."),
        ("   ", "The question is empty."),
        ("a" * 20_001, "The question has 20,001 characters; at most 20,000 are read."),
        ("did anyone release cart", "When something was deployed is not known yet."),
        ("mute checkout for 2h", "There are no alerts to mute yet."),
        ("services where a=1", "Services cannot be narrowed by attributes."),
        ("tell me a joke", "“tell me a joke” is nothing that traces can answer."),
        ("🔥🔥🔥", "“🔥🔥🔥” is no question that can be answered."),
        ("\x00\x07", "“\x00\x07” is no question that can be answered."),
        ("slowest tomorrow", "“tomorrow” lies in the future."),
        ("slowest last -5m", "“last -5m” is no time that is understood."),
        ("find today", "To find traces an attribute is needed."),
        ("compare checkout in eu-west with us-east", "A comparison needs two sides."),
        ("canary vs stable checkout", "When something was deployed is not known yet."),
        ("checkout before vs after the migration", "When something was deployed is not known yet."),
    ],
)
def test_what_cannot_be_answered_is_said_in_words(text, problem):
    with pytest.raises(NotUnderstood) as raised:
        parse(text)

    assert raised.value.problem == problem
    assert raised.value.advice


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("[FIRING:1] CartErrors errors in cart", FindErrors("cart", LAST_HOUR)),
        ("grafana: slow requests in cart", FindSlowest("cart", LAST_HOUR)),
        ("WARN slow requests in cart", FindSlowest("cart", LAST_HOUR)),
        ("\x1b[31merrors in cart\x1b[0m", FindErrors("cart", LAST_HOUR)),
        ("errors in cart, since when", FindErrors("cart", LAST_HOUR)),
        ("people cannot pay in payment, show me the errors", FindErrors("payment", LAST_HOUR)),
        ("todays errors in cart", FindErrors("cart", period("00:00", "15:30"))),
        ("show me uh the errors in cart", FindErrors("cart", LAST_HOUR)),
        ("we see errors in cart", FindErrors("cart", LAST_HOUR)),
        ("which errors had the user service", FindErrors("user", LAST_HOUR)),
        ("what errors has search", FindErrors("search", LAST_HOUR)),
        ("how long does each cart operation take", ListOperations("cart", LAST_HOUR)),
        ("break cart down by endpoint", ListOperations("cart", LAST_HOUR)),
        ("requests over 2s in cart", FindSlowest("cart", LAST_HOUR, OVER_2S)),
        ("cart > 2s", FindSlowest("cart", LAST_HOUR, OVER_2S)),
        ("find duration>2s in cart", FindTraces(OVER_2S, LAST_HOUR, "cart")),
    ],
)
def test_what_is_pasted_or_said_around_a_question_makes_no_difference(text, intent):
    assert parse(text) == intent


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("slowst checkout last 30m", "slowest checkout last 30m"),
        ("operatons checkout", "operations checkout"),
    ],
)
def test_a_slip_is_answered_with_what_was_meant(text, meant):
    with pytest.raises(NotUnderstood) as raised:
        parse(text)

    assert raised.value.candidates[0].text == meant


def test_a_bare_name_is_asked_back_with_three_questions_at_most():
    with pytest.raises(NotUnderstood) as raised:
        parse("checkout")

    assert 1 <= len(raised.value.candidates) <= 3
    assert "slowest checkout" in [one.text for one in raised.value.candidates]


@pytest.mark.parametrize("text", examples("question"))
def test_every_example_of_the_page_is_understood(text):
    assert understood(text)


@pytest.mark.parametrize("text", examples("period"))
def test_every_period_of_the_page_is_read(text):
    assert not parse(f"slowest checkout {text}").period.assumed


@pytest.mark.parametrize(
    "text", ["SLOWEST CHECKOUT", "  slowest \t checkout\n", "slowest ‘checkout’", "slowest checkout??"]
)
def test_case_space_and_quotes_make_no_difference(text):
    assert parse(text) in {FindSlowest("checkout", LAST_HOUR), FindSlowest("CHECKOUT", LAST_HOUR)}


def read(text):
    try:
        return understood(text)
    except NotUnderstood as exc:
        return exc


WORDS = st.lists(
    st.sampled_from(
        "slowest errors find where last 30m since 14:00 a=b user 42 at +- - in checkout > \" '".split()
    )
)


@settings(max_examples=150, deadline=2_000)
@given(st.text(max_size=300) | WORDS.map(" ".join) | st.from_regex(r"[0-9:apm \-]{1,40}"))
def test_any_text_is_understood_or_explained(text):
    assert isinstance(read(text), Understanding | NotUnderstood)


@pytest.mark.parametrize(
    "text",
    [
        "a=" * 5_000,
        "last " * 2_000,
        "1h " * 3_000,
        "\u200f\u0645\u0631\u062d" * 40,
        "🔥" * 900,
        "14:00-" * 160,
        "in " * 330,
        "'" * 10_000,
        "top 5 " * 40 + "x1",
        "a" + "," * 8_000 + "b",
        "a" + " -" * 490 + "b",
        "why " + "!" * 990 + "x",
        "app " + "no " * 320,
    ],
)
def test_hostile_text_is_answered_soon(text):
    began_s = time.monotonic()

    assert isinstance(read(text), Understanding | NotUnderstood)
    assert time.monotonic() - began_s < 2


@pytest.mark.parametrize("read_with", [MANNERS.search, ASKED_LAST.fullmatch], ids=["manners", "asked last"])
def test_a_run_of_separators_four_times_as_long_takes_about_four_times_as_long(read_with):
    def took_s(length):
        began_s = time.perf_counter()
        read_with(f"a{',' * length}b")
        return time.perf_counter() - began_s

    # As the square it would be sixteen times.
    assert min(took_s(4_000) for _ in range(3)) < 10 * min(took_s(1_000) for _ in range(3))


@pytest.mark.parametrize(
    "text", ["errors in prod and canary", "is prod or canary slow", "slowest preprocess"]
)
def test_two_places_that_nothing_compares_are_not_two_deployments(text):
    assert isinstance(parse(text), FindErrors | FindSlowest | Investigate)


@pytest.mark.parametrize(
    "text",
    [
        "compare prod and canary",
        "errors between prod and canary",
        "what changed from blue to green",
        "how has checkout evolved from the last release to this one",
    ],
)
def test_two_deployments_that_are_compared_are_not_known(text):
    with pytest.raises(NotUnderstood, match="When something was deployed"):
        parse(text)


@pytest.mark.parametrize("text", ["is checkout slow where user.id=42", "checkout is slow for user 42"])
def test_whether_something_is_slow_for_somebody_is_asked_of_the_cause_as_without_them(text):
    assert parse(text) == Investigate("checkout", LAST_HOUR, None, USER_42)


def test_what_happened_to_somebody_is_told_by_their_traces():
    assert isinstance(parse("what happened to checkout where user.id=42"), FindTraces)
