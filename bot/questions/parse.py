"""Questions as people write them, read by a grammar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.questions.intent import ExplainTrace, Help, Understanding
from bot.questions.not_understood import NotUnderstood
from bot.questions.trace_reference import LONGEST_QUESTION, parse_trace_reference

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

CAN_BE_ASKED = (
    "Ask with a trace id (16 or 32 hex digits), a traceparent header, a link to a trace in Jaeger, Tempo, "
    "Grafana or Zipkin, or the path of a trace file. Example: tracewhy ask 4bf92f3577b34da6a3ce929d0e0e4736"
)
HELP_WORDS = frozenset({"help", "?", "--help", "-h"})
SHOWN = 60
"""Characters of a question that are repeated to whoever asked it."""


def parse(text: str, *, now: datetime, zone: tzinfo) -> Understanding:  # noqa: ARG001 - periods come with the next change
    """What the text asks for; times in it are meant in the asker's zone, now is an aware time.

    Raises:
        NotUnderstood: nothing that can be answered, with what can be asked.
    """
    if len(text) > LONGEST_QUESTION:
        raise NotUnderstood(
            f"The question has {len(text):,} characters; at most {LONGEST_QUESTION:,} are read.", CAN_BE_ASKED
        )
    words = text.strip()
    if not words:
        raise NotUnderstood("The question is empty.", CAN_BE_ASKED)
    if words.lower() in HELP_WORDS:
        return Understanding(Help())
    if trace_id := parse_trace_reference(words):
        return Understanding(ExplainTrace(trace_id))
    shown = words if len(words) <= SHOWN else words[: SHOWN - 1] + "…"
    raise NotUnderstood(f"“{shown}” names no trace.", CAN_BE_ASKED)
