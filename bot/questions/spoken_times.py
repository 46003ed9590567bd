"""Times of day as people say them, put into digits: `quarter to two`, `ten forty five`, `between 2 and 3 pm`, `6 this morning`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

HOURS = {
    word: number
    for number, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)
}
MINUTES = {
    "oh five": 5, "five": 5, "ten": 10, "a quarter": 15, "quarter": 15, "fifteen": 15, "twenty": 20, "twenty five": 25, "thirty": 30, "half": 30,
    "thirty five": 35, "forty": 40, "forty five": 45, "fifty": 50, "fifty five": 55,
}  # fmt: skip
HOUR = rf"(?:{'|'.join(HOURS)}|1[0-2]|[1-9])"
MINUTE = "|".join(sorted(MINUTES, key=len, reverse=True)).replace(" ", "[ -]")
HALF = r"(?:a\.? ?m\.?|p\.? ?m\.?)(?!\w)"
PART = rf"(?:,? ?(?P<half>{HALF})|,? (?:in the |this |at )?(?P<part>morning|afternoon|evening|night)(?!\w))"
DIGITS = r"[0-2]?\d(?::[0-5]\d)?"
PLACED = r"(?<=since )|(?<=at )|(?<=around )|(?<=about )|(?<=after )|(?<=before )|(?<=until )|(?<=till )|(?<=from )|(?<=near )|(?<=by )|(?<=~)"
NO_LENGTH = (
    r"(?! ?(?:s|m|h|d|secs?|seconds?|mins?|minutes?|hrs?|hours?|days?|weeks?|percent|times|%|ms)(?!\w))"
)

RANGE = re.compile(
    rf"(?<![\w.:-])(?P<lead>(?:between|from) )?(?P<first>{DIGITS}|{'|'.join(HOURS)}) ?(?P<join>and|to|until|till|-) ?(?P<last>{DIGITS}|{'|'.join(HOURS)})"
    rf"(?: ?o'?clock)?(?: ?(?P<half>[ap]\.? ?m\.?)(?!\w))?{NO_LENGTH}(?![\w:.%-])",
    re.IGNORECASE,
)
TO_HOUR = re.compile(
    rf"(?<![\w.:-])(?P<minute>{MINUTE}) (?P<side>past|to|before|till) (?P<hour>{HOUR})(?: ?o'?clock)?(?:{PART})?{NO_LENGTH}(?![\w:.-])",
    re.IGNORECASE,
)
IN_WORDS = re.compile(
    rf"(?:{PLACED})(?P<hour>{HOUR})(?: (?P<minute>{MINUTE}))(?:{PART})?{NO_LENGTH}(?![\w:.-])", re.IGNORECASE
)
HOUR_OF_PART = re.compile(
    rf"(?:{PLACED})(?P<hour>{HOUR})(?::(?P<minute>[0-5]\d))?(?: ?o'?clock)?{PART}(?![\w:.-])", re.IGNORECASE
)
HOUR_ALONE = re.compile(
    rf"(?:{PLACED})(?P<hour>{'|'.join(HOURS)})(?: o'?clock|(?=$|[,.;!?]| (?:yesterday|today)(?!\w)))(?![\w:.-])",
    re.IGNORECASE,
)
ON_THE_CLOCK = rf"(?P<hour>[01]?\d|2[0-4])h(?P<minute>[0-5]\d)?{NO_LENGTH}(?![\w:.-])"
RANGE_OF_HOURS = re.compile(
    rf"(?<![\w.:-])(?P<lead>(?:between|from) )?(?P<first>[01]?\d|2[0-3])(?:h(?P<first_minute>[0-5]\d)?)? ?(?:and|to|until|till|-) ?{ON_THE_CLOCK}(?! ago(?!\w))",
    re.IGNORECASE,
)
HOW_LONG = re.compile(
    r"(?<!\w)(?:last|past|previous|in|within|for|over|takes?|taking|took|lasts?|lasted|lasting)(?: the)?(?: (?:last|past|about|around|like))? $",
    re.IGNORECASE,
)
"""Before two hours that are counted: `in the last 1 to 2h`, `taking 2 to 3h`."""
HOUR_WITH_H = re.compile(rf"(?:{PLACED}){ON_THE_CLOCK}", re.IGNORECASE)
"""`14h30`, `after 14h`; `since 2h` is as long ago."""
GOES_ON = (
    r"(?:in|on|for|at|of|by|with|from|to|and|or|but|so|until|till|as|because|when|where|why|what|who|which|how|vs|versus|against|than|compared"
    r"|utc|gmt|z|today|yesterday|this|last|is|are|was|were|it|we|the|our|my|known_name_\d+)(?!\w)"
)
"""What follows a time."""
FOUR_DIGITS = re.compile(
    rf"(?:{PLACED})(?!(?:19|20[0-3])\d)(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?=$|[,.;!?)]| {GOES_ON}){NO_LENGTH}",
    re.IGNORECASE,
)
"""Before anything that can be counted they count it: `after 1000 retries`."""
FIRST_CLOCK_HOUR, FIRST_HOUR_SINCE = 7, 13
"""Without minutes a lower number counts hours."""
ENDS = re.compile(r"$|[,.;!?)]| (?:yesterday|today|this|on|last|when|in|was|were|there)(?!\w)", re.IGNORECASE)
"""What follows hours that have no unit: anything else is counted."""
BACK = re.compile(
    r"(?<!\w)(?:going )?(?P<length>\d+ (?:min|minutes|hours?|days?)) back(?!\w)(?! to)", re.IGNORECASE
)
"""As far as a list goes: not a moment so long ago."""


def times_in_digits(text: str, now: datetime) -> str:
    """The text with its spoken times as 24-hour clock times.

    A time that clocks show twice a day is the one that they showed last, unless a part of the day tells which.
    """

    def clock(match: re.Match[str], hour: int, minute: int) -> str:
        groups = match.groupdict()
        half, part = groups.get("half"), groups.get("part")
        return _clock(_of_half(hour, minute, half, part, now), minute)

    def to_hour(match: re.Match[str]) -> str:
        hour, minute = _number(match["hour"]), MINUTES[match["minute"].lower().replace("-", " ")]
        before = match["side"].lower() != "past"
        if before:
            hour, minute = (hour - 2) % 12 + 1, 60 - minute
        return clock(match, hour, minute)

    def in_words(match: re.Match[str]) -> str:
        return clock(match, _number(match["hour"]), MINUTES[match["minute"].lower().replace("-", " ")])

    def of_part(match: re.Match[str]) -> str:
        return clock(match, _number(match["hour"]), int(match["minute"] or 0))

    def alone(match: re.Match[str]) -> str:
        return clock(match, _number(match["hour"]), 0)

    def hours_between(match: re.Match[str]) -> str:
        return _range_in_digits(match, now)

    text = BACK.sub(lambda match: f"last {match['length']}", text)
    text = RANGE_OF_HOURS.sub(_hours_range, text)
    text = FOUR_DIGITS.sub(r"\g<hour>:\g<minute>", HOUR_WITH_H.sub(_hour_with_h, text))
    text = RANGE.sub(hours_between, text)
    text = HOUR_OF_PART.sub(of_part, IN_WORDS.sub(in_words, TO_HOUR.sub(to_hour, text)))
    return HOUR_ALONE.sub(alone, text)


def _hours_range(match: re.Match[str]) -> str:
    """`14 to 15h` as 14:00-15:00; as it is where it may be how long something took."""
    first, last = int(match["first"]), int(match["hour"])
    clock = min(first, last) >= FIRST_CLOCK_HOUR or max(first, last) >= FIRST_HOUR_SINCE
    told = match["lead"] or match["first_minute"] or match["minute"]
    if HOW_LONG.search(match.string[: match.start()]) or not (told or clock):
        return match[0]
    return f"{_clock(first, int(match['first_minute'] or 0))}-{_clock(last, int(match['minute'] or 0))}"


def _hour_with_h(match: re.Match[str]) -> str:
    hour, since = int(match["hour"]), match.string[: match.start()].lower().endswith("since ")
    if not match["minute"] and hour < (FIRST_HOUR_SINCE if since else FIRST_CLOCK_HOUR):
        return match[0]
    return _clock(hour % 24, int(match["minute"] or 0))


def _number(text: str) -> int:
    return HOURS.get(text.lower()) or int(text)


def _of_half(hour: int, minute: int, half: str | None, part: str | None, now: datetime) -> int:
    """The hour of the day."""
    if half:
        return hour % 12 + (12 if half[0].lower() == "p" else 0)
    if part:
        early = part.lower() == "morning" or (part.lower() == "night" and (hour < 6 or hour == 12))
        return hour % 12 + (0 if early else 12)
    passed = [one for one in (hour % 12, hour % 12 + 12) if (one, minute) < (now.hour, now.minute)]
    return max(passed) if passed else hour % 12 + 12


def _clock(hour: int, minute: int) -> str:
    return f"{hour:02d}:{minute:02d}"


def _range_in_digits(match: re.Match[str], now: datetime) -> str:
    """`between 2 and 3 pm` as 14:00-15:00; as it is where it may count something else."""
    half = match["half"]
    between = (match["lead"] or "").lower().startswith("between") and match["join"].lower() == "and"
    clocks = all(":" in match[side] for side in ("first", "last"))
    if clocks or (match["join"] == "and" and not match["lead"]):
        return match[0]
    if not half and not ENDS.match(match.string, match.end()):
        return match[0]
    if not half and not between and not (match["lead"] and match["join"].lower() in {"to", "until", "till"}):
        return match[0]
    (first, first_minute), (last, last_minute) = _parts(match["first"]), _parts(match["last"])
    if max(first, last) > 24 or (half and not (1 <= first <= 12 and 1 <= last <= 12)):
        return match[0]
    if half:
        last = _of_half(last, last_minute, half, None, now)
        first = max((one for one in (first % 12, first % 12 + 12) if one < last), default=first)
    elif 1 <= first < 12 and 1 <= last <= 12 and "0" not in (match["first"][0], match["last"][0]):
        last = _of_half(last, last_minute, None, None, now)
        first = max((one for one in (first % 12, first % 12 + 12) if one < last), default=first)
    return f"{_clock(first, first_minute)}-{_clock(last, last_minute)}"


def _parts(text: str) -> tuple[int, int]:
    hour, _, minute = text.partition(":")
    return _number(hour), int(minute or 0)
