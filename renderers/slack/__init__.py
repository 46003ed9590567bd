"""Answers in Slack: messages, views and links as values that are valid as they stand.

Everything here is pure: a report in, blocks out. Whatever a trace or a person wrote is cleaned, cut, and escaped once; no
message exceeds what Slack takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.investigation_report import Compare, Why
from analyzers.report import Breakdown, Choice, Errors, Failure, Find, Operations, Services, Slowest
from renderers.clean import cleaned
from renderers.slack.ask_view import (
    question_of_form,
    render_ask_view,
    render_options,
    service_of_form,
)
from renderers.slack.breakdown import breakdown_page
from renderers.slack.choice import choice_page, failure_page
from renderers.slack.failures import errors_page
from renderers.slack.home import BackendState, HomeState, RecentQuestion, render_home
from renderers.slack.investigation import evidence_page, investigation_page
from renderers.slack.layout import laid_out
from renderers.slack.links import Links
from renderers.slack.message import Picture, SlackMessage, SlackView
from renderers.slack.operations import operations_page
from renderers.slack.progress import render_progress, render_refusal
from renderers.slack.prompts import suggested_prompts
from renderers.slack.trace_list import found_page, slowest_page
from renderers.slack.unfurl import render_unfurl

if TYPE_CHECKING:
    from analyzers.report import AnyReport
    from renderers.slack.page import Page

__all__ = [
    "BackendState",
    "HomeState",
    "Links",
    "Picture",
    "RecentQuestion",
    "SlackMessage",
    "SlackView",
    "question_of_form",
    "render_ask_view",
    "render_evidence",
    "render_failure",
    "render_home",
    "render_options",
    "render_progress",
    "render_refusal",
    "render_report",
    "render_unfurl",
    "service_of_form",
    "suggested_prompts",
]


def render_report(report: AnyReport, view: SlackView) -> SlackMessage:
    """The report as one message that Slack takes."""
    return laid_out(_page(cleaned(report), view), view)


def render_evidence(report: Why | Compare, view: SlackView) -> SlackMessage:
    """What an investigation stands on, in full."""
    return laid_out(evidence_page(cleaned(report), view), view)


def render_failure(failure: Failure, view: SlackView) -> SlackMessage:
    """No answer, and what to do about it."""
    return render_report(failure, view)


def _page(report: AnyReport, view: SlackView) -> Page:  # noqa: PLR0911 - one for every kind
    match report:
        case Breakdown():
            return breakdown_page(report, view)
        case Slowest():
            return slowest_page(report, view)
        case Errors():
            return errors_page(report, view)
        case Find():
            return found_page(report, view)
        case Operations() | Services():
            return operations_page(report, view)
        case Why() | Compare():
            return investigation_page(report, view)
        case Choice():
            return choice_page(report, view)
        case Failure():
            return failure_page(report, view)
