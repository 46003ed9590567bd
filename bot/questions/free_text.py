"""What the rules give up on, as the classifier takes it; below its floor it is asked back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analyzers.report import Candidate
from bot.questions.baselines import find_baseline
from bot.questions.conditions import HOLE
from bot.questions.grammar import COMMANDS, read_later
from bot.questions.intent import CompareCohorts, Understanding
from bot.questions.intent_model import PERIOD, WHERE, shipped_model
from bot.questions.investigations import SIDES_ADVICE
from bot.questions.keywords import KEYWORD_SCORE, read_keywords
from bot.questions.kinds import CAN_BE_ASKED, INSTEAD, MEANINGS, NOT_YET, OFFERED, UNDERSTOOD
from bot.questions.not_understood import NotUnderstood
from bot.questions.periods import find_period
from bot.questions.plan import question_text
from bot.questions.slots import Slots, intent_of, read_slots, shown
from bot.questions.thesaurus import concept_of
from bot.questions.words import is_common, is_name, scope_within

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from bot.questions.intent_model import IntentModel

FLOOR = 0.5
"""Below this the question is asked back: measured, see benchmarks/questions.py."""
SHORTEST_SLIP = 5
TELLING = (
    "errors", "exceptions", "failures", "failing", "failed", "requests", "traces", "endpoints", "operations",
    "services", "slowest", "latency", "timeouts", "bottleneck",
)  # fmt: skip
"""Words whose slips are put right."""
UNNARROWED = ("operations", "services", "help")
"""Kinds that take no conditions."""
NARROWED = ("find",)
"""Kinds that need one."""
WORTH_ASKING = 0.08
MOST_CANDIDATES = 3
NEARLY = 75.0
"""Of rapidfuzz's 100, from which on a first word is a command with a slip in it."""


def understand_freely(
    words: str, *, now: datetime, zone: tzinfo, model: IntentModel | None = None
) -> Understanding:
    """The most likely meaning of plain text.

    Raises:
        NotUnderstood: it is nothing that can be answered, with what comes near.
    """
    model = model or shipped_model()
    if (later := read_later(words)) in NOT_YET:
        raise NotUnderstood(NOT_YET[later], INSTEAD)
    slots = read_slots(words, now=now, zone=zone)
    _refuse_slip(slots)
    slots = _corrected(slots)
    _refuse_bare_name(slots)
    if read := read_keywords(slots.sentence, model.known, has_conditions=bool(slots.where)):
        return Understanding(intent_of(read.kind, read.scope, slots), "classifier", KEYWORD_SCORE)
    likely = _fitting(model.probabilities(masked(slots)), slots)
    label = max(likely, key=lambda name: likely[name])
    if likely[label] < FLOOR:
        raise _asked_back(words, slots, likely, model)
    if label in NOT_YET:
        raise NotUnderstood(NOT_YET[label], INSTEAD)
    if label not in UNDERSTOOD:
        raise NotUnderstood(f"“{shown(words)}” is nothing that traces can answer.", CAN_BE_ASKED)
    scope = None if label in {"services", "help"} else scope_within(slots.sentence, model.known)
    if label == "compare":
        return Understanding(_compared(scope, slots, now, zone), "classifier", round(likely[label], 3))
    return Understanding(intent_of(label, scope, slots), "classifier", round(likely[label], 3))


def _compared(scope: str | None, slots: Slots, now: datetime, zone: tzinfo) -> CompareCohorts:
    """The usual period against the one that is named."""
    usual = find_period("", now=now, zone=zone).period
    against = find_baseline(slots.when.words, usual, now=now, zone=zone)
    if against is None or against.period is None:
        raise NotUnderstood("A comparison needs two sides.", SIDES_ADVICE)
    return CompareCohorts(scope, usual, against.period, None, slots.where)


def masked(slots: Slots) -> str:
    """The sentence as the classifier sees it: its period and its conditions hidden."""
    return " ".join(
        part
        for part in (slots.marked.replace(HOLE, f" {WHERE} "), PERIOD if slots.when.words else "")
        if part
    )


def _fitting(likely: dict[str, float], slots: Slots) -> dict[str, float]:
    """How likely the kinds are that go with the conditions there are: traces are found by some, places take none."""
    unfit = UNNARROWED if slots.where else NARROWED
    total = sum(likely[kind] for kind in likely if kind not in unfit)
    return {kind: likely[kind] / total for kind in likely if kind not in unfit}


def _refuse_slip(slots: Slots) -> None:
    """Did you mean: a first word that is nearly a command, where a command would be understood."""
    first, _, rest = slots.sentence.partition(" ")
    if len(first) < SHORTEST_SLIP or first.lower() in COMMANDS or is_common(first.lower()):
        return
    from rapidfuzz.fuzz import ratio  # noqa: PLC0415 - only what no rule reads needs it

    score, command = max((ratio(first.lower(), command), command) for command in COMMANDS)
    if score >= NEARLY and not first.lower().startswith(command):
        meant = " ".join(part for part in (command, rest, slots.words) if part)
        raise NotUnderstood(
            f"“{shown(first)}” is no command.",
            f"Did you mean {command}?",
            (Candidate(text=meant, why=MEANINGS[command]),),
        )


def _corrected(slots: Slots) -> Slots:
    """The words that tell kinds apart, with one slip in them put right; names and common words stay."""
    wrong = {
        word: right
        for word in slots.sentence.split()
        if len(word) > SHORTEST_SLIP
        and word.isalpha()
        and not is_common(word.lower())
        and (right := _meant(word.lower()))
    }
    for word, right in wrong.items():
        slots = replace(
            slots, sentence=slots.sentence.replace(word, right), marked=slots.marked.replace(word, right)
        )
    return slots


def _meant(word: str) -> str | None:
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - only what no rule reads needs it

    distance, right = min((OSA.distance(word, right), right) for right in TELLING)
    return right if distance <= 1 else None


def _refuse_bare_name(slots: Slots) -> None:
    """A place alone says where to look, not what for."""
    parts = slots.sentence.split()
    if parts and is_name(parts) and not any(concept_of(part.lower()) for part in parts):
        candidates = tuple(
            _candidate(kind, slots.sentence, slots) for kind in ("slowest", "errors", "operations")
        )
        raise NotUnderstood(
            f"“{shown(slots.sentence)}” says where to look, not what for.",
            "Ask one of these instead.",
            candidates,
        )


def _asked_back(words: str, slots: Slots, likely: dict[str, float], model: IntentModel) -> NotUnderstood:
    scope = scope_within(slots.sentence, model.known)
    kinds = [
        name
        for name in sorted(likely, key=lambda name: -likely[name])
        if name in OFFERED and name != "compare" and likely[name] >= WORTH_ASKING
    ]
    possible = [kind for kind in kinds if kind != "find" or slots.where][:MOST_CANDIDATES]
    candidates = tuple(_candidate(kind, scope, slots) for kind in possible)
    advice = "Ask one of these instead." if candidates else CAN_BE_ASKED
    return NotUnderstood(
        f"“{shown(words)}” can mean several things, or nothing that traces can answer.", advice, candidates
    )


def _candidate(kind: str, scope: str | None, slots: Slots) -> Candidate:
    if kind in {"operations", "services", "help"}:
        slots = slots.without_conditions()
    intent = intent_of(kind, None if kind in {"services", "help"} else scope, slots)
    return Candidate(text=question_text(intent, when=slots.when.words), why=MEANINGS[kind])
