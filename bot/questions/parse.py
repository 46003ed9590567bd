"""Questions as people write them: trace references and a grammar first, a classifier for what they give up on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.questions.grammar import read_later
from bot.questions.groups import refuse_group
from bot.questions.intent import ExplainTrace, Understanding
from bot.questions.investigations import read_investigation
from bot.questions.kinds import CAN_BE_ASKED, NOT_YET
from bot.questions.not_understood import NotUnderstood
from bot.questions.plain_text import LONGEST_SENTENCE, plain_text
from bot.questions.shorthand import spelt_out
from bot.questions.slots import intent_by_rule, read_slots, shown
from bot.questions.trace_reference import LONGEST_QUESTION, parse_trace_reference

if TYPE_CHECKING:
    from datetime import datetime, tzinfo


def parse(text: str, *, now: datetime, zone: tzinfo) -> Understanding:
    """What the text asks for; times in it are meant in the asker's zone, now is an aware time.

    Raises:
        NotUnderstood: nothing that can be answered, with what can be asked.
    """
    return parse_by_grammar(text, now=now, zone=zone) or parse_freely(text, now=now, zone=zone)


def parse_by_grammar(text: str, *, now: datetime, zone: tzinfo) -> Understanding | None:
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
    words = spelt_out(plain_text(text)) or ("help" if text.strip() == "?" else "")
    if not words or len(words) > LONGEST_SENTENCE or (later := read_later(words)) in NOT_YET:
        return None
    refuse_group(words)
    if investigation := read_investigation(words, now=now, zone=zone):
        return Understanding(investigation)
    if later:
        return None
    intent = intent_by_rule(read_slots(words, now=now, zone=zone))
    return Understanding(intent) if intent else None


def parse_freely(text: str, *, now: datetime, zone: tzinfo) -> Understanding:
    """What a text that the rules give up on most likely asks for.

    Raises:
        NotUnderstood: nothing that can be answered, or nothing that is likely enough.
    """
    words = plain_text(text)
    if not any(map(str.isalnum, words)) or len(words) > LONGEST_SENTENCE:
        raise NotUnderstood(f"“{shown(text.strip())}” is no question that can be answered.", CAN_BE_ASKED)
    from bot.questions.free_text import understand_freely  # noqa: PLC0415 - the model is large, and seldom needed

    return understand_freely(spelt_out(words), now=now, zone=zone)


__all__ = ["parse", "parse_by_grammar", "parse_freely"]
