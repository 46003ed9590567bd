"""What is read the same way in every question: conditions and a period, and the intent made with them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.questions.conditions import condition_text, find_conditions, is_narrowing, least_duration_ns
from bot.questions.grammar import read_sentence
from bot.questions.intent import (
    FindErrors,
    FindSlowest,
    FindTraces,
    Help,
    Investigate,
    ListOperations,
    ListServices,
)
from bot.questions.named_failures import failures_plain
from bot.questions.not_understood import NotUnderstood
from bot.questions.periods import FoundPeriod, find_period

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from analyzers.report_base import Condition
    from bot.questions.intent import Intent

SHOWN = 60
"""Characters of a question that are repeated to whoever asked it."""


@dataclass(frozen=True)
class Slots:
    """What is read the same way in every question, and the sentence around it."""

    sentence: str
    marked: str
    """The sentence with holes where conditions were."""
    where: tuple[Condition, ...]
    when: FoundPeriod
    names_failure: bool = False
    """One failure is named by its status, exception or message; the sentence has the word errors for it."""

    @property
    def finds(self) -> bool:
        """Whether it names traces by what they carry; a least duration or a region alone does not."""
        return not all(map(is_narrowing, self.where))

    def without_conditions(self) -> Slots:
        return replace(self, where=())

    @property
    def words(self) -> str:
        """The conditions and the period as one types them."""
        where = " and ".join(condition_text(condition) for condition in self.where)
        return " ".join(part for part in (f"where {where}" if where else "", self.when.words) if part)


def read_slots(words: str, *, now: datetime, zone: tzinfo) -> Slots:
    """Conditions, period, and the sentence without them."""
    found = find_conditions(words)
    when = find_period(found.rest, now=now, zone=zone)
    marked = find_period(found.marked, now=now, zone=zone).rest if found.where else when.rest
    sentence = failures_plain(when.rest)
    return Slots(sentence, failures_plain(marked), found.where, when, sentence != when.rest)


def intent_by_rule(slots: Slots) -> Intent | None:
    """What the grammar makes of the sentence; None where it gives up."""
    lengths = [least_duration_ns(condition) is not None for condition in slots.where]
    limited = bool(lengths) and all(lengths)
    read = read_sentence(
        slots.sentence, has_conditions=slots.finds or limited, only_slow=limited, limited=any(lengths)
    )
    return intent_of(read.kind, read.scope, slots) if read else None


def intent_of(kind: str, scope: str | None, slots: Slots) -> Intent:
    """The intent of that kind with what was read.

    Raises:
        NotUnderstood: it lacks what it needs, or has what it cannot use.
    """
    period = slots.when.period
    match kind:
        case "help":
            return Help()
        case "slowest":
            return FindSlowest(scope, period, slots.where)
        case "errors":
            return FindErrors(scope, period, slots.where)
        case "find":
            return _find(scope, slots)
        case "why":
            return Investigate(scope, period, None, slots.where)
    if slots.where:
        raise NotUnderstood(
            f"{kind.capitalize()} cannot be narrowed by attributes.",
            "Leave the condition out, or ask for slowest, errors or find with it.",
        )
    return ListServices(period) if kind == "services" else ListOperations(scope, period)


def shown(text: str) -> str:
    """A question as far as it is repeated."""
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _find(scope: str | None, slots: Slots) -> FindTraces:
    if not slots.where:
        raise NotUnderstood(
            "To find traces an attribute is needed.",
            "As in: find user.id=42 at 14:05, or: order 4711 yesterday.",
        )
    return FindTraces(slots.where, slots.when.period, scope)
