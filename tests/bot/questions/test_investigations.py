"""Questions for causes and comparisons, and what a period is held against."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.report_base import Condition
from bot.questions.intent import CompareCohorts, Investigate, Period
from bot.questions.local_time import epoch_ns
from bot.questions.not_understood import NotUnderstood
from bot.questions.parse import parse as parse_at
from bot.questions.parse import parse_by_grammar
from bot.questions.plan import question_text

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
GOLD = (Condition(key="user.tier", op="=", value="gold"),)


def period(start, end, day="2026-11-22", end_day=None):
    return Period(
        epoch_ns(datetime.fromisoformat(f"{day}T{start}Z")),
        epoch_ns(datetime.fromisoformat(f"{end_day or day}T{end}Z")),
    )


LAST_HOUR = period("14:30", "15:30")
YESTERDAY = "2026-11-21"


def parse(text):
    read = parse_by_grammar(text, now=NOW, zone=UTC)
    return read and read.intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("why", Investigate(None, LAST_HOUR)),
        ("why checkout", Investigate("checkout", LAST_HOUR)),
        ("Why is checkout slow?", Investigate("checkout", LAST_HOUR)),
        ("why's checkout so slow", Investigate("checkout", LAST_HOUR)),
        ("why tf is checkout slow today", Investigate("checkout", period("00:00", "15:30"))),
        ("why is everything slow", Investigate(None, LAST_HOUR)),
        ("why is POST /checkout slow", Investigate("POST /checkout", LAST_HOUR)),
        ("why checkout POST /pay", Investigate("checkout POST /pay", LAST_HOUR)),
        ('why is "the order" slow', Investigate("the order", LAST_HOUR)),
        ("why is p95 of checkout up", Investigate("checkout", LAST_HOUR, measure="p95")),
        ("why is the median latency of cart so high", Investigate("cart", LAST_HOUR, measure="p50")),
        ("why do payment calls fail since 14:00", Investigate("payment", period("14:00", "15:30"))),
        ("what caused the slowdown of checkout", Investigate("checkout", LAST_HOUR)),
        ("how come checkout is slow", Investigate("checkout", LAST_HOUR)),
        ("root cause", Investigate(None, LAST_HOUR)),
        ("what changed in checkout since 14:00", Investigate("checkout", period("14:00", "15:30"))),
        ("is checkout slower than usual", Investigate("checkout", LAST_HOUR)),
        ("did checkout get slower", Investigate("checkout", LAST_HOUR)),
        ("checkout latency spiked at 14:05, why?", Investigate("checkout", period("13:55", "14:15"))),
        (
            "payment is slow since 14:00, any idea what is causing it",
            Investigate("payment", period("14:00", "15:30")),
        ),
        ("everything is slow, what is going on", Investigate(None, LAST_HOUR)),
        ("cart lags, from where does it come", Investigate("cart", LAST_HOUR)),
        ("for what reason is cart so slow", Investigate("cart", LAST_HOUR)),
        ("why is the user service slow", Investigate("user", LAST_HOUR)),
        ("why is user slow", Investigate("user", LAST_HOUR)),
        ("why is checkout slow for users", Investigate("checkout", LAST_HOUR)),
        ("is checkout behaving normally", Investigate("checkout", LAST_HOUR)),
        ("why payment where user.tier=gold", Investigate("payment", LAST_HOUR, None, GOLD)),
        (
            "why payment since 14:00 vs yesterday",
            Investigate("payment", period("14:00", "15:30"), period("14:00", "15:30", YESTERDAY)),
        ),
        (
            "why payment 13:00-14:00 vs 14:00-15:00",
            Investigate("payment", period("13:00", "14:00"), period("14:00", "15:00")),
        ),
        (
            "why payment vs yesterday where user.tier=gold",
            Investigate("payment", LAST_HOUR, period("14:30", "15:30", YESTERDAY), GOLD),
        ),
        ("is it the deploy", Investigate(None, LAST_HOUR)),
        ("did the last deploy break payment", Investigate("payment", LAST_HOUR)),
        ("is the last release to blame for payment", Investigate("payment", LAST_HOUR)),
        ("since when is payment failing", Investigate("payment", LAST_HOUR)),
    ],
)
def test_a_question_for_causes_is_read(text, intent):
    assert parse(text) == intent


@pytest.mark.parametrize(
    ("text", "scope", "versions"),
    [
        ("compare checkout v1.4 vs v1.5", "checkout", ("1.4", "1.5")),
        ("compare checkout v1.10 with v1.9", "checkout", ("1.9", "1.10")),
        ("checkout 2.3.0 vs 2.4.0-rc1", "checkout", ("2.3.0", "2.4.0-rc1")),
        ("cart 2.3.0 vs 2.4.0", "cart", ("2.3.0", "2.4.0")),
        ("is v8 slower than v7 in auth", "auth", ("7", "8")),
        ("difference between version 1.4 and 1.5", None, ("1.4", "1.5")),
    ],
)
def test_of_two_versions_the_lower_is_the_baseline(text, scope, versions):
    assert parse(text) == CompareCohorts(scope, LAST_HOUR, versions=versions)


@pytest.mark.parametrize(
    ("text", "asked", "baseline"),
    [
        ("compare checkout last 1h vs yesterday", LAST_HOUR, period("14:30", "15:30", YESTERDAY)),
        ("compare checkout with yesterday", LAST_HOUR, period("14:30", "15:30", YESTERDAY)),
        ("checkout slower than yesterday?", LAST_HOUR, period("14:30", "15:30", YESTERDAY)),
        ("checkout today vs yesterday", period("00:00", "15:30"), period("00:00", "15:30", YESTERDAY)),
        ("compare checkout yesterday vs today", period("00:00", "15:30"), period("00:00", "15:30", YESTERDAY)),
        ("compare today and yesterday for checkout", period("00:00", "15:30"), period("00:00", "15:30", YESTERDAY)),
        ("compare checkout 12:00-13:00 vs 14:00-15:00", period("14:00", "15:00"), period("12:00", "13:00")),
        ("checkout now vs an hour ago", LAST_HOUR, period("13:30", "14:30")),
        ("compare checkout last 30m vs previous 30m", period("15:00", "15:30"), period("14:30", "15:00")),
        ("compare checkout last 30m vs the hour before", period("15:00", "15:30"), period("14:00", "15:00")),
        ("compare checkout before and after 14:00", period("14:00", "15:30"), period("12:30", "14:00")),
        ("compare today's checkout with yesterday's", period("00:00", "15:30"), period("00:00", "15:30", YESTERDAY)),
        ("checkout in comparison with yesterday", LAST_HOUR, period("14:30", "15:30", YESTERDAY)),
        ("what is different in checkout compared to an hour ago", LAST_HOUR, period("13:30", "14:30")),
        ("is checkout slower than it was yesterday", LAST_HOUR, period("14:30", "15:30", YESTERDAY)),
        ("compare checkout with the one of yesterday", LAST_HOUR, period("14:30", "15:30", YESTERDAY)),
        ("checkout: any difference to yesterday", LAST_HOUR, period("14:30", "15:30", YESTERDAY)),
        ("compare checkout last 30m vs before", period("15:00", "15:30"), period("14:30", "15:00")),
        ("checkout vs last week", LAST_HOUR, period("14:30", "15:30", "2026-11-15")),
        ("compare checkout to friday", LAST_HOUR, period("14:30", "15:30", "2026-11-20")),
        ("compare checkout to the same time yesterday", LAST_HOUR, period("14:30", "15:30", YESTERDAY)),
        (
            "compare checkout yesterday vs the day before yesterday",
            period("00:00", "00:00", YESTERDAY, "2026-11-22"),
            period("00:00", "00:00", "2026-11-20", YESTERDAY),
        ),
        (
            "compare checkout last 3 days vs monday",
            period("15:30", "15:30", "2026-11-19", "2026-11-22"),
            period("00:00", "00:00", "2026-11-16", "2026-11-17"),
        ),
    ],
)  # fmt: skip
def test_of_two_periods_the_earlier_is_the_baseline(text, asked, baseline):
    assert parse(text) == CompareCohorts("checkout", asked, baseline)


def test_yesterday_is_the_same_clock_time_also_when_clocks_were_changed():
    prague = ZoneInfo("Europe/Prague")
    now = datetime(2026, 10, 25, 12, 0, tzinfo=prague)

    intent = parse_at("compare checkout last 1h vs yesterday", now=now, zone=prague).intent

    assert intent.baseline == period("09:00", "10:00", "2026-10-24")
    assert intent.period == period("10:00", "11:00", "2026-10-25")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("compare checkout", "A comparison needs two sides."),
        ("compare checkout and payment", "A comparison needs two sides."),
        ("why payment vs", "After “vs” there is nothing to compare with."),
        ("why payment vs checkout", "“checkout” is no period to compare with."),
        ("compare checkout today vs last 2h", "“last 2h” and the period that is compared with it share some time."),
        ("why payment 12:00-14:00 vs 13:00-15:00", "“13:00-15:00” and the period that is compared with it share some time."),
        ("compare checkout last 1h vs tomorrow", "“tomorrow” lies in the future."),
        ("why payment tomorrow", "“tomorrow” lies in the future."),
        ("compare checkout v1.4 vs v1.4", "Both sides are version 1.4."),
    ],
)  # fmt: skip
def test_half_a_comparison_says_what_is_missing_and_how_to_ask(text, problem):
    with pytest.raises(NotUnderstood) as raised:
        parse(text)

    assert raised.value.problem == problem
    assert "as" in raised.value.advice


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("why is checkout slow for gold users", "why is checkout slow where user.tier=gold"),
        ("errors of premium customers", "errors where customer.tier=premium"),
    ],
)
def test_a_group_of_people_is_asked_back_with_a_likely_attribute(text, meant):
    with pytest.raises(NotUnderstood, match="is not known") as raised:
        parse(text)

    assert [one.text for one in raised.value.candidates] == [meant]
    assert parse(meant).where


@pytest.mark.parametrize(
    "text",
    [
        "why is the sky blue",
        "why not",
        "why is that",
        "not sure why",
        "checkout, what is going on",
        "user 42 had trouble in checkout, what happened",
        "what is the difference between cats and dogs, honestly",
        "requests slower than 2s",
        "checkout vs payment",
        "how is checkout doing compared to payment",
    ],
)
def test_other_sentences_are_no_investigations(text):
    try:
        intent = parse(text)
    except NotUnderstood:
        intent = None

    assert not isinstance(intent, Investigate | CompareCohorts)


PERIODS = st.tuples(st.integers(0, 10**5), st.integers(1, 10**5)).map(
    lambda two: Period((10**9 + two[0]) * 10**9, (10**9 + two[0] + two[1]) * 10**9)
)
EARLIER = st.integers(1, 10**5).map(lambda length: Period((10**9 - length) * 10**9, 10**18))


@settings(max_examples=60, deadline=2_000)
@given(
    st.builds(
        Investigate,
        st.sampled_from([None, "checkout", "POST /pay", "payment POST /charge"]),
        PERIODS,
        st.none() | EARLIER,
        st.sampled_from([(), GOLD]),
        st.sampled_from(["mean", "p50", "p95", "p99"]),
    )
    | st.builds(
        CompareCohorts,
        st.sampled_from([None, "checkout", "POST /pay"]),
        PERIODS,
        EARLIER,
        st.none(),
        st.sampled_from([(), GOLD]),
    )
    | st.builds(CompareCohorts, st.just("checkout"), PERIODS, versions=st.just(("1.4", "1.5")))
)
def test_an_investigation_as_text_reads_back_as_itself(intent):
    assert parse(question_text(intent)) == intent


@pytest.mark.parametrize(
    ("text", "compared"),
    [
        ("what has changed between yesterday and today", "compare today vs yesterday"),
        ("what is different between yesterday and today", "compare today vs yesterday"),
        ("what changed between v1.4 and v1.5", "compare v1.4 vs v1.5"),
        ("what changed in checkout between v1.4 and v1.5", "compare checkout v1.4 vs v1.5"),
    ],
)
def test_what_changed_between_two_of_them_compares_them(text, compared):
    assert isinstance(parse(text), CompareCohorts)
    assert parse(text) == parse(compared)


def test_what_changed_between_two_times_of_day_is_asked_of_the_period_between_them():
    read = parse_at("what changed between 14:00 and 15:00", now=NOW, zone=UTC)

    assert read.intent == Investigate(None, period("14:00", "15:00"))
