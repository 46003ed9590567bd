"""Periods as people write them, in their own zone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.questions.intent import Period
from bot.questions.local_time import NS_IN_S, epoch_ns
from bot.questions.not_understood import NotUnderstood
from bot.questions.periods import find_period, period_text

PRAGUE = ZoneInfo("Europe/Prague")
SUNDAY = datetime(2026, 11, 22, 15, 30, tzinfo=PRAGUE)
AFTER_FORWARD = datetime(2026, 3, 29, 12, tzinfo=PRAGUE)
AFTER_BACK = datetime(2026, 10, 25, 12, tzinfo=PRAGUE)


def ns(text):
    return epoch_ns(datetime.fromisoformat(text))


def read(text, now=SUNDAY, zone=PRAGUE):
    return find_period(text, now=now, zone=zone)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("last 30m", "2026-11-22T15:00+01:00", "2026-11-22T15:30+01:00"),
        ("last hour", "2026-11-22T14:30+01:00", "2026-11-22T15:30+01:00"),
        ("in the past 2 h", "2026-11-22T13:30+01:00", "2026-11-22T15:30+01:00"),
        ("last 1h30m", "2026-11-22T14:00+01:00", "2026-11-22T15:30+01:00"),
        ("since 14:00", "2026-11-22T14:00+01:00", "2026-11-22T15:30+01:00"),
        ("since 18:00", "2026-11-21T18:00+01:00", "2026-11-22T15:30+01:00"),
        ("since yesterday", "2026-11-21T00:00+01:00", "2026-11-22T15:30+01:00"),
        ("yesterday 14:00-15:00", "2026-11-21T14:00+01:00", "2026-11-21T15:00+01:00"),
        ("23:00-01:00", "2026-11-21T23:00+01:00", "2026-11-22T01:00+01:00"),
        ("15:00-16:00", "2026-11-22T15:00+01:00", "2026-11-22T15:30+01:00"),
        ("around 14:05", "2026-11-22T13:55+01:00", "2026-11-22T14:15+01:00"),
        ("at 14:05 +-2m", "2026-11-22T14:03+01:00", "2026-11-22T14:07+01:00"),
        ("on monday", "2026-11-16T00:00+01:00", "2026-11-17T00:00+01:00"),
        ("last sunday", "2026-11-15T00:00+01:00", "2026-11-16T00:00+01:00"),
        ("since friday 18:00", "2026-11-20T18:00+01:00", "2026-11-22T15:30+01:00"),
        ("between 2pm and 3pm", "2026-11-22T14:00+01:00", "2026-11-22T15:00+01:00"),
        ("today", "2026-11-22T00:00+01:00", "2026-11-22T15:30+01:00"),
        ("last night", "2026-11-21T18:00+01:00", "2026-11-22T06:00+01:00"),
        ("2026-11-20 10:00-11:00", "2026-11-20T10:00+01:00", "2026-11-20T11:00+01:00"),
        ("since 11 o'clock", "2026-11-22T11:00+01:00", "2026-11-22T15:30+01:00"),
        ("since 9", "2026-11-22T09:00+01:00", "2026-11-22T15:30+01:00"),
        ("since 2", "2026-11-22T14:00+01:00", "2026-11-22T15:30+01:00"),
        ("since one hour", "2026-11-22T14:30+01:00", "2026-11-22T15:30+01:00"),
        ("it broke at 14:00, errors since 14:00", "2026-11-22T14:00+01:00", "2026-11-22T15:30+01:00"),
        ("from yesterday", "2026-11-21T00:00+01:00", "2026-11-22T00:00+01:00"),
        ("from yesterday 14:00", "2026-11-21T14:00+01:00", "2026-11-22T15:30+01:00"),
        ("18:00-08:00", "2026-11-21T18:00+01:00", "2026-11-22T08:00+01:00"),
        ("last 99999999h", "1970-01-01T00:00+00:00", "2026-11-22T15:30+01:00"),
        ("since this morning", "2026-11-22T06:00+01:00", "2026-11-22T15:30+01:00"),
        ("since yesterday evening", "2026-11-21T18:00+01:00", "2026-11-22T15:30+01:00"),
        ("since last night", "2026-11-21T18:00+01:00", "2026-11-22T15:30+01:00"),
        ("this morning", "2026-11-22T06:00+01:00", "2026-11-22T12:00+01:00"),
        ("2026-11-20T10:00Z to 11:00", "2026-11-20T11:00+01:00", "2026-11-20T12:00+01:00"),
    ],
)
def test_a_period_is_read_in_the_askers_zone(text, start, end):
    assert read(text).period == Period(ns(start), ns(end))


def test_without_a_period_it_is_the_last_hour_and_known_to_be_assumed():
    found = read("slowest checkout")

    assert found.period == Period(ns("2026-11-22T14:30+01:00"), ns("2026-11-22T15:30+01:00"))
    assert found.period.assumed
    assert found.rest == "slowest checkout"


def test_what_stands_around_a_period_remains():
    assert read("errors of payment since 14:00 please").rest == "errors of payment please"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tomorrow", "future"),
        ("tomorrow 10:00-11:00", "future"),
        ("checkout 10:00-11:00 tomorrow", "future"),
        ("today 18:00", "future"),
        ("2027-01-01", "future"),
        ("14:00-14:00", "empty"),
        ("last 0m", "empty"),
        ("since the outage", "no time that is understood"),
        ("since teatime", "no time that is understood"),
        ("since 503", "no time that is understood"),
        ("last 3 months", "no time that is understood"),
        ("this quarter", "no time that is understood"),
        ("in the previous year", "no time that is understood"),
        ("last weekend", "no time that is understood"),
        ("errors of all time", "no time that is understood"),
        ("next monday", "future"),
        ("errors next friday 14:00", "future"),
        ("15:00-14:00", "ends before it begins"),
        ("yesterday 15:00 to yesterday 14:00", "ends before it begins"),
        ("2026-02-30", "no day 2026-02-30"),
        ("25:00", "no time of day 25:00"),
        ("last 30m since 14:00", "two periods"),
    ],
)
def test_what_is_no_period_is_an_error_in_words(text, words):
    with pytest.raises(NotUnderstood, match=words):
        read(text)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("01:30-03:30", "2026-03-29T01:30+01:00", "2026-03-29T03:30+02:00"),
        ("02:30-03:15", "2026-03-29T03:00+02:00", "2026-03-29T03:15+02:00"),
        ("01:30-02:30", "2026-03-29T01:30+01:00", "2026-03-29T03:00+02:00"),
        ("since today", "2026-03-29T00:00+01:00", "2026-03-29T12:00+02:00"),
    ],
)
def test_a_time_that_clocks_skip_is_the_moment_of_skipping(text, start, end):
    assert read(text, AFTER_FORWARD).period == Period(ns(start), ns(end))


def test_a_period_that_clocks_skip_altogether_is_empty():
    with pytest.raises(NotUnderstood, match="empty"):
        read("02:15-02:45", AFTER_FORWARD)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("02:15-02:45", "2026-10-25T02:15+02:00", "2026-10-25T02:45+01:00"),
        ("around 02:30", "2026-10-25T02:20+02:00", "2026-10-25T02:40+01:00"),
        ("today 00:00-12:00", "2026-10-25T00:00+02:00", "2026-10-25T12:00+01:00"),
    ],
)
def test_a_time_that_clocks_show_twice_means_both(text, start, end):
    assert read(text, AFTER_BACK).period == Period(ns(start), ns(end))


@given(st.integers(0, 4 * 10**18), st.integers(1, 10**17))
def test_the_text_of_a_period_reads_back_as_itself(start_ns, length_ns):
    period = Period(start_ns, start_ns + length_ns)
    now = datetime(2200, 1, 1, tzinfo=UTC)

    assert find_period(period_text(period), now=now, zone=PRAGUE).period == period


MINUTES = st.integers(0, 24 * 60 - 1).map(lambda minute: f"{minute // 60:02d}:{minute % 60:02d}")


@given(
    st.integers(10 * 365, 120 * 365).flatmap(lambda day: st.integers(day * 86_400, (day + 1) * 86_400)),
    MINUTES,
    st.sampled_from(["since", "around", "before"]),
)
def test_every_period_has_a_length_and_lies_in_the_past(now_s, clock, word):
    aware = datetime.fromtimestamp(now_s, PRAGUE)

    period = read(f"{word} {clock}", aware).period

    assert 0 <= period.start_ns < period.end_ns <= epoch_ns(aware)
    assert epoch_ns(aware) - period.start_ns < 27 * 3_600 * NS_IN_S


@pytest.mark.parametrize(
    "text", ["slow since some time", "errors since when", "since it works again all is well"]
)
def test_since_without_a_time_names_no_period(text):
    assert read(text).period.assumed
