"""What is usual at this hour, and whether now is so."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.minutes import MINUTE_NS, NO_MINUTES, OperationKey, OperationMinutes, buckets_of
from analyzers.report import OperationRow, Operations
from analyzers.same_hours import (
    DAY_NS,
    QUARTER_NS,
    affordable,
    days_of,
    gone,
    inside,
    rows_a_minute,
    windows_before,
)
from analyzers.usual import usual_of
from analyzers.usual_rows import ONLY_DURATIONS, with_usual

HOUR_NS = 60 * MINUTE_NS
START_NS = 18 * DAY_NS + 10 * HOUR_NS
"""A Monday at ten."""
PERIOD = (START_NS, START_NS + HOUR_NS)
PAY, CART = OperationKey("payment", "charge", 2), OperationKey("cart", "load", 2)
WINDOWS = windows_before(*PERIOD)
DAYS = 14


def an_hour(start_ns, counts, median_ns=200e6, seed=0, failed=0.0):
    """An hour's histograms: calls by operation."""
    random = np.random.default_rng((seed, start_ns // MINUTE_NS))
    keys = tuple(sorted(counts))
    duration_ns = [np.exp(random.normal(np.log(median_ns), 0.4, counts[key])) for key in keys]
    rows = [np.unique(buckets_of(one.astype(np.int64)), return_counts=True) for one in duration_ns]
    calls = np.concatenate([one[1] for one in rows]).astype(np.float64)
    return OperationMinutes(
        keys,
        np.repeat(np.arange(len(keys)), [len(one[0]) for one in rows]).astype(np.int32),
        np.full(len(calls), start_ns // MINUTE_NS, dtype=np.int64),
        np.concatenate([one[0] for one in rows]),
        calls,
        calls * failed,
        calls.astype(np.int64),
    )


def before(counts=None, days=DAYS):
    """The same hour and a half on the days before."""
    counts = {PAY: 300, CART: 300} if counts is None else counts
    return [an_hour(START_NS - day * DAY_NS, counts) for day in range(1, days + 1)]


def status(now, past=None, *, whole=True):
    days = days_of(now, PERIOD, WINDOWS, before() if past is None else past)
    return usual_of(replace(days, whole=whole))[PAY].status


def test_the_same_hours_are_a_quarter_longer_on_either_side():
    windows = windows_before(*PERIOD)

    assert len(windows) == DAYS
    assert windows[0] == (START_NS - DAY_NS - HOUR_NS // 4, START_NS - DAY_NS + 5 * HOUR_NS // 4)


def test_a_period_of_a_day_is_held_against_the_days_before_without_quarters():
    assert windows_before(START_NS, START_NS + DAY_NS)[:2] == (
        (START_NS - DAY_NS, START_NS),
        (START_NS - 2 * DAY_NS, START_NS - DAY_NS),
    )


def test_a_longer_period_is_at_no_hour():
    assert windows_before(START_NS, START_NS + DAY_NS + MINUTE_NS) == ()


def test_days_before_time_began_are_left_out():
    assert len(windows_before(DAY_NS + HOUR_NS, DAY_NS + 2 * HOUR_NS)) == 1


@given(st.integers(0, 24 * 60 - 1), st.integers(1, 24 * 60))
def test_no_window_reaches_into_the_period_or_another_window(start, minutes):
    period = (START_NS + start * MINUTE_NS, START_NS + (start + minutes) * MINUTE_NS)

    windows = windows_before(*period)

    assert len(windows) == DAYS
    for (begin, end), (later, _) in zip(windows, (period, *windows), strict=False):
        assert begin < end <= later


@given(st.floats(1, 1e6), st.integers(1, 10_000_000))
def test_windows_are_made_shorter_around_the_same_middle_until_they_can_be_read(rows_a_minute, most_rows):
    found = affordable(WINDOWS, rows_a_minute, most_rows)

    minutes = (found[0][1] - found[0][0]) // MINUTE_NS
    assert minutes * len(found) * rows_a_minute <= most_rows or (minutes, len(found)) == (15, 7)
    assert abs(sum(found[0]) - sum(WINDOWS[0])) <= 2 * MINUTE_NS


DAY_LONG = windows_before(START_NS, START_NS + 20 * HOUR_NS)


@given(st.floats(1, 1e6), st.integers(1, 100_000_000))
def test_windows_of_most_of_a_day_are_read_whole_or_not_at_all(rows_a_minute, most_rows):
    found = affordable(DAY_LONG, rows_a_minute, most_rows)

    minutes = (20 * HOUR_NS + 2 * QUARTER_NS) // MINUTE_NS
    assert found == DAY_LONG[: len(found)]
    assert len(found) == 0 or (len(found) >= 3 and len(found) * minutes * rows_a_minute <= most_rows)


def test_of_nothing_every_day_can_be_read():
    assert affordable(WINDOWS, 0.0, 1) == WINDOWS
    assert affordable((), 5.0, 1) == ()
    assert rows_a_minute(NO_MINUTES, HOUR_NS) == 0.0


@given(st.integers(1, 60), st.integers(1, 2_000), st.integers(0, 2**32))
def test_how_many_rows_there_were_before_minutes_were_added_up_is_told_from_the_sum(minutes, spans, seed):
    counted = an_hour(START_NS, {PAY: spans})
    random = np.random.default_rng(seed)
    apart = [
        len(np.unique(random.integers(0, minutes, (50, count)) + minutes * np.arange(50)[:, None]))
        for count in counted.spans.tolist()
    ]

    assert rows_a_minute(counted, minutes * MINUTE_NS) == pytest.approx(
        sum(apart) / 50 / minutes, rel=0.2, abs=1e-9
    )


def test_a_part_of_a_minute_is_one():
    counted = an_hour(START_NS, {PAY: 30})

    assert rows_a_minute(counted, 1) == len(counted)


def test_what_is_usual_is_known_from_the_days_that_are_alike():
    usual = usual_of(days_of(an_hour(START_NS, {PAY: 200}), PERIOD, WINDOWS, before()))[PAY]

    assert usual.days == 10
    assert usual.p50_ns == pytest.approx(200e6, rel=0.03)
    assert usual.p95_ns == pytest.approx(200e6 * np.exp(1.645 * 0.4), rel=0.05)


def test_a_usual_hour_is_normal():
    assert status(an_hour(START_NS, {PAY: 200})) == "normal"


def test_half_as_slow_again_is_slower():
    assert status(an_hour(START_NS, {PAY: 200}, 300e6)) == "slower"


def test_seven_calls_are_too_few_to_be_told_as_slower():
    past = before({PAY: 9})

    assert status(an_hour(START_NS, {PAY: 7}, 220e6), past) == "normal"


def test_failures_are_told_before_slowness():
    assert status(an_hour(START_NS, {PAY: 200}, 400e6, failed=0.1)) == "errors"


def test_what_nobody_called_before_is_new():
    assert status(an_hour(START_NS, {PAY: 200}), before({CART: 300})) == "new"


def test_a_third_of_the_calls_is_quiet():
    assert status(an_hour(START_NS, {PAY: 60})) == "quiet"


def test_where_traces_were_left_out_durations_are_compared():
    assert status(an_hour(START_NS, {PAY: 200}, 300e6), whole=False) == "slower"


def test_where_traces_were_left_out_neither_failures_nor_calls_are_compared():
    assert status(an_hour(START_NS, {PAY: 200}, failed=0.1), whole=False) == "normal"
    assert status(an_hour(START_NS, {PAY: 60}), whole=False) == "normal"


def test_where_traces_were_left_out_nothing_is_new_or_gone():
    days = replace(days_of(an_hour(START_NS, {PAY: 200}), PERIOD, WINDOWS, before({CART: 300})), whole=False)

    assert usual_of(days) == {}
    assert gone(days) == ()


def test_weekdays_are_those_of_the_asker():
    # Friday, 23:30 UTC, is Saturday for those who are an hour ahead.
    friday = (START_NS + 4 * DAY_NS + 27 * HOUR_NS // 2, START_NS + 4 * DAY_NS + 28 * HOUR_NS // 2)
    windows = windows_before(*friday)

    at_home, ahead = (days_of(NO_MINUTES, friday, windows, [NO_MINUTES] * DAYS, by) for by in (0, HOUR_NS))

    assert at_home.alike == (True, True, True, True, False, False, True) * 2
    assert ahead.alike == (False, False, False, False, False, True, True) * 2


def test_an_incident_yesterday_is_not_usual():
    past = [an_hour(START_NS - DAY_NS, {PAY: 300}, 2e9), *before()[1:]]

    assert status(an_hour(START_NS, {PAY: 200}, 300e6), past) == "slower"


def test_of_two_days_nothing_is_known():
    past = [*before(days=2), *[NO_MINUTES] * 12]

    assert usual_of(days_of(an_hour(START_NS, {PAY: 200}), PERIOD, WINDOWS, past)) == {}


def test_what_is_called_on_most_days_but_not_now_is_gone():
    assert gone(days_of(an_hour(START_NS, {PAY: 200}), PERIOD, WINDOWS, before())) == (CART,)


def test_what_was_called_on_two_days_alone_is_not_known_yet():
    past = [*before(days=2), *before({CART: 300})[2:]]
    days = days_of(an_hour(START_NS, {PAY: 200}, 900e6), PERIOD, WINDOWS, past)

    assert usual_of(days) == {}
    assert with_usual(table(), days).rows == table().rows


def test_calls_are_counted_against_days_of_the_same_sort_alone():
    sunday = (START_NS - DAY_NS, START_NS - DAY_NS + HOUR_NS)
    windows = windows_before(*sunday)
    weekdays = [
        an_hour(begin, {PAY: 300, CART: 300}) if not is_weekend else NO_MINUTES
        for (begin, _), is_weekend in zip(
            windows, days_of(NO_MINUTES, sunday, windows, [NO_MINUTES] * DAYS).alike, strict=True
        )
    ]
    days = days_of(an_hour(sunday[0], {PAY: 60}), sunday, windows, weekdays)

    assert usual_of(days)[PAY].status == "normal"
    assert gone(days) == ()


def test_what_is_called_on_a_few_days_is_not_missed():
    past = [*before(days=4), *before({PAY: 300})[4:]]

    assert gone(days_of(an_hour(START_NS, {PAY: 200}), PERIOD, WINDOWS, past)) == ()


def test_minutes_of_other_hours_are_left_out():
    minutes = an_hour(START_NS, {PAY: 5})

    assert len(inside(minutes, PERIOD)) == len(minutes)
    assert not len(inside(minutes, (START_NS - HOUR_NS, START_NS)))
    assert inside(minutes, (START_NS - HOUR_NS, START_NS)).operations == ()


def table():
    row = OperationRow(
        service="payment",
        operation="charge",
        kind="server",
        calls=200,
        error_ratio=0.0,
        p50_ns=300_000_000,
        p95_ns=600_000_000,
        p99_ns=700_000_000,
    )
    return Operations(question="operations", asked_at="", headline="", confidence="high", rows=(row,))


def test_a_row_says_what_is_usual_and_what_is_missed():
    report = with_usual(table(), days_of(an_hour(START_NS, {PAY: 200}, 300e6), PERIOD, WINDOWS, before()))

    assert report.rows[0].status == "slower"
    assert report.rows[0].usual_p95_ns == pytest.approx(386e6, rel=0.05)
    assert report.notes == (
        "usual is what the same hours of 14 days before had",
        "usually called at this hour, but not now: cart load",
    )


def test_it_is_said_that_traces_were_left_out():
    days = days_of(an_hour(START_NS, {PAY: 200}, 300e6), PERIOD, WINDOWS, before())

    report = with_usual(table(), replace(days, whole=False))

    assert report.rows[0].status == "slower"
    assert report.notes == (
        "usual is what some traces of the same hours of 14 days before had",
        ONLY_DURATIONS,
    )


def test_it_is_said_where_nothing_is_known_yet():
    report = with_usual(table(), days_of(an_hour(START_NS, {PAY: 200}), PERIOD, WINDOWS, [NO_MINUTES] * DAYS))

    assert report.rows[0].usual_p95_ns is None
    assert report.notes == (
        "what is usual at this hour is not known yet: nothing was kept of the days before",
    )


def test_an_empty_table_has_nothing_said_about_it():
    empty = msgspec.structs.replace(table(), rows=())

    assert with_usual(empty, days_of(NO_MINUTES, PERIOD, WINDOWS, before())).notes == ()
