"""Reports, progress and refusals as messages, with what this workspace and this configuration allow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analyzers.report_base import Asked
from bot.services.ask import instant
from bot.services.unanswered import failure
from renderers.slack import (
    SlackView,
    render_evidence,
    render_failure,
    render_progress,
    render_refusal,
    render_report,
    render_unfurl,
)

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from analyzers.investigation_report import Compare, Why
    from analyzers.report import AnyReport, Breakdown
    from renderers.slack import Links, Picture, SlackMessage


@dataclass(frozen=True)
class Showing:
    """What all messages have in common."""

    links: Links

    def report(
        self,
        report: AnyReport,
        report_id: str | None,
        *,
        ephemeral: bool,
        zone: tzinfo,
        offset: int = 0,
        questions: frozenset[str] = frozenset(),
        picture: Picture | None = None,
    ) -> SlackMessage:
        """The answer; help lists only the kinds of questions that are given, or all."""
        view = SlackView(
            report_id=report_id,
            links=self.links,
            ephemeral=ephemeral,
            offset=offset,
            questions=questions,
            picture=picture,
            zone=zone,
        )
        return render_report(report, view)

    def evidence(
        self, report: Why | Compare, report_id: str, *, ephemeral: bool, zone: tzinfo
    ) -> SlackMessage:
        """What an investigation stands on."""
        view = SlackView(report_id=report_id, links=self.links, ephemeral=ephemeral, zone=zone)
        return render_evidence(report, view)

    def unfurl(self, report: Breakdown, zone: tzinfo) -> dict[str, object]:
        """What stands beneath a link to the trace."""
        return render_unfurl(report, SlackView(links=self.links, zone=zone))

    @staticmethod
    def failure(problem: str, advice: str, question: str, asked_at: datetime) -> SlackMessage:
        asked = Asked(question=question, asked_at=instant(asked_at))
        return render_failure(failure(asked, problem, advice), SlackView())

    @staticmethod
    def progress(doing: str, work_id: str | None = None) -> SlackMessage:
        return render_progress(f"{doing}...", work_id)

    @staticmethod
    def refusal(problem: str, advice: str) -> SlackMessage:
        return render_refusal(problem, advice)
