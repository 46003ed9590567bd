"""Times of day as people say them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.questions.periods import find_period
from bot.questions.spoken_times import times_in_digits

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("around ten forty five the page froze", "around 10:45 the page froze"),
        ("since quarter to two", "since 13:45"),
        ("at a quarter past 3", "at 15:15"),
        ("around twenty past seven in the evening", "around 19:20"),
        ("around half past nine", "around 09:30"),
        ("since two p m", "since 14:00"),
        ("since 6 this morning", "since 06:00"),
        ("at eight yesterday", "at 08:00 yesterday"),
        ("between 2 and 3 pm yesterday", "14:00-15:00 yesterday"),
        ("yesterday 4 to 5 pm", "yesterday 16:00-17:00"),
        ("between 11 and 1 pm", "11:00-13:00"),
        ("yesterday between 22 and 23", "yesterday 22:00-23:00"),
        ("2 hours back", "last 2 hours"),
        ("slow after 13h", "slow after 13:00"),
        ("since 14h", "since 14:00"),
        ("since 9h30", "since 09:30"),
        ("until 7h", "until 07:00"),
        ("yesterday 14 to 15h", "yesterday 14:00-15:00"),
        ("between 14h and 15h30", "14:00-15:30"),
        ("climbing since 1430", "climbing since 14:30"),
        ("errors at 1405, why", "errors at 14:05, why"),
        ("since 1430 in checkout", "since 14:30 in checkout"),
        ("around 0930 today", "around 09:30 today"),
        ("from 9 to 10h", "09:00-10:00"),
        ("9h15 to 10h", "09:15-10:00"),
        ("errors 9 to 10h", "errors 09:00-10:00"),
    ],
)
def test_spoken_times_become_digits(said, written):
    assert times_in_digits(said, NOW) == written


@pytest.mark.parametrize(
    "said",
    [
        "between 2 and 3 requests",
        "top 10 to 20 traces",
        "from 1 to 5 seconds",
        "since two hours",
        "about ten minutes",
        "at one service",
        "p95 and 3 pm",
        "10:00-11:00",
        "v2 to v3",
        "since 2h",
        "last 14h",
        "since 2024",
        "from 1430 requests",
        "at 1430ms",
        "user 1430",
        "in the last 1 to 2h",
        "in the last 14 to 16h",
        "requests taking 2 to 3h",
        "errors 2-3h ago",
        "errors from 2 to 3h ago",
        "about 1200 errors in checkout",
        "after 1000 retries",
        "slow at 1000 concurrent",
    ],
)
def test_what_counts_or_measures_is_no_time(said):
    assert times_in_digits(said, NOW) == said


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("error rate jumped at 14:10", "since 14:10"),
        ("it started around 14:10", "since 14:10"),
        ("for like half an hour now", "last 30m"),
        ("for about forty five minutes", "last 45m"),
        ("since quarter to two", "since 13:45"),
        ("degraded for 2h already", "last 2h"),
        ("between 2 and 3 pm yesterday", "yesterday 14:00-15:00"),
        ("14:00-15:00 yesterday", "yesterday 14:00-15:00"),
    ],
)
def test_periods_that_people_say_are_those_that_one_types(said, written):
    assert find_period(said, now=NOW, zone=UTC).period == find_period(written, now=NOW, zone=UTC).period


@given(st.text(alphabet="0123456789 :-apmtono'clockhalfquarter", max_size=60))
def test_no_text_breaks_it(text):
    times_in_digits(text, NOW)
