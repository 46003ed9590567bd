"""Comparisons in the middle of other words: two versions, or two periods, and a word that holds one against the other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.questions.baselines import find_baseline
from bot.questions.conditions import find_conditions
from bot.questions.intent import CompareCohorts, Investigate
from bot.questions.investigation_words import (
    BEFORE_AND_AFTER,
    COMPARATIVE,
    PIVOT,
    THAN,
    measure_named,
    place_left,
)
from bot.questions.investigations import Question, Sides, sides_of
from bot.questions.known_names import has_hidden, hidden_place
from bot.questions.not_understood import NotUnderstood
from bot.questions.periods import find_period
from bot.questions.versions import VERSION, VERSION_WORD, in_order

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from bot.questions.intent import Investigated

LOOSE_SCORE = 0.9
"""As sure as the classifier is where it is sure."""
COMPARES = re.compile(
    rf"\b(?:compar\w+|vs\.?|versus|against|differ\w*|diff|side by side|next to|relative to|canary|contrast|regress\w*)(?!\w)|{COMPARATIVE.pattern}",
    re.IGNORECASE,
)
EXPLICIT = re.compile(
    r"\b(?:compar\w+|diff|differences?|side by side)(?!\w)(?: (?:of|between))?", re.IGNORECASE
)
PASSED_OVER = re.compile(rf"{EXPLICIT.pattern}|\b(?:platform|site|system|please|want|need)\b", re.IGNORECASE)
ASKS_WHY = re.compile(r"\b(?:why|how come|reasons?|causes?|caused|causing|rca)\b", re.IGNORECASE)
ONE_VERSION = re.compile(
    rf"(?<![\w.:/-])(?P<version>{VERSION})(?! ?(?:ms|s|secs?|seconds?|m|min|h|%|percent|x)(?!\w))(?![\w:])",
    re.IGNORECASE,
)


def read_loose_comparison(words: str, *, now: datetime, zone: tzinfo) -> Investigated | None:
    """What is held against what; None where there are no two versions and no two periods.

    Beside a name that is known, words that mean nothing here are passed over, so what is read is a guess.
    """
    if not COMPARES.search(words) and not BEFORE_AND_AFTER.search(words):
        return None
    if has_hidden(words) and hidden_place(words) is None:
        return None
    try:
        return _of_versions(words, now, zone) or _of_periods(words, now, zone)
    except NotUnderstood:
        return None


def _place(words: str, sentence: str) -> str | None:
    """The place: a name that is known, among whatever words; else what is left of the sentence must be one, or nothing."""
    return hidden_place(words) if has_hidden(words) else place_left(PASSED_OVER.sub(" ", sentence))


def _of_versions(words: str, now: datetime, zone: tzinfo) -> CompareCohorts | None:
    found = find_conditions(words)
    versions = [VERSION_WORD.sub("", match["version"]) for match in ONE_VERSION.finditer(found.rest)]
    if len(set(versions)) != 2:
        return None
    rest = ONE_VERSION.sub(" ", found.rest)
    first, second = dict.fromkeys(versions)
    when = find_period(rest, now=now, zone=zone)
    place = _place(words, when.rest)
    if place is None:
        return None
    return CompareCohorts(
        place or None, when.period, None, in_order(first, second), found.where, measure_named(rest)
    )


def _of_periods(words: str, now: datetime, zone: tzinfo) -> Investigated | None:
    found = find_conditions(BEFORE_AND_AFTER.sub(r"since \g<moment> vs before", words))
    sides = _parted(found.rest, now, zone) or _two_periods(found.rest, now, zone)
    if sides is None or sides.baseline is None:
        return None
    measure, place = measure_named(sides.sentence), _place(words, sides.sentence)
    if place is None:
        return None
    if ASKS_WHY.search(words):
        return Investigate(place or None, sides.period, sides.baseline, found.where, measure)
    return CompareCohorts(place or None, sides.period, sides.baseline, None, found.where, measure)


def _parted(words: str, now: datetime, zone: tzinfo) -> Sides | None:
    """The sides around a word such as `vs` or `than`, or after `compare`."""
    explicit = EXPLICIT.search(words)
    parted = PIVOT.search(words) or THAN.search(words)
    body = words if parted else words[explicit.end() :] if explicit else ""
    question = Question("compare" if explicit else "", body.strip(" ,:"), "compare")
    try:
        return sides_of(question, now, zone) if body else None
    except NotUnderstood:
        return None


def _two_periods(words: str, now: datetime, zone: tzinfo) -> Sides | None:
    """Two periods wherever they stand, the earlier one the baseline."""
    when = find_period(words, now=now, zone=zone, alone=False)
    if when.period.assumed:
        return None
    against = find_baseline(when.rest, when.period, now=now, zone=zone)
    if against is None or against.period is None:
        return None
    earlier, later = sorted((when.period, against.period), key=lambda period: period.start_ns)
    return Sides(against.rest, later, earlier)
