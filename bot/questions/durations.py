"""Lengths of time as people write them: `30m`, `1h30m`, `2 hours`, `half an hour`."""

from __future__ import annotations

import re
from fractions import Fraction

NS_IN_S = 1_000_000_000
UNIT_S = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
UNIT = r"(?:seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|hr|h|days?|d|weeks?|wks?|w)(?![\w])"
UNIT_IN_ROW = r"(?:seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|hr|h|days?|d|weeks?|wks?|w)"
NUMBER_WORDS = {
    "an": Fraction(1), "a": Fraction(1), "one": Fraction(1), "two": Fraction(2), "three": Fraction(3),
    "four": Fraction(4), "five": Fraction(5), "six": Fraction(6), "seven": Fraction(7), "eight": Fraction(8), "nine": Fraction(9), "ten": Fraction(10), "twelve": Fraction(12),
    "fifteen": Fraction(15), "twenty": Fraction(20), "thirty": Fraction(30), "forty": Fraction(40),
    "forty five": Fraction(45), "sixty": Fraction(60), "ninety": Fraction(90), "quarter of an": Fraction(1, 4), "a quarter of an": Fraction(1, 4),
    "eleven": Fraction(11), "one and a half": Fraction(3, 2), "two and a half": Fraction(5, 2), "half an": Fraction(1, 2),
    "half a": Fraction(1, 2), "half": Fraction(1, 2), "a couple of": Fraction(2), "couple of": Fraction(2), "couple": Fraction(2),
    "a few": Fraction(5), "few": Fraction(5),
}  # fmt: skip
"""A few are five: more than a couple, and a person sees in the answer what was taken."""

NUMBER = r"\d{1,30}(?:\.\d{1,3})?"
WORDS = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
DURATION = rf"(?:(?:{NUMBER} ?{UNIT_IN_ROW} ?){{1,3}}(?<=[a-z ])(?<! )(?![\w])|(?:{WORDS}) {UNIT})"
PART = re.compile(rf"({NUMBER}|{WORDS}) ?({UNIT_IN_ROW})(?![a-z])", re.IGNORECASE)


def duration_ns(text: str) -> int:
    """Nanoseconds of what matches DURATION."""
    total_s = Fraction(0)
    for number, unit in PART.findall(text):
        total_s += _number(number) * UNIT_S[unit[0].lower()]
    return int(total_s * NS_IN_S)


def _number(text: str) -> Fraction:
    words = text.lower()
    return NUMBER_WORDS[words] if words in NUMBER_WORDS else Fraction(words)
