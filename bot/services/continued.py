"""Questions that go on from an answer: what is said in its thread, and what its buttons mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from analyzers.investigation_report import Compare, Why
from analyzers.report import Breakdown, Choice, Errors, Find, Slowest
from analyzers.report_base import Asked
from bot.questions.follow_up import follow_up, nth_trace
from bot.questions.grammar import COMMANDS
from bot.questions.intent import ExplainTrace, Help, ListOperations, ListServices
from bot.questions.not_understood import NotUnderstood
from bot.questions.parse import parse_by_grammar
from bot.questions.scope import UnknownScope, resolve_scope
from bot.questions.trace_reference import parse_trace_reference
from bot.services.ask import instant
from bot.services.unanswered import not_understood
from renderers.slack.choice import question_of
from renderers.slack.failures import kinds_of_error
from renderers.slack.investigation import exemplars_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from analyzers.report import AnyReport
    from analyzers.report_base import Understood
    from bot.questions.intent import Intent

BARE_ID_DIGITS = 32
MOST_WORDS = 200


@dataclass(frozen=True)
class Previous:
    """What was asked before, and the answer to it as far as it is still kept."""

    question: str
    understood: Understood | None
    report: AnyReport | None


def asked_back(exc: NotUnderstood, previous: Previous, now: datetime) -> AnyReport:
    """A follow-up that can mean one of a few things, as a choice; what it follows stays what was asked last."""
    asked = Asked(question=previous.question, asked_at=instant(now), understood=previous.understood)
    return not_understood(asked, exc)


def continued(text: str, previous: Previous, now: datetime, zone: tzinfo) -> str | None:
    """The whole question that a follow-up means; None where it is none."""
    nth = nth_trace(text)
    if nth is not None:
        traces = traces_of(previous.report)
        if not any(traces):
            kept = "lists no traces" if previous.report is not None else "is not kept any more"
            raise NotUnderstood(f"The answer above {kept}.", "Ask for some, as “slowest last 1h”.")
        # -1 is the last one.
        at = nth - 1 if nth > 0 else len(traces) + nth
        if not 0 <= at < len(traces):
            raise NotUnderstood(
                f"The answer above lists {len(traces)} trace{'s' * (len(traces) != 1)}.",
                "Name one of them, as “show the second one”.",
            )
        return traces[at]
    if previous.understood is None:
        return None
    return follow_up(text, previous.question, previous.understood, now, zone)


def question_by_rules(text: str, now: datetime, zone: tzinfo, services: Sequence[str] = ()) -> str | None:
    """The text where it is a question to us without any doubt; None for what people say to each other.

    They ask each other what happened, too: it is one to us where it begins with a command, or names an id or a place that
    there is. Where no services are known, any place is one.
    """
    try:
        read = parse_by_grammar(text, now=now, zone=zone)
    except NotUnderstood:
        return None
    return text if read and _is_said_to_us(text, read.intent, services) else None


def _is_said_to_us(text: str, intent: Intent, services: Sequence[str]) -> bool:
    first, *_ = text.lower().split()
    if first.strip("?!.,:") in COMMANDS or isinstance(intent, ExplainTrace | Help):
        return True
    if isinstance(intent, ListServices):
        return False
    if intent.scope is None:
        return not isinstance(intent, ListOperations) and bool(intent.where)
    known = [(service, "") for service in services]
    return (
        not known or "/" in intent.scope or not isinstance(resolve_scope(intent.scope, known), UnknownScope)
    )


def pasted_trace(text: str) -> str | None:
    """The trace that a message is about: a link to one, or a whole trace id, among whatever words."""
    for word in text.split()[:MOST_WORDS]:
        bare = word.strip("()[]{},;.!?`'\"<>")
        try:
            trace_id = parse_trace_reference(bare)
        except NotUnderstood:
            continue
        if trace_id is not None and ("://" in bare or len(bare) >= BARE_ID_DIGITS):
            return trace_id
    return None


def traces_of(report: AnyReport | None) -> tuple[str, ...]:
    """The traces that an answer lists, in the order in which its buttons count them."""
    match report:
        case Slowest(traces=traces) | Find(traces=traces):
            return tuple(trace.trace_id for trace in traces)
        case Errors():
            return tuple(group.exemplars[0] if group.exemplars else "" for _, group in kinds_of_error(report))
        case Why() | Compare():
            return exemplars_of(report)
        case Breakdown(trace_id=trace_id):
            return (trace_id,)
        case _:
            return ()


def trace_at(report: AnyReport, place: int) -> str | None:
    """The trace that a button shows."""
    traces = traces_of(report)
    return traces[place] or None if place < len(traces) else None


def candidate_at(report: AnyReport, place: int) -> str | None:
    """The question that a button of a choice asks."""
    if not isinstance(report, Choice) or place >= len(report.candidates):
        return None
    return question_of(report.candidates[place])


def related(word: str, report: AnyReport, now: datetime, zone: tzinfo) -> str | None:
    """`errors` or `why` of what an answer was about."""
    if isinstance(report, Breakdown):
        return _around(word, report, zone)
    if report.understood is None:
        return None
    return follow_up(f"{word}?", report.question, report.understood, now, zone)


def _around(word: str, report: Breakdown, zone: tzinfo) -> str | None:
    if report.root is None or report.started_at is None:
        return None
    began = datetime.fromisoformat(report.started_at).astimezone(zone)
    return f"{word} {report.root.service} around {began:%Y-%m-%d %H:%M}"
