"""What the rules give up on, as the classifier takes it; below its floor it is asked back."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from analyzers.report import Candidate
from bot.questions.baselines import find_baseline
from bot.questions.conditions import HOLE
from bot.questions.everyday import EVERYDAY
from bot.questions.grammar import COMMANDS, read_later, read_sentence
from bot.questions.intent import CompareCohorts, Investigate, Understanding
from bot.questions.intent_model import PERIOD, WHERE, shipped_model
from bot.questions.investigations import SIDES_ADVICE, read_investigation
from bot.questions.keywords import (
    HELP,
    KEYWORD_SCORE,
    SENTENCE_END,
    Reading,
    asks_cause_last,
    complains,
    is_filling,
    read_keywords,
    speaks_of_other,
)
from bot.questions.kinds import CAN_BE_ASKED, DEPLOYS_ADVICE, INSTEAD, MEANINGS, NOT_YET, OFFERED, UNDERSTOOD
from bot.questions.known_names import has_hidden, has_more, hidden_place
from bot.questions.loose_comparisons import LOOSE_SCORE, read_loose_comparison
from bot.questions.naming import likely_place
from bot.questions.not_understood import NotUnderstood
from bot.questions.periods import find_period
from bot.questions.plan import question_text
from bot.questions.slots import Slots, intent_by_rule, intent_of, read_slots, shown
from bot.questions.spelling import corrected
from bot.questions.thesaurus import concept_of
from bot.questions.words import is_common, is_name

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from bot.questions.intent import Intent, Investigated
    from bot.questions.intent_model import IntentModel

FLOOR = 0.35
"""Below this the question is asked back: measured, see benchmarks/questions.py."""
ELSEWHERE_FLOOR = 0.6
"""The same where the sentence has words that the kind is not made of."""
NEVER = 1.1
SHORTEST_SLIP = 5
ASKS = re.compile(r"(?:why|compare|how come)\b", re.IGNORECASE)
COMPARES = re.compile(r"(?:please |pls |can you |could you )*compare\b", re.IGNORECASE)
UNNARROWED = ("operations", "services", "help")
"""Kinds that take no conditions."""
PLAIN = ("slowest", "errors", "operations", "services")
"""Kinds that are asked back where words of another stand in the sentence: `warn at 1% errors`."""
UNPLACED = ("services", "help")
"""Kinds that no sentence with the name of a place asks for."""
CHATTER = "chatter"
"""Nobody chats with the id of a user or an order."""
BARE_FIND = ("find", "search", "look up")
"""Without a word of what: this is said to be missing."""
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
    right = corrected(words)
    if read := _read_by_rules(words, right, now, zone):
        return read
    slots = read_slots(right, now=now, zone=zone)
    if slots.sentence.lower() in BARE_FIND:
        return Understanding(intent_of("find", None, slots))
    told = _read(slots, model)
    if told is None:
        _refuse_bare_name(slots, model)
    label, likely = _likeliest(words, slots, told, model)
    score = round(min(likely, KEYWORD_SCORE), 3)
    scope = None if label in UNPLACED else _scope(slots, told, model)
    if label == "compare":
        return Understanding(_compared(scope, slots, now, zone), "classifier", score)
    return Understanding(intent_of(label, scope, slots), "classifier", score)


def _read_by_rules(words: str, right: str, now: datetime, zone: tzinfo) -> Understanding | None:
    """What rules make of the words, with slips put right, or of their end; what they refuse is refused."""
    if held := read_loose_comparison(right, now=now, zone=zone):
        return Understanding(held, "classifier", LOOSE_SCORE)
    _refuse_later(words)
    _refuse_slip(read_slots(words, now=now, zone=zone))
    if right != words:
        _refuse_later(right)
        if (meant := _by_rule(right, now, zone)) and not has_more(getattr(meant, "scope", None)):
            return Understanding(meant, "classifier", KEYWORD_SCORE)
    if COMPARES.match(right):
        raise NotUnderstood("A comparison needs two sides.", SIDES_ADVICE)
    asked = _asked_at_the_end(right, now, zone)
    return Understanding(asked, "classifier", KEYWORD_SCORE) if asked else None


def _likeliest(words: str, slots: Slots, told: Reading | None, model: IntentModel) -> tuple[str, float]:
    """The kind that the classifier takes it for, and how likely it is.

    Raises:
        NotUnderstood: none is likely enough, or it is one that cannot be answered.
    """
    likely = _fitting(model.probabilities(masked(slots), told.kind if told else None), slots, told)
    label = max(likely, key=lambda name: likely[name])
    if likely[label] < (FLOOR if told else _floor(label, slots.sentence)):
        raise _asked_back(words, slots, likely, model)
    if label == CHATTER and has_hidden(slots.sentence):
        raise _asked_back(words, slots, _without(likely, CHATTER), model)
    if label in NOT_YET:
        raise NotUnderstood(NOT_YET[label], DEPLOYS_ADVICE if label == "deploys" else INSTEAD)
    if label not in UNDERSTOOD:
        raise NotUnderstood(f"“{shown(words)}” is nothing that traces can answer.", CAN_BE_ASKED)
    return label, likely[label]


def _floor(label: str, sentence: str) -> float:
    """From which on a kind is believed of which no telling word speaks.

    It is higher beside words that the kind is not made of. Why is not believed at all without a known place or anything that
    traces show.
    """
    if label == "why" and not (has_hidden(sentence) or complains(sentence)):
        return NEVER
    return ELSEWHERE_FLOOR if label in PLAIN and speaks_of_other(sentence) else FLOOR


def _read(slots: Slots, model: IntentModel) -> Reading | None:
    """What the telling words name: in all of the text, or in the last sentence of it that has any, with the place that another one names."""
    if has_hidden(slots.sentence):
        return _read_placed(slots, model)
    if command := _command_at_the_end(slots, model):
        return command
    parts = SENTENCE_END.split(slots.sentence)
    reads = [read for part in parts if (read := _read_part(part, slots, model))]
    if len(parts) == 1 or not reads:
        return _read_part(slots.sentence, slots, model)
    scope = next((read.scope for read in reversed(reads) if read.scope), None)
    return Reading(reads[-1].kind, None if reads[-1].kind in UNPLACED else scope)


def _read_placed(slots: Slots, model: IntentModel) -> Reading | None:
    """The same where the name of a place is known: it is that of every sentence."""
    command = _command_at_the_end(slots, model)
    reads = (
        [command]
        if command
        else [read for part in SENTENCE_END.split(slots.sentence) if (read := _read_part(part, slots, model))]
    )
    place = hidden_place(slots.sentence)
    if place and asks_cause_last(slots.sentence) and not slots.names_failure:
        return Reading("why", place)
    return Reading(reads[-1].kind, place) if reads and place else None


def _command_at_the_end(slots: Slots, model: IntentModel) -> Reading | None:
    """What the words after the last comma ask for, where the grammar reads them: `people cannot log in, any errors`."""
    before, comma, last = slots.sentence.rpartition(",")
    if comma and HELP.match(last.strip()) and not slots.where:
        return Reading("help", None)
    read = read_sentence(last.strip(), has_conditions=slots.finds) if comma and before.strip() else None
    if read is None or read_later(before) == "compare":
        return None
    unplaced = read.kind in UNPLACED
    return Reading(read.kind, None if unplaced else read.scope or _place_in(before, model))


def _place_in(sentence: str, model: IntentModel) -> str | None:
    if has_hidden(sentence):
        return hidden_place(sentence)
    return likely_place(sentence, lambda word: word in model.known or is_filling(word))


def _read_part(sentence: str, slots: Slots, model: IntentModel) -> Reading | None:
    read = read_keywords(sentence.strip(" ,;:-"), model.known, has_conditions=slots.finds)
    if read and read.kind == "why" and slots.names_failure:
        return replace(read, kind="errors")
    return read


def _scope(slots: Slots, read: Reading | None, model: IntentModel) -> str | None:
    if read is not None:
        return read.scope
    return _place_in(slots.sentence, model)


def _refuse_later(words: str) -> None:
    later = read_later(words)
    if later == "deploys":
        raise NotUnderstood(NOT_YET[later], DEPLOYS_ADVICE)
    if later in NOT_YET:
        raise NotUnderstood(NOT_YET[later], INSTEAD)


def _by_rule(words: str, now: datetime, zone: tzinfo) -> Intent | None:
    """What the rules make of the words once their slips are put right."""
    if investigation := read_investigation(words, now=now, zone=zone):
        return investigation
    return None if read_later(words) else intent_by_rule(read_slots(words, now=now, zone=zone))


def _asked_at_the_end(words: str, now: datetime, zone: tzinfo) -> Investigated | None:
    """What the words after the last comma ask to be explained or compared, where they name the place themselves."""
    last = words.rpartition(",")[2].strip() if "," in words else ""
    if not ASKS.match(last):
        return None
    meant = read_investigation(last, now=now, zone=zone)
    if not isinstance(meant, Investigate | CompareCohorts) or not meant.scope:
        return None
    return None if has_more(meant.scope) else meant


def _compared(scope: str | None, slots: Slots, now: datetime, zone: tzinfo) -> Investigated:
    """The usual period against the one that is named; against what is usual where that is no other time."""
    usual = find_period("", now=now, zone=zone).period
    try:
        against = find_baseline(slots.when.words, usual, now=now, zone=zone)
    except NotUnderstood:
        against = None
    if against is None or against.period is None:
        return Investigate(scope, slots.when.period, None, slots.where)
    return CompareCohorts(scope, usual, against.period, None, slots.where)


def masked(slots: Slots) -> str:
    """The sentence as the classifier sees it: its period and its conditions hidden."""
    return " ".join(
        part
        for part in (slots.marked.replace(HOLE, f" {WHERE} "), PERIOD if slots.when.words else "")
        if part
    )


def _fitting(likely: dict[str, float], slots: Slots, read: Reading | None) -> dict[str, float]:
    """How likely the kinds are that go with the conditions there are: traces are found by some, places take none.

    Telling words leave only what can be answered, and those for help nothing else.
    """
    if read is not None and read.kind == "help" and not has_hidden(slots.sentence):
        return {"help": 1.0}
    unfit: tuple[str, ...] = UNNARROWED if slots.where else NARROWED
    if slots.where and not slots.finds:
        unfit = (*UNNARROWED, *NARROWED)
    if slots.finds:
        unfit = (*unfit, CHATTER)
    if has_hidden(slots.sentence):
        unfit = (*unfit, *UNPLACED)
    if read is not None:
        unfit = (*unfit, CHATTER, *NOT_YET)
    return _without(likely, *unfit)


def _without(likely: dict[str, float], *unfit: str) -> dict[str, float]:
    """The others, made to sum to one."""
    total = sum(likely[kind] for kind in likely if kind not in unfit)
    return {kind: likely[kind] / total for kind in likely if kind not in unfit}


def _refuse_slip(slots: Slots) -> None:
    """Did you mean: a first word that is nearly a command, where a command would be understood: before a name, or alone."""
    first, _, rest = slots.sentence.partition(" ")
    if len(first) < SHORTEST_SLIP or first.lower() in COMMANDS or is_common(first.lower()):
        return
    if rest and not is_name(rest.split()):
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


def _refuse_bare_name(slots: Slots, model: IntentModel) -> None:
    """A place alone says where to look, not what for."""
    parts = slots.sentence.split()
    plain = any(
        part.lower() in model.known or part.lower() in EVERYDAY or concept_of(part.lower()) for part in parts
    )
    if parts and is_name(parts) and not plain:
        candidates = tuple(
            _candidate(kind, slots.sentence, slots) for kind in ("slowest", "errors", "operations")
        )
        raise NotUnderstood(
            f"“{shown(slots.sentence)}” says where to look, not what for.",
            "Ask one of these instead.",
            candidates,
        )


def _asked_back(words: str, slots: Slots, likely: dict[str, float], model: IntentModel) -> NotUnderstood:
    scope = _scope(slots, None, model)
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
    intent = intent_of(kind, None if kind in UNPLACED else scope, slots)
    return Candidate(text=question_text(intent, when=slots.when.words), why=MEANINGS[kind])
