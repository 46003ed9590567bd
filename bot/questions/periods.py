"""When a question is about: `last 30m`, `since 14:00`, `yesterday 14:00-15:00`, `around 14:05`; an hour where it says nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from bot.questions.durations import DURATION, UNIT_IN_ROW, duration_ns
from bot.questions.intent import Period
from bot.questions.local_time import EPOCH, NS_IN_S, epoch_ns, first_instant_ns
from bot.questions.moments import DAY, MOMENT, WEEKDAY, Moment, read_moment
from bot.questions.not_understood import NotUnderstood
from bot.questions.spoken_times import times_in_digits

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

USUAL_NS = 3_600 * NS_IN_S
"""What a question without a period is about: the last hour."""
MARGIN_NS = 600 * NS_IN_S
"""Around a time: ten minutes to either side."""
ONE_DAY = timedelta(days=1)
PARTS_OF_DAY = {"morning": (6, 12), "afternoon": (12, 18), "evening": (18, 24), "night": (18, 30)}
"""Hours since midnight; a night ends at six the next morning."""
PERIOD_ADVICE = "Write a period as last 30m, since 14:00, yesterday 14:00-15:00 or around 14:05."

IN = r"(?:(?:in|over|during|within|for|from|on|of|at) )?(?:the )?"
RANGE_WORD = r"(?: ?- ?| (?:to|until|till|and) | ?\.\. ?)"
MARGIN = rf"(?: ?(?:\+/?-|plus or minus|give or take) ?(?P<margin>{DURATION}))"
NAMED_PART = r"(?P<part>morning|afternoon|evening|night)"
NOT_A_LENGTH = "".join(
    f"(?<!{word} )" for word in ("than", "over", "above", "under", "below", "takes", "take", "taking", "took", "needs", "like", "least")
)  # fmt: skip
"""Before a length that is how long something took, not since when: `slower than 5m`."""
BEGAN = "(?:{})".format(
    "|".join(
        f"(?<={word} )"
        for word in "started starting began beginning begins starts jumped increased rose doubled tripled climbed".split()
    )
)
"""After these a time is when something began that goes on."""
UNIT_ALONE = r"(?P<unit>second|minute|min|hour|hr|day|week)"


@dataclass(frozen=True)
class FoundPeriod:
    """A period, and the text without the words that named it."""

    period: Period
    rest: str
    words: str
    """As it was written; empty where it is the usual one."""


@dataclass(frozen=True)
class _Asker:
    """Who asks, as far as time goes."""

    now_ns: int
    today: date
    zone: tzinfo


def find_period(text: str, *, now: datetime, zone: tzinfo, alone: bool = True) -> FoundPeriod:
    """The period that plain text names, never later than now.

    A time of day that has not come yet today is yesterday's. A time that the clocks showed twice means both, one that they
    skipped the moment of skipping. Unless it must stand alone, another one may be left in the rest.

    Raises:
        NotUnderstood: it names the future, nothing at all, or several periods.
    """
    asker = _Asker(epoch_ns(now), now.astimezone(zone).date(), zone)
    text = times_in_digits(text, now.astimezone(zone))
    if match := NEXT_DAY.search(text):
        raise NotUnderstood(f"“{match[0]}” lies in the future.", PERIOD_ADVICE)
    for pattern, read in FORMS:
        if match := pattern.search(text):
            period = _past(_read(read, match, asker), asker, match[0].strip())
            rest = f"{text[: match.start()]} {text[match.end() :]}"
            if read is _since:
                rest = _without_beginning(rest, period.start_ns, asker)
            if alone:
                kept = IN_PASSING.sub(" ", rest) if read in (_around, _part_of_day) else rest
                _refuse_second(kept, match[0])
            _refuse_future(rest)
            return FoundPeriod(period, _joined(rest), match[0].strip())
    _refuse_future(text)
    _refuse_unread(text)
    usual = Period(max(asker.now_ns - USUAL_NS, 0), max(asker.now_ns, 1), assumed=True)
    return FoundPeriod(usual, text, "")


def period_text(period: Period) -> str:
    """The period in words that read back as the same, in UTC."""
    return f"{_instant_text(period.start_ns)} - {_instant_text(period.end_ns)}"


def _instant_text(instant_ns: int) -> str:
    seconds, rest_ns = divmod(instant_ns, NS_IN_S)
    fraction = f".{rest_ns:09d}".rstrip("0") if rest_ns else ""
    return f"{(EPOCH + timedelta(seconds=seconds)).replace(tzinfo=None).isoformat()}{fraction}Z"


def _joined(text: str) -> str:
    return " ".join(text.split()).strip(" ,;")


def _read(read: _Read, match: re.Match[str], asker: _Asker) -> tuple[int, int]:
    try:
        return read(match, asker)
    except OverflowError as exc:
        raise NotUnderstood(f"“{match[0].strip()}” is too long ago or too far off.", PERIOD_ADVICE) from exc


def _past(found: tuple[int, int], asker: _Asker, words: str) -> Period:
    """The part of it that is over, since 1970."""
    start_ns, end_ns = found
    if start_ns > asker.now_ns or asker.now_ns == start_ns < end_ns:
        raise NotUnderstood(f"“{words}” lies in the future.", PERIOD_ADVICE)
    if end_ns <= start_ns:
        what = "is an empty period" if end_ns == start_ns else "ends before it begins"
        raise NotUnderstood(f"“{words}” {what}.", PERIOD_ADVICE)
    start_ns, end_ns = max(start_ns, 0), min(end_ns, asker.now_ns)
    if start_ns >= end_ns:
        raise NotUnderstood(f"“{words}” is too long ago.", PERIOD_ADVICE)
    return Period(start_ns, end_ns)


def _without_beginning(rest: str, start_ns: int, asker: _Asker) -> str:
    """`it broke at 14:00, show errors since 14:00`: the same time said twice is one period."""
    again = AROUND.search(rest)
    if again is None or again["margin"]:
        return rest
    first_ns, last_ns = _around(again, asker)
    same = (first_ns + last_ns) // 2 == start_ns
    return f"{rest[: again.start()]} {rest[again.end() :]}" if same else rest


def _refuse_second(rest: str, first: str) -> None:
    for pattern, _ in FORMS:
        if match := pattern.search(rest):
            raise NotUnderstood(
                f"“{first.strip()}” and “{match[0].strip()}” are two periods.", "Ask about one at a time."
            )


def _refuse_unread(text: str) -> None:
    """What follows `since` and is no time, or is a month, must not turn into the last hour unseen."""
    if match := UNREAD.search(text):
        raise NotUnderstood(f"“{match[0].strip()}” is no time that is understood.", PERIOD_ADVICE)


def _refuse_future(text: str) -> None:
    if match := FUTURE.search(text):
        raise NotUnderstood(f"“{match[0].strip()}” lies in the future.", PERIOD_ADVICE)


def _range(match: re.Match[str], asker: _Asker) -> tuple[int, int]:
    """From one moment to another; the second may leave out the day, and may be past midnight."""
    first, last = read_moment(match["first"], asker.today), read_moment(match["last"], asker.today)
    day = first.day or _day_of_both(first, last, match["last"]) or _latest_day(first, asker)
    start_ns = first.first_ns(day, asker.zone)
    end_day = last.day or day
    if last.time_ns is None:
        return start_ns, first_instant_ns(last.local(end_day + ONE_DAY), asker.zone)
    if first.zone and not last.zone:
        last = Moment(last.day, last.time_ns, first.zone)
    if (
        last.day is None
        and last.local(end_day) < first.local(day)
        and not _runs_backwards(first, last, asker)
    ):
        end_day += ONE_DAY
    return start_ns, last.last_ns(end_day, asker.zone)


def _day_of_both(first: Moment, last: Moment, written: str) -> date | None:
    """The day of `14:00-15:00 yesterday`: said once, after both times."""
    if first.time_ns is None or last.time_ns is None or re.match(DAY, written, re.IGNORECASE):
        return None
    return last.day if first.time_ns < last.time_ns else None


def _runs_backwards(first: Moment, last: Moment, asker: _Asker) -> bool:
    """Whether the second time, taken as the next day's, is most of a day later and has not come yet: `15:00-14:00` at four."""
    day = first.day or _latest_day(first, asker)
    end = last.local(day + ONE_DAY)
    return end - first.local(day) > ONE_DAY / 2 and last.last_ns(day + ONE_DAY, asker.zone) > asker.now_ns


def _since(match: re.Match[str], asker: _Asker) -> tuple[int, int]:
    moment = read_moment(match["moment"], asker.today)
    return moment.first_ns(moment.day or _latest_day(moment, asker), asker.zone), asker.now_ns


def _since_part(match: re.Match[str], asker: _Asker) -> tuple[int, int]:
    return _part_of_day(match, asker)[0], asker.now_ns


def _since_ago(match: re.Match[str], asker: _Asker) -> tuple[int, int]:
    return asker.now_ns - duration_ns(match["length"]), asker.now_ns


def _since_hour(match: re.Match[str], asker: _Asker) -> tuple[int, int]:
    """Since clocks last showed that hour: `since 2` at half past three in the afternoon is since 14:00."""
    hour = int(match["hour"])
    shown = (hour, hour + 12) if 1 <= hour < 12 else (hour,)
    moments = [Moment(None, one * USUAL_NS, None) for one in shown]
    return max(moment.first_ns(_latest_day(moment, asker), asker.zone) for moment in moments), asker.now_ns


def _until(match: re.Match[str], asker: _Asker) -> tuple[int, int]:
    """The hour before a time."""
    moment = read_moment(match["moment"], asker.today)
    end_ns = moment.last_ns(moment.day or _latest_day(moment, asker), asker.zone)
    return end_ns - USUAL_NS, end_ns


def _around(match: re.Match[str], asker: _Asker) -> tuple[int, int]:
    """A time and some minutes to either side; of a day without a time all of it."""
    moment = read_moment(match["moment"], asker.today)
    if moment.time_ns is None:
        return _whole_day(moment, asker)
    day = moment.day or _latest_day(moment, asker)
    first_ns, last_ns = moment.first_ns(day, asker.zone), moment.last_ns(day, asker.zone)
    if first_ns > asker.now_ns:
        raise NotUnderstood(f"“{match['moment']}” lies in the future.", PERIOD_ADVICE)
    margin_ns = duration_ns(match["margin"]) if match["margin"] else MARGIN_NS
    return first_ns - margin_ns, last_ns + margin_ns


def _around_day(match: re.Match[str], asker: _Asker) -> tuple[int, int]:
    """All of a day: what is `from yesterday` did not go on until now."""
    return _whole_day(read_moment(match["moment"], asker.today), asker)


def _around_ago(match: re.Match[str], asker: _Asker) -> tuple[int, int]:
    margin_ns = duration_ns(match["margin"]) if match["margin"] else MARGIN_NS
    middle_ns = asker.now_ns - duration_ns(match["length"])
    return middle_ns - margin_ns, middle_ns + margin_ns


def _last(match: re.Match[str], asker: _Asker) -> tuple[int, int]:
    return asker.now_ns - duration_ns(match["length"] or f"1 {match['unit']}"), asker.now_ns


def _part_of_day(match: re.Match[str], asker: _Asker) -> tuple[int, int]:
    """A morning, afternoon, evening or night; `last night` began yesterday."""
    begin, end = PARTS_OF_DAY[match["part"].lower()]
    named = {"this": "today", "last": "yesterday"}.get(match["day"].lower(), match["day"])
    midnight = read_moment(named, asker.today).local(read_moment(named, asker.today).day or asker.today)
    return (
        first_instant_ns(midnight + timedelta(hours=begin), asker.zone),
        first_instant_ns(midnight + timedelta(hours=end), asker.zone),
    )


def _this(match: re.Match[str], asker: _Asker) -> tuple[int, int]:
    """Since the beginning of this hour, day or week; weeks begin on Monday."""
    now = datetime.fromtimestamp(asker.now_ns // NS_IN_S, tz=UTC).astimezone(asker.zone)
    unit = match["unit"].lower()
    if unit == "hour":
        return asker.now_ns - (now.minute * 60 + now.second) * NS_IN_S - asker.now_ns % NS_IN_S, asker.now_ns
    day = asker.today - timedelta(days=asker.today.weekday() if unit == "week" else 0)
    return first_instant_ns(datetime.combine(day, datetime.min.time()), asker.zone), asker.now_ns


def _whole_day(moment: Moment, asker: _Asker) -> tuple[int, int]:
    day = moment.day or asker.today
    return moment.first_ns(day, asker.zone), moment.first_ns(day + ONE_DAY, asker.zone)


def _latest_day(moment: Moment, asker: _Asker) -> date:
    """Today, or yesterday if the time of day has not come yet; in the zone of the time where it names one."""
    zone = moment.zone or asker.zone
    today = (EPOCH + timedelta(seconds=asker.now_ns // NS_IN_S)).astimezone(zone).date()
    return today if moment.first_ns(today, zone) < asker.now_ns else today - ONE_DAY


def _form(pattern: str, read: _Read) -> tuple[re.Pattern[str], _Read]:
    return re.compile(rf"(?<![\w.:/-]){pattern}(?![\w:])", re.IGNORECASE), read


if TYPE_CHECKING:
    _Read = Callable[[re.Match[str], _Asker], tuple[int, int]]

FORMS = (
    _form(rf"(?:(?:from|between|since|in|during|at|on) )?(?P<first>{MOMENT}){RANGE_WORD}(?P<last>{MOMENT})", _range),
    _form(rf"since (?P<day>this|last|yesterday|today|{DAY}) {NAMED_PART}", _since_part),
    _form(rf"from (?P<moment>{DAY})(?=$|,| (?:with|where|for|in|by|please)\b)", _around_day),
    _form(rf"(?:since|from|after|starting(?: at| from)?)(?: about| around)?(?: (?:on|at))? (?P<moment>{MOMENT})(?: (?:on|onwards?))?", _since),
    _form(rf"{BEGAN}(?:at|around|about|from|on) (?:about |around )?(?P<moment>{MOMENT})", _since),
    _form(rf"(?:since|from) (?P<length>{DURATION}) ago", _since_ago),
    _form(rf"since (?:the last )?(?P<length>{DURATION})", _since_ago),
    _form(rf"since (?:about |around )?(?P<hour>1?\d|2[0-3])(?![\d.%-]| ?(?:{UNIT_IN_ROW}|[ap] ?m|[a-z]*ths?)(?!\w))", _since_hour),
    _form(rf"(?:until|till|(?<!day )before|up to) (?P<moment>{MOMENT})", _until),
    _form(rf"(?:(?:at|on|in|from|of|during) )?(?P<day>this|last|yesterday|today|{DAY}) {NAMED_PART}", _part_of_day),
    _form(rf"(?:(?:at|around|about|near|circa|by|on|in|for|from|during) )?(?:about |around )?~? ?(?P<moment>{MOMENT}){MARGIN}?", _around),
    _form(rf"(?:(?:about|around|roughly|some) )?(?P<length>{DURATION}) ago{MARGIN}?", _around_ago),
    _form(rf"{IN}(?:last|past|previous|latest|recent) (?:(?P<length>{DURATION})|{UNIT_ALONE})", _last),
    _form(rf"(?:in|over|during|within|for) (?:the )?(?:like |about |around |roughly |almost |nearly |at least |some |over )?(?P<length>{DURATION})(?P<unit>)(?: (?:already|now))?", _last),
    _form(rf"{NOT_A_LENGTH}(?P<length>\d{{1,4}} ?(?:m|mins?|minutes|h|hrs?|hours?|d|days?))(?P<unit>)$", _last),
    _form(r"(?:(?:in|during|for|of|earlier) )?this (?P<unit>hour|day|week)", _this),
)  # fmt: skip
"""In the order in which they are tried: what says more comes first."""

IN_PASSING = re.compile(
    rf"(?<!\w)(?:for (?:like |about |maybe |around )?|in )(?:{DURATION})(?!\w)", re.IGNORECASE
)
"""Beside a time or a day: how long it lasted, or when something else will be."""
UNREAD = re.compile(
    r"(?<![\w-])since (?!(?:when|then|forever|ever|always|long|some|a (?:while|long)|quite|i|we|you|he|she|it|they|there|that|this|everyone|everybody)\b)\w+(?: \w+){0,2}|(?<![\w-])(?:last|past) -\d\S*"
    r"|(?<![\w-])(?:last|past|this|previous|next) (?:\d+ )?(?:months?|quarters?|years?|weekend)(?![\w-])|(?<![\w-])all time(?![\w-])",
    re.IGNORECASE,
)
"""A beginning, unless it is none in particular, as in `since some time`, or a reason, as in `since we need it`; and what is longer
than a store is asked about."""
NEXT_DAY = re.compile(rf"(?<![\w-])next {WEEKDAY}(?![\w-])", re.IGNORECASE)
AROUND = next(pattern for pattern, read in FORMS if read is _around)
FUTURE = re.compile(
    rf"(?<![\w-])(?:tomorrow(?!'s? (?:review|meeting|report|call|stand-?up|demo|presentation))|next (?:{DURATION}|second|minute|hour|day|week|month|year|{DAY}))(?![\w-])",
    re.IGNORECASE,
)
