"""The question asked back, with a button for each answer; what can be asked; and no answer."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from renderers.slack.actions import ASK_AGAIN
from renderers.slack.page import Button, Page, Point

if TYPE_CHECKING:
    from analyzers.report import Candidate, Choice, Failure
    from renderers.slack.message import SlackView

MOST_CANDIDATES = 5
COMMAND = ("tracewhy", "ask")

HELP_HEADLINE = "Ask where the time of your requests goes, and what fails."
HELP = {
    "slowest": Point("/trace slowest checkout last 30m", "the slowest requests, and what dominates them"),
    "why": Point("/trace why checkout", "what changed against what is usual, and where it comes from"),
    "compare": Point(
        "/trace compare checkout v1.4 vs v1.5", "two versions, or two periods as “today vs yesterday”"
    ),
    "errors": Point("/trace errors payment since 14:00", "what failed, and where it began"),
    "find": Point("/trace find user.id=42 around 14:05", "the requests of one user, order or customer"),
    "operations": Point(
        "/trace operations checkout", "calls, errors and durations; “/trace services” for all services"
    ),
    "breakdown": Point(
        "/trace 4bf92f3577b34da6a3ce929d0e0e4736", "where the time of one trace went; a link to it will do"
    ),
}
"""An example of each kind of question."""
HELP_NEXT = (
    "In a thread with an answer, just go on: “and yesterday?”, “only for user 42”, “show the second one”."
)


def choice_page(report: Choice, view: SlackView) -> Page:
    """What can be meant; help says what can be asked here, in the words of Slack."""
    if report.understood is not None and report.understood.kind == "help":
        return help_page(view)
    shown = report.candidates[:MOST_CANDIDATES]
    rest = len(report.candidates) - len(shown)
    return Page(
        headline=report.headline,
        points=tuple(Point(question_of(one), one.why) for one in shown),
        notes=(*((f"... and {rest} more",) if rest else ()), *report.notes),
        buttons=tuple(Button(_label(one), ASK_AGAIN, place) for place, one in enumerate(shown)),
        answers=False,
    )


def help_page(view: SlackView) -> Page:
    """What can be asked here."""
    points = tuple(point for kind, point in HELP.items() if not view.questions or kind in view.questions)
    return Page(headline=HELP_HEADLINE, points=points, next_step=HELP_NEXT, dense=True, answers=False)


def failure_page(report: Failure, _view: SlackView) -> Page:
    """What went wrong, and what to do about it."""
    return Page(headline=report.problem, next_step=report.advice, notes=report.notes, answers=False)


def question_of(candidate: Candidate) -> str:
    """The question of a candidate that was written as a command for a terminal; its text where it is none."""
    try:
        words = shlex.split(candidate.text)
    except ValueError:
        return candidate.text
    return words[2] if tuple(words[:2]) == COMMAND and len(words) > 2 else candidate.text


def _label(candidate: Candidate) -> str:
    return candidate.why or question_of(candidate)
