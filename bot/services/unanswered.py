"""A question without an answer, as a report: asked back, or an error in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.report import Choice, Failure
from bot.services.command import as_commands

if TYPE_CHECKING:
    from analyzers.report import AnyReport
    from analyzers.report_base import Asked
    from bot.questions.not_understood import NotUnderstood


def not_understood(asked: Asked, exc: NotUnderstood) -> AnyReport:
    """Asked back where it can be one of a few things, else an error in words."""
    if not exc.candidates:
        return failure(asked, exc.problem, exc.advice)
    return Choice(
        question=asked.question,
        asked_at=asked.asked_at,
        backend=asked.backend,
        understood=asked.understood,
        headline=f"{exc.problem} {exc.advice}",
        confidence="none",
        candidates=as_commands(exc.candidates, asked.backend),
    )


def failure(asked: Asked, problem: str, advice: str) -> Failure:
    """No answer, as a report."""
    return Failure(
        question=asked.question,
        asked_at=asked.asked_at,
        backend=asked.backend,
        understood=asked.understood,
        headline=problem,
        confidence="none",
        problem=problem,
        advice=advice,
    )
