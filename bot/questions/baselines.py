"""What a period is held against: `yesterday`, `last week`, `an hour ago`, `the hour before`, `14:00-15:00`, or what is usual."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.questions.durations import DURATION, duration_ns
from bot.questions.intent import Period
from bot.questions.local_time import NS_IN_S, epoch_ns, first_instant_ns
from bot.questions.moments import DAY, MOMENT, read_moment
from bot.questions.not_understood import NotUnderstood
from bot.questions.periods import ONE_DAY, PERIOD_ADVICE, find_period

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

HOUR_NS = 3_600 * NS_IN_S
LONGEST_DAY_NS = 25 * HOUR_NS
"""The day on which clocks are put back."""
LONGEST_WEEK_NS = 7 * 24 * HOUR_NS + HOUR_NS
OVERLAP_ADVICE = (
    "Compare periods that share no time, as in: compare checkout last 1h vs yesterday, or why payment "
    "14:00-15:00 vs 12:00-13:00."
)

UNIT = r"(?:minute|hour|day|week)"
USUAL = re.compile(
    r"(?<![\w.-])(?:(?:what(?:'s| is) |the |its |how it )?(?:usual|usually|normal|normally|baseline|ordinary|typical|expected)"
    r"(?: is)?(?: (?:values?|level|behaviou?r))?|(?:it )?always)(?![\w.-])",
    re.IGNORECASE,
)
SAME_TIME = (
    r"(?:(?:at |in |during )?(?:the |this )?(?:same )?(?:time|period|hours?|window)(?: of| on)? )?(?:the )?"
)
AGO = re.compile(
    rf"(?<![\w.-])(?P<length>{DURATION}) (?:ago|earlier|before)(?! \w*\d)(?![\w.-])", re.IGNORECASE
)
WEEK = re.compile(
    rf"(?<![\w.-])(?:{SAME_TIME}last week|{SAME_TIME}(?:previous week|week before)|a week (?:ago|earlier))(?![\w-])",
    re.IGNORECASE,
)
DAY_BEFORE = re.compile(
    rf"(?<![\w.-])(?:{SAME_TIME}(?:previous day|day before)(?! yesterday)|a day (?:ago|earlier))(?![\w-])",
    re.IGNORECASE,
)
BEFORE = re.compile(
    rf"(?<![\w.-])(?:(?:the )?(?:previous|preceding|prior) (?:(?P<length>{DURATION})|(?P<unit>{UNIT})|(?:one|period|time)(?!\w))"
    rf"|(?:the )?(?:(?P<long>{DURATION})|(?P<one>{UNIT})) before(?: that)?(?! yesterday)|before(?: that)?(?=$|,)|previously$|earlier$|prior$)",
    re.IGNORECASE,
)
THAT_DAY = re.compile(
    rf"(?<![\w.:/-])(?:on |of )?{SAME_TIME}(?P<day>{DAY})(?! ?(?:at )?\d| (?:morning|afternoon|evening|night)(?!\w))",
    re.IGNORECASE,
)
RANGE = re.compile(rf"{MOMENT}(?: ?- ?| (?:to|until|till|and) | ?\.\. ?){MOMENT}", re.IGNORECASE)


@dataclass(frozen=True)
class FoundBaseline:
    """A baseline, and the text without the words that named it."""

    period: Period | None
    """None for what is usual."""
    rest: str
    words: str
    """As it was written."""


@dataclass(frozen=True)
class _Shifted:
    """The words for a baseline, and what they place it by."""

    match: re.Match[str]
    period: Period
    now: datetime
    zone: tzinfo


def find_baseline(text: str, period: Period, *, now: datetime, zone: tzinfo) -> FoundBaseline | None:
    """What plain text names to hold the period against; None where it names nothing.

    A day, and a number of days or a week ago, mean the same clock time on that day where the period is at most a day (for
    weeks: a week) long: `today vs yesterday` at half past three compares both until half past three, since other hours
    see other traffic. For a longer period a day is that whole day. `An hour ago` is the period shifted by an hour,
    `the hour before` the hour that ends where the period begins, and `before` as much time as the period has.

    Raises:
        NotUnderstood: it lies in the future, shares time with the period, or is no time at all.
    """
    if match := USUAL.search(text):
        return FoundBaseline(None, _without(text, match), match[0].strip())
    found = _relative(text, period, now, zone) or _absolute(text, now, zone)
    if found is None:
        return None
    baseline, rest, words = found
    if baseline.start_ns >= epoch_ns(now):
        raise NotUnderstood(f"“{words}” lies in the future.", PERIOD_ADVICE)
    _refuse_overlap(period, baseline, words)
    return FoundBaseline(baseline, rest, words)


def _refuse_overlap(period: Period, baseline: Period, words: str) -> None:
    if max(period.start_ns, baseline.start_ns) < min(period.end_ns, baseline.end_ns):
        raise NotUnderstood(
            f"“{words}” and the period that is compared with it share some time.", OVERLAP_ADVICE
        )


def _relative(text: str, period: Period, now: datetime, zone: tzinfo) -> tuple[Period, str, str] | None:
    """The baseline that the words place by the period."""
    length_ns = period.end_ns - period.start_ns
    if RANGE.search(text):
        return None
    for pattern, longest_ns, place in FORMS:
        if length_ns <= longest_ns and (match := pattern.search(text)):
            return place(_Shifted(match, period, now, zone)), _without(text, match), match[0].strip()
    return None


def _absolute(text: str, now: datetime, zone: tzinfo) -> tuple[Period, str, str] | None:
    when = find_period(text, now=now, zone=zone)
    return None if when.period.assumed else (when.period, when.rest, when.words)


def _just_before(asked: _Shifted) -> Period:
    match, period = asked.match, asked.period
    length = match["length"] or match["long"]
    unit = match["unit"] or match["one"]
    written = length or (f"1 {unit}" if unit else "")
    length_ns = duration_ns(written) if written else period.end_ns - period.start_ns
    return Period(max(period.start_ns - length_ns, 0), period.start_ns)


def _ago(asked: _Shifted) -> Period:
    """Whole days by the clock, hours and minutes by the second."""
    shift_ns = duration_ns(asked.match["length"])
    days, rest_ns = divmod(shift_ns, 24 * HOUR_NS)
    if not rest_ns:
        return _days_before(asked, days)
    return _from_1970(asked.period.start_ns - shift_ns, asked.period.end_ns - shift_ns, asked.match[0])


def _on_day(asked: _Shifted) -> Period:
    """The same clock time on that day."""
    day = read_moment(asked.match["day"], asked.now.astimezone(asked.zone).date()).day
    ends = _local(asked.period.end_ns - 1, asked.zone).date()
    return _days_before(asked, (ends - (day or ends)).days)


def _days_before(asked: _Shifted, days: int) -> Period:
    try:
        start_ns, end_ns = (
            _shifted_ns(time_ns, days, asked.zone) for time_ns in (asked.period.start_ns, asked.period.end_ns)
        )
    except OverflowError as exc:
        raise NotUnderstood(f"“{asked.match[0].strip()}” is too long ago.", PERIOD_ADVICE) from exc
    return _from_1970(start_ns, end_ns, asked.match[0])


def _from_1970(start_ns: int, end_ns: int, words: str) -> Period:
    if end_ns <= 0:
        raise NotUnderstood(f"“{words.strip()}” is too long ago.", PERIOD_ADVICE)
    return Period(max(start_ns, 0), end_ns)


def _shifted_ns(time_ns: int, days: int, zone: tzinfo) -> int:
    """When the clocks of the zone showed the same, so many days before."""
    local = _local(time_ns, zone) - days * ONE_DAY
    return first_instant_ns(local, zone) + time_ns % 1_000


def _local(time_ns: int, zone: tzinfo) -> datetime:
    seconds, rest_ns = divmod(time_ns, NS_IN_S)
    time = datetime.fromtimestamp(seconds, tz=UTC) + timedelta(microseconds=rest_ns // 1_000)
    return time.astimezone(zone).replace(tzinfo=None)


FORMS: tuple[tuple[re.Pattern[str], float, Callable[[_Shifted], Period]], ...] = (
    (WEEK, LONGEST_WEEK_NS, lambda asked: _days_before(asked, 7)),
    (DAY_BEFORE, LONGEST_DAY_NS, lambda asked: _days_before(asked, 1)),
    (BEFORE, math.inf, _just_before),
    (AGO, math.inf, _ago),
    (THAT_DAY, LONGEST_DAY_NS, _on_day),
)
"""How each is written, the longest period that it is meant for, and where it lies."""


def _without(text: str, match: re.Match[str]) -> str:
    return " ".join(f"{text[: match.start()]} {text[match.end() :]}".split()).strip(" ,;")


__all__ = ["OVERLAP_ADVICE", "FoundBaseline", "find_baseline"]
