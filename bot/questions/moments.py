"""A day, a time of day, or both, as people write them: `yesterday`, `14:05`, `monday 9am`, `2026-11-22T14:05:07Z`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING

from bot.questions.local_time import NS_IN_S, first_instant_ns, last_instant_ns
from bot.questions.not_understood import NotUnderstood

if TYPE_CHECKING:
    from datetime import tzinfo

TIME_ADVICE = "Write a time as 14:05, yesterday 14:05, monday 9am or 2026-11-22T14:05Z."
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKDAY = r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
ISO_DAY = r"\d{4}-\d{2}-\d{2}"
DAY = rf"(?:(?:the )?day before yesterday|today|yesterday|(?:last )?{WEEKDAY}|{ISO_DAY})(?![\w/-])"
ZONE = r"(?: ?(?:z|utc|gmt)(?!\w))"
OFFSET = r"(?:[+-]\d{2}:?\d{2}(?!\d))"
"""Read only after a T: 2026-11-22 10:00-11:00 is an hour, not a time in the Atlantic."""
CLOCK = r"(?:[0-2]?\d:[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?(?![\d:])(?: ?[ap]\.?m(?!\w)\.?)?|1?\d ?[ap]\.?m(?!\w)\.?|[0-2]?\d o'?clock|noon|midnight|lunch(?:time)?)"
TIME = rf"(?:{CLOCK}{ZONE}?)"
ISO = rf"(?:{ISO_DAY}t{CLOCK}(?:{ZONE}|{OFFSET})?|{ISO_DAY} {TIME})"
MOMENT = rf"(?:{ISO}|{DAY},?(?: at| between| from)? {TIME}|{TIME} (?:on )?{DAY}|{DAY}|{TIME})"

READ_DAY = re.compile(
    rf"{ISO_DAY}|(?:the )?day before yesterday|today|yesterday|(?:last )?{WEEKDAY}(?!\w)", re.IGNORECASE
)
READ_TIME = re.compile(
    r"(?<![\d-])(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"(?: o'?clock)? ?(?P<half>[ap])?\.?(?(half)m)|(?P<word>noon|midnight|lunch(?:time)?)",
    re.IGNORECASE,
)
READ_ZONE = re.compile(
    r"(?P<utc>z|utc|gmt)$|(?P<sign>[+-])(?P<hours>\d{2}):?(?P<minutes>\d{2})$", re.IGNORECASE
)


@dataclass(frozen=True)
class Moment:
    """What was written; what was not is None."""

    day: date | None
    time_ns: int | None
    """Since the beginning of the day, as clocks show it."""
    zone: tzinfo | None

    def local(self, day: date) -> datetime:
        """On that day, to the microsecond."""
        since_midnight = timedelta(microseconds=(self.time_ns or 0) // 1_000)
        return datetime.combine(day, time()) + since_midnight

    def first_ns(self, day: date, zone: tzinfo) -> int:
        """The earliest instant that it can be, in the zone where it names none."""
        return first_instant_ns(self.local(day), self.zone or zone) + (self.time_ns or 0) % 1_000

    def last_ns(self, day: date, zone: tzinfo) -> int:
        """The latest instant that it can be."""
        return last_instant_ns(self.local(day), self.zone or zone) + (self.time_ns or 0) % 1_000


def read_moment(text: str, today: date) -> Moment:
    """What matches MOMENT.

    Raises:
        NotUnderstood: there is no such day or time of day.
    """
    day = READ_DAY.search(text)
    rest = text[: day.start()] + " " + text[day.end() :].lstrip("tT,") if day else text
    rest = rest.strip()
    zone = READ_ZONE.search(rest)
    clock = READ_TIME.search(rest[: zone.start()] if zone else rest)
    return Moment(
        day=_day(day[0].lower(), today) if day else None,
        time_ns=_time_ns(clock) if clock else None,
        zone=_zone(zone) if zone and clock else None,
    )


def _day(words: str, today: date) -> date:
    if words[0].isdigit():
        try:
            return date.fromisoformat(words)
        except ValueError as exc:
            raise NotUnderstood(f"There is no day {words}.", TIME_ADVICE) from exc
    if words == "today":
        return today
    if words == "yesterday":
        return today - timedelta(days=1)
    if words.endswith("yesterday"):
        return today - timedelta(days=2)
    weekday = next(
        number for number, name in enumerate(WEEKDAYS) if name.startswith(words.rpartition(" ")[2][:3])
    )
    back = (today.weekday() - weekday) % 7
    return today - timedelta(days=7 if not back and words.startswith("last") else back)


def _time_ns(clock: re.Match[str]) -> int:
    if clock["word"]:
        return 0 if clock["word"].lower() == "midnight" else 12 * 3_600 * NS_IN_S
    hour, minute, second = int(clock["hour"]), int(clock["minute"] or 0), int(clock["second"] or 0)
    if clock["half"] and not 1 <= hour <= 12:
        raise NotUnderstood(f"There is no time of day {clock[0].strip()}.", TIME_ADVICE)
    if clock["half"]:
        hour = hour % 12 + (12 if clock["half"].lower() == "p" else 0)
    if hour > 24 or (hour == 24 and (minute or second)):
        raise NotUnderstood(f"There is no time of day {clock[0].strip()}.", TIME_ADVICE)
    fraction_ns = int((clock["fraction"] or "0").ljust(9, "0"))
    return ((hour * 60 + minute) * 60 + second) * NS_IN_S + fraction_ns


def _zone(zone: re.Match[str]) -> tzinfo:
    if zone["utc"]:
        return UTC
    offset = timedelta(hours=int(zone["hours"]), minutes=int(zone["minutes"]))
    if offset >= timedelta(days=1):
        raise NotUnderstood(f"There is no offset {zone[0]}.", TIME_ADVICE)
    return timezone(-offset if zone["sign"] == "-" else offset)
