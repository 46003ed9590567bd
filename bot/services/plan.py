"""How a question is understood, without reading a span."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.questions.not_understood import NotUnderstood
from bot.services.ask import ASKED_BACK, EXAMPLES, understand

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from analyzers.report import Candidate, Understood, Window

__all__ = ["ASKED_BACK", "Plan", "plan"]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What `--dry-run` prints."""

    text: str
    understood: Understood | None = None
    window: Window | None = None
    baseline_window: Window | None = None
    candidates: tuple[Candidate, ...] = ()
    problem: str | None = None
    """Where nothing was understood, why."""
    advice: str | None = None

    def as_json(self) -> bytes:
        """One object and a newline."""
        return msgspec.json.encode(self) + b"\n"


def plan(text: str, now: datetime, zone: tzinfo) -> Plan:
    """What would be asked; where the text is not understood, what could be asked instead."""
    try:
        return Plan(text=text, understood=understand(text, now, zone).understood)
    except NotUnderstood as exc:
        return Plan(text=text, candidates=EXAMPLES, problem=exc.problem, advice=exc.advice)
