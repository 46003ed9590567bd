"""Questions as people write them: trace references and a grammar first, a classifier for what they give up on."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from analyzers.report import Candidate
from bot.questions.exclusions import refuse_left_out
from bot.questions.grammar import read_later
from bot.questions.groups import UnknownGroup, find_group, narrowed_text
from bot.questions.intent import (
    CompareCohorts,
    ExplainTrace,
    FindErrors,
    FindSlowest,
    FindTraces,
    Help,
    Investigate,
    ListServices,
    Search,
    Understanding,
)
from bot.questions.investigations import read_investigation
from bot.questions.kinds import CAN_BE_ASKED, NOT_YET
from bot.questions.known_names import has_more, hide_names
from bot.questions.loose_comparisons import LOOSE_SCORE, read_loose_comparison
from bot.questions.not_understood import NotUnderstood
from bot.questions.periods import find_period
from bot.questions.plain_text import LONGEST_SENTENCE, plain_text
from bot.questions.plan import question_text
from bot.questions.scope import UnknownScope, resolve_scope
from bot.questions.shorthand import spelt_out
from bot.questions.slots import intent_by_rule, read_slots, shown
from bot.questions.trace_reference import LONGEST_QUESTION, parse_trace_reference, trace_id_within
from bot.questions.words import PLACES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from bot.questions.groups import Group
    from bot.questions.intent import Intent
    from bot.questions.intent_model import IntentModel


PLACE_VERBS = frozenset("is are was were does did has why slowest errors compare operations".split())
"""Beside prepositions, after these a name stands."""


def parse(
    text: str,
    *,
    now: datetime,
    zone: tzinfo,
    names: Sequence[tuple[str, str]] = (),
    model: IntentModel | None = None,
) -> Understanding:
    """What the text asks for; times in it are meant in the asker's zone, now is an aware time.

    Args:
        names: (service, operation) as far as it is known what there is: what the text names of it is taken for a place before
            anything else is read.

    Raises:
        NotUnderstood: nothing that can be answered, with what can be asked.
    """
    read = _by_rules_alone(text, now, zone, names)
    if read and (not names or (_is_known(read.intent, names) and not overlooks(read.intent, text, names))):
        return read
    return parse_by_grammar(text, now=now, zone=zone, names=names) or parse_freely(
        text, now=now, zone=zone, names=names, model=model
    )


def _by_rules_alone(
    text: str, now: datetime, zone: tzinfo, names: Sequence[tuple[str, str]]
) -> Understanding | None:
    try:
        return parse_by_grammar(text, now=now, zone=zone)
    except NotUnderstood:
        if not names:
            raise
        return None


def _is_known(intent: Intent, names: Sequence[tuple[str, str]]) -> bool:
    place = getattr(intent, "scope", None)
    return place is None or not isinstance(resolve_scope(place, names), UnknownScope)


def overlooks(intent: Intent, text: str, names: Sequence[tuple[str, str]]) -> bool:
    """Whether it is about all there is, though one of these names stands in the text: `slowest app` where a service is called so."""
    if isinstance(intent, ExplainTrace | Help | ListServices) or intent.scope is not None:
        return False
    return bool(hide_names(_spelt_out(plain_text(text)), names).names)


def _spelt_out(words: str) -> str:
    """The words without manners and haste; empty for so many that they are pasted text, which no pattern is held against."""
    return spelt_out(words) if len(words) <= LONGEST_SENTENCE else ""


def parse_by_grammar(
    text: str, *, now: datetime, zone: tzinfo, names: Sequence[tuple[str, str]] = ()
) -> Understanding | None:
    """What the text asks for by the rules alone; None where they give up.

    Raises:
        NotUnderstood: a rule reads it, and it cannot be answered.
    """
    if len(text) > LONGEST_QUESTION:
        raise NotUnderstood(
            f"The question has {len(text):,} characters; at most {LONGEST_QUESTION:,} are read.", CAN_BE_ASKED
        )
    if not text.strip():
        raise NotUnderstood("The question is empty.", CAN_BE_ASKED)
    if trace_id := parse_trace_reference(text.strip()):
        return Understanding(ExplainTrace(trace_id))
    words = _spelt_out(plain_text(text)) or ("help" if text.strip() == "?" else "")
    if not words or len(words) > LONGEST_SENTENCE:
        return None
    if trace_id := trace_id_within(words):
        return Understanding(ExplainTrace(trace_id))
    hidden = hide_names(words, names)
    refuse_left_out(hidden.words)
    try:
        intent = _by_rules(hidden.words, now, zone)
    except NotUnderstood as exc:
        if held := read_loose_comparison(hidden.words, now=now, zone=zone):
            return Understanding(hidden.intent(held), "classifier", LOOSE_SCORE)
        raise hidden.not_understood(exc) from exc
    if intent is None or has_more(getattr(intent, "scope", None)):
        return None
    return Understanding(hidden.intent(intent))


def _by_rules(words: str, now: datetime, zone: tzinfo) -> Intent | None:
    if (later := read_later(words)) in NOT_YET:
        return None
    if group := find_group(words):
        raise UnknownGroup(group.noun, group.value, _of_group(group, now, zone))
    if investigation := read_investigation(words, now=now, zone=zone):
        return investigation
    return None if later else intent_by_rule(read_slots(words, now=now, zone=zone))


def _of_group(group: Group, now: datetime, zone: tzinfo) -> str:
    """The question narrowed to the group, in the words of a command where no rule reads those that it was asked in."""
    if _by_rules(group.rest, now, zone):
        return narrowed_text(group)
    from bot.questions.free_text import understand_freely  # noqa: PLC0415 - the model is large, and seldom needed

    intent = understand_freely(group.rest, now=now, zone=zone).intent
    if not isinstance(intent, FindSlowest | FindErrors | FindTraces | Investigate | CompareCohorts):
        return narrowed_text(group)
    when = find_period(group.rest, now=now, zone=zone).words if isinstance(intent, Search) else None
    return question_text(replace(intent, where=(*intent.where, group.condition)), when=when)


def parse_freely(
    text: str,
    *,
    now: datetime,
    zone: tzinfo,
    names: Sequence[tuple[str, str]] = (),
    model: IntentModel | None = None,
) -> Understanding:
    """What a text that the rules give up on most likely asks for.

    Raises:
        NotUnderstood: nothing that can be answered, or nothing that is likely enough.
    """
    words = plain_text(text)
    if not any(map(str.isalnum, words)) or len(words) > LONGEST_SENTENCE:
        raise NotUnderstood(f"“{shown(text.strip())}” is no question that can be answered.", CAN_BE_ASKED)
    from bot.questions.free_text import understand_freely  # noqa: PLC0415 - the model is large, and seldom needed

    hidden = hide_names(spelt_out(words), names)
    try:
        read = understand_freely(hidden.words, now=now, zone=zone, model=model)
    except NotUnderstood as exc:
        raise hidden.not_understood(exc) from exc
    return _at_known_place(replace(read, intent=hidden.intent(read.intent)), words, names)


def _at_known_place(read: Understanding, words: str, names: Sequence[tuple[str, str]]) -> Understanding:
    """The reading; where its place was guessed and is none, without the place, or asked back without it where a name stands there."""
    intent = read.intent
    if not names or isinstance(intent, ExplainTrace | Help | ListServices) or intent.scope is None:
        return read
    place, found = intent.scope, resolve_scope(intent.scope, names)
    anywhere = replace(intent, scope=None)
    guessed = isinstance(anywhere, FindTraces) or not _stands_as_place(place, words)
    if guessed and isinstance(found, UnknownScope):
        return replace(read, intent=anywhere)
    if found != UnknownScope(()):
        return read
    raise NotUnderstood(
        f"There is no service or operation “{place[:60]}”.",
        "Name another one, or ask about all there is.",
        (Candidate(text=question_text(anywhere), why="about all there is"),),
    )


def _stands_as_place(place: str, words: str) -> bool:
    """Whether it stands where names do: after `in` and the like, or as what is asked about at the beginning."""
    before = re.search(
        rf"(?P<before>[\w']+)?(?: (?:the|our|my))? {re.escape(place)}(?![\w-])", f" {words}", re.IGNORECASE
    )
    return before is not None and (before["before"] or "in").lower() in PLACES | PLACE_VERBS


__all__ = ["overlooks", "parse", "parse_by_grammar", "parse_freely"]
