from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from analyzers.period_words import epoch_ns, period_text, since_text

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=ZoneInfo("Europe/Prague"))


@pytest.mark.parametrize(
    ("begin", "end", "text"),
    [
        (timedelta(hours=1), timedelta(), "in the last hour"),
        (timedelta(minutes=30), timedelta(), "in the last 30 min"),
        (timedelta(days=1), timedelta(), "in the last day"),
        (timedelta(hours=1), timedelta(minutes=30), "between 14:30 and 15:00 CET"),
        (timedelta(days=1), timedelta(hours=23), "between 2026-11-21 15:30 and 16:30 CET"),
        (timedelta(days=1), timedelta(hours=1), "between 2026-11-21 15:30 and 2026-11-22 14:30 CET"),
        (timedelta(seconds=90), timedelta(seconds=30), "between 15:28:30 and 15:29:30 CET"),
    ],
)
def test_a_period_is_told_in_the_askers_zone(begin, end, text):
    assert period_text(epoch_ns(NOW - begin), epoch_ns(NOW - end), NOW) == text


def test_any_period_can_be_told():
    zone = ZoneInfo("America/New_York")

    assert period_text(0, 2**63 - 1, datetime(2026, 1, 1, tzinfo=UTC)).startswith("between 1970-01-01 00:00")
    assert period_text(0, 2**63 - 1, datetime(2026, 1, 1, tzinfo=zone)).startswith("between 1969-12-31 19:00")


def test_the_first_of_all_days_is_itself():
    day_ns = 86_400 * 10**9

    assert period_text(0, day_ns, NOW.astimezone(UTC)) == "between 1970-01-01 00:00 and 1970-01-02 00:00 UTC"


def test_a_beginning_is_told_to_the_minute_and_with_its_day_where_that_is_another():
    assert since_text(epoch_ns(NOW - timedelta(minutes=38, seconds=12)), NOW) == "since 14:51 CET"
    assert since_text(epoch_ns(NOW - timedelta(hours=20)), NOW) == "since 2026-11-21 19:30 CET"


def test_an_hour_in_which_clocks_are_put_back_has_two_zones():
    begin, end = (datetime(2026, 10, 25, hour, tzinfo=UTC) for hour in (0, 2))

    assert period_text(epoch_ns(begin), epoch_ns(end), NOW) == "between 2026-10-25 02:00 CEST and 03:00 CET"
