"""Questions for causes and comparisons: `why checkout since 14:00 vs yesterday`, `compare checkout v1.4 vs v1.5`.

They are read by leaving out the words that such questions are made of: what remains must be the name of one place, or
nothing. A sentence with any other word in it is not read here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from bot.questions.baselines import find_baseline
from bot.questions.conditions import find_conditions, least_duration_ns
from bot.questions.intent import CompareCohorts, FindErrors, Investigate
from bot.questions.investigation_words import (
    ASKED_LAST,
    AUXILIARY,
    BEFORE_AND_AFTER,
    CHANGED,
    COMMANDS,
    COMPARATIVE,
    COMPARE,
    COMPARING,
    COMPLAINTS,
    DIFFERENCES,
    EXPLICIT,
    JOINED,
    JOINING,
    LOOK_INTO,
    MEASURED,
    MOST_COMPARED_WORDS,
    NEEDS_COMPLAINT,
    PIVOT,
    REGRESSED,
    THAN,
    TOKEN,
    WAS_IT,
    WEAK_PIVOT,
    WHY,
    measure_named,
    place_left,
)
from bot.questions.named_failures import failures_plain
from bot.questions.not_understood import NotUnderstood
from bot.questions.periods import find_period
from bot.questions.versions import VERSION_WORD, VERSIONS, in_order, versions_together

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from analyzers.report_base import Condition
    from bot.questions.intent import Investigated, Period

Asked: TypeAlias = Literal["why", "compare"]

SIDES_ADVICE = "Name two periods or two versions, as in: compare checkout last 1h vs yesterday, or compare checkout v1.4 vs v1.5."


@dataclass(frozen=True)
class Sides:
    """A period, what it is held against, and the words that name neither."""

    sentence: str
    period: Period
    baseline: Period | None
    """None for what is usual."""
    words: str = ""
    """The period, as it was written."""
    against: str = ""
    """The baseline, as it was written."""


@dataclass(frozen=True)
class Question:
    """A sentence without its conditions, and how it begins."""

    lead: str
    body: str
    asked: Asked


def read_investigation(words: str, *, now: datetime, zone: tzinfo) -> Investigated | FindErrors | None:
    """What plain text asks to be explained or compared; None where it is another question, or in other words.

    Why there is one failure that is named, as in `why does checkout return 500`, the errors tell.

    After `why` the first period is the one asked about, and the one after `vs` is what it is held against. Of two periods
    that are compared the earlier one is the baseline, whichever comes first, and of two versions the lower.

    Raises:
        NotUnderstood: it compares, and one side is missing or cannot be used.
    """
    found = find_conditions(BEFORE_AND_AFTER.sub(r"since \g<moment> vs before", words))
    plain = failures_plain(found.rest)
    question = _question(plain)
    if question.lead and any(least_duration_ns(condition) is not None for condition in found.where):
        raise NotUnderstood(
            "Causes cannot be looked for among slow requests alone.", "Leave the duration out."
        )
    together = versions_together(question.body)
    if versions := VERSIONS.search(together):
        return _versions_compared(replace(question, body=together), versions, found.where, now, zone)
    sides = sides_of(question, now, zone)
    asked = _between(question, sides, found.where) if sides else None
    if plain != found.rest and question.asked == "why" and isinstance(asked, Investigate):
        return asked if asked.baseline else FindErrors(asked.scope, asked.period, asked.where)
    return asked


def _between(question: Question, sides: Sides, where: tuple[Condition, ...]) -> Investigated | None:
    """What is asked of the two sides; None where the words around them are more than one place."""
    place = place_left(sides.sentence)
    if place is None or (where and not place and LOOK_INTO.search(question.lead)):
        return None
    if not _complains(question, sides.sentence, place):
        return None
    measure = measure_named(sides.sentence)
    if sides.baseline is None or (question.asked == "why" and not CHANGED.search(question.lead)):
        return Investigate(place or None, sides.period, sides.baseline, where, measure)
    return CompareCohorts(place or None, sides.period, sides.baseline, None, where, measure)


def compared_words(words: str, *, now: datetime, zone: tzinfo) -> tuple[str, str]:
    """The period that such a question asks about and what it is held against, as they were written; empty where they were not."""
    question = _question(find_conditions(BEFORE_AND_AFTER.sub(r"since \g<moment> vs before", words)).rest)
    together = versions_together(question.body)
    if versions := VERSIONS.search(together):
        rest = f"{together[: versions.start()]} {together[versions.end() :]}"
        return find_period(rest, now=now, zone=zone).words, ""
    sides = sides_of(question, now, zone)
    return (sides.words, sides.against) if sides else ("", "")


def _question(text: str) -> Question:
    asked: Asked = "why"
    lead = WHY.match(text)
    if lead is None and (asking := ASKED_LAST.fullmatch(text)):
        body = f"{asking['body'].strip(' ,:')}{asking['when'] or ''}"
        return Question(asking["soft"] or "why", body, asked)
    if lead is None:
        asked, lead = "compare", COMPARE.match(text)
    end = lead.end() if lead else 0
    return Question(text[:end].strip(), text[end:].strip(" ,:"), asked)


def sides_of(question: Question, now: datetime, zone: tzinfo) -> Sides | None:
    """What is asked about and against what; None where the sentence compares nothing and asks for no cause."""
    if pivot := PIVOT.search(question.body):
        return _split(question, pivot, now, zone, certain=bool(question.lead))
    than = next(
        (
            match
            for match in THAN.finditer(question.body)
            if COMPARATIVE.search(question.body[: match.start()])
        ),
        None,
    )
    if than:
        return _split(question, than, now, zone, certain=False)
    if question.asked == "compare" and WAS_IT.search(f"{question.lead} {question.body}".strip()):
        return _at_another_time(question, now, zone)
    if CHANGED.search(question.lead) and (held := _changed_between(question, now, zone)):
        return held
    if question.asked == "why" or REGRESSED.match(question.body):
        return _against_usual(question, now, zone)
    return _loosely_compared(question, now, zone) if EXPLICIT.search(question.lead) else None


def _changed_between(question: Question, now: datetime, zone: tzinfo) -> Sides | None:
    """`what has changed between yesterday and today`: the earlier period is the baseline."""
    _, between, periods = question.body.rpartition("between ")
    parted = [match for match in WEAK_PIVOT.finditer(periods) if match[0].strip().lower() == "and"]
    compared = Question(question.lead, question.body, "compare")
    for pivot in parted if between else ():
        shifted = len(question.body) - len(periods)
        moved = WEAK_PIVOT.search(question.body, shifted + pivot.start())
        if moved and (sides := _split(compared, moved, now, zone, certain=False)):
            return sides
    return None


def _loosely_compared(question: Question, now: datetime, zone: tzinfo) -> Sides | None:
    """The sides after `compare` and `differences` where no word such as `vs` parts them; the latter may have one."""
    for weak in reversed(list(WEAK_PIVOT.finditer(f" {question.body}"))):
        shifted = Question(question.lead, f" {question.body}", question.asked)
        if sides := _split(shifted, weak, now, zone, certain=False):
            return sides
    if COMMANDS & set(question.body.split()):
        return None
    alone = _against_usual(question, now, zone)
    if DIFFERENCES.search(question.lead) and not JOINED.search(question.body):
        return alone
    if place_left(alone.sentence) is None and len(question.body.split()) > MOST_COMPARED_WORDS:
        return None
    raise NotUnderstood("A comparison needs two sides.", SIDES_ADVICE)


def _against_usual(question: Question, now: datetime, zone: tzinfo) -> Sides:
    when = find_period(question.body, now=now, zone=zone)
    return Sides(when.rest, when.period, None, when.words)


def _at_another_time(question: Question, now: datetime, zone: tzinfo) -> Sides | None:
    """The usual period against the one that a question such as `was it faster yesterday` names."""
    usual = find_period("", now=now, zone=zone).period
    found = find_baseline(question.body, usual, now=now, zone=zone)
    return Sides(found.rest, usual, found.period, "", found.words) if found else None


def _split(
    question: Question, pivot: re.Match[str], now: datetime, zone: tzinfo, *, certain: bool
) -> Sides | None:
    """The sides around a word such as `vs`; None where what follows it is no time and need not be one."""
    left, right = question.body[: pivot.start()].strip(), question.body[pivot.end() :].strip()
    if not right:
        raise NotUnderstood(f"After “{pivot[0].strip()}” there is nothing to compare with.", SIDES_ADVICE)
    try:
        sides = _held_against(left, right, now, zone)
    except NotUnderstood:
        turned = None if question.asked == "why" else _turned(left, right, now, zone)
        if turned is None and certain:
            raise
        sides = turned
    if sides is None and certain:
        raise NotUnderstood(f"“{right[:60]}” is no period to compare with.", SIDES_ADVICE)
    if (
        sides
        and sides.baseline
        and question.asked == "compare"
        and sides.baseline.start_ns > sides.period.start_ns
    ):
        return _turned(left, right, now, zone) or sides
    return sides


def _held_against(asked: str, against: str, now: datetime, zone: tzinfo) -> Sides | None:
    when = find_period(asked, now=now, zone=zone)
    found = find_baseline(against, when.period, now=now, zone=zone)
    if found is None:
        return None
    sentence = f"{when.rest} {found.rest}".strip()
    return Sides(sentence, when.period, found.period, when.words, found.words)


def _turned(left: str, right: str, now: datetime, zone: tzinfo) -> Sides | None:
    """The sides with the second as the one asked about; None where that cannot be read either."""
    try:
        return (
            None
            if find_period(left, now=now, zone=zone).period.assumed
            else _held_against(right, left, now, zone)
        )
    except NotUnderstood:
        return None


def _versions_compared(
    question: Question,
    versions: re.Match[str],
    where: tuple[Condition, ...],
    now: datetime,
    zone: tzinfo,
) -> CompareCohorts | None:
    """Two versions within one period; None where the sentence says more than that."""
    rest = f"{question.body[: versions.start()]} {versions['than'] or ''} {question.body[versions.end() :]}"
    joined_only = versions["pivot"] and versions["pivot"].lower() in {"and", "or", "to", "with"}
    if joined_only and not (EXPLICIT.search(question.lead) or COMPARING.search(f"{question.lead} {rest}")):
        return None
    when = find_period(rest, now=now, zone=zone)
    place = place_left(when.rest.replace("than", " "))
    if place is None:
        return None
    first, second = (VERSION_WORD.sub("", versions[side]) for side in ("first", "second"))
    if first == second:
        raise NotUnderstood(f"Both sides are version {first}.", SIDES_ADVICE)
    return CompareCohorts(
        place or None, when.period, None, in_order(first, second), where, measure_named(when.rest)
    )


def _complains(question: Question, sentence: str, place: str) -> bool:
    """Whether a question for causes has something that needs one: `why is checkout slow`, and a place alone, but not `why is the sky blue`."""
    tokens = {token.lower() for token in TOKEN.findall(sentence)}
    if question.asked == "compare" or not tokens or tokens & (COMPLAINTS | MEASURED):
        return True
    # Two times of day are rather one period: `what changed between 14:00 and 15:00`.
    if tokens <= JOINING and CHANGED.search(question.lead) and not re.search(r"\d", question.body):
        return True
    return bool(place) and not tokens & AUXILIARY and not NEEDS_COMPLAINT.search(question.lead)
