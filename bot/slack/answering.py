"""A question from Slack, from its words to the message that answers it."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slack_sdk.errors import SlackApiError

from analyzers.report import Breakdown, Choice, Failure
from bot.services.ask import ask
from bot.slack.failures import explain_failures
from bot.slack.live_message import LiveMessage
from bot.slack.progress import told_to
from bot.stores.conversations import Conversation
from bot.stores.errors import StateError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, tzinfo

    from analyzers.report import AnyReport
    from bot.services.ask import Stores
    from bot.slack.asker import Asker
    from bot.slack.gate import Gate
    from bot.slack.pictures import Pictures
    from bot.slack.reply import Reply
    from bot.slack.showing import Showing
    from bot.slack.work import Work
    from bot.slack.zones import Zones
    from bot.stores.audit import Outcome
    from bot.stores.state_store import StateStore

LOG = logging.getLogger(__name__)
LOOKING = "Looking into it"
LOOKING_ASIDE = "Looking into it; the answer will be a message of its own"
"""What only one person sees can be replaced by nothing that comes later."""


@dataclass(frozen=True)
class Question:
    """What is asked, by whom, and in which conversation."""

    text: str
    """Whole: a follow-up is completed before."""
    asker: Asker
    door: str
    """By what it came: `/trace`, `mention`, the id of a button."""
    thread_ts: str | None = None
    """The thread in which follow-ups will be understood; None where only the asker sees the answer."""


class Answering:
    """Makes answers, a few at a time, each in one message."""

    def __init__(
        self,
        stores: Stores,
        state: StateStore,
        gate: Gate,
        work: Work,
        zones: Zones,
        showing: Showing,
        pictures: Pictures,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float],
        timeout_s: float,
    ) -> None:
        self._stores = stores
        self._state = state
        self._gate = gate
        self._work = work
        self._zones = zones
        self._showing = showing
        self._pictures = pictures
        self._clock = clock
        self._monotonic = monotonic
        self._timeout_s = timeout_s

    async def answer(self, question: Question, reply: Reply) -> None:
        """Answer in the reply; whatever goes wrong is told there too."""
        work_id = self._work.new_id()
        live = LiveMessage(reply)

        async def tell(problem: str, advice: str) -> None:
            said = self._showing.failure(problem, advice, question.text, self._clock())
            try:
                await live.finish(said)
            except SlackApiError:  # what cannot be answered there can still be said to whoever asked
                await reply.refuse(said)
            await self._note(question, "failed")

        async with explain_failures(tell):
            zone = await self._zones.of(question.asker.user)
            refused = await self._gate.question_refusal(question.asker, question.door, question.text, zone)
            if refused is not None:
                await reply.refuse(self._showing.refusal(refused.problem, refused.advice))
                return
            with self._work.entered(work_id, question.asker.user):
                live.show(self._showing.progress(LOOKING_ASIDE if reply.ephemeral else LOOKING, work_id))
                report = await self._report(question, live, work_id, zone)
                report_id = await self._keep(question, report)
                shown = self._showing.report(
                    report,
                    report_id,
                    ephemeral=reply.ephemeral,
                    zone=zone,
                    questions=await self._gate.questions(),
                )
            await live.finish(shown)
            self._illustrate(reply, report, report_id, zone)
            await self._note(question, "failed" if isinstance(report, Failure) else "answered", report_id)

    async def quiet_report(self, question: Question) -> AnyReport:
        """The answer to what nobody asked in words, as a pasted link: for whoever decides whether to show it."""
        with self._work.entered(self._work.new_id(), question.asker.user):
            async with self._work.turn(_nobody), asyncio.timeout(self._timeout_s):
                return (await ask(question.text, self._stores, self._clock(), files=False)).report

    async def show(self, question: Question, report: AnyReport, reply: Reply) -> None:
        """Show an answer that is there already."""
        report_id = await self._keep(question, report)
        zone = await self._zones.of(question.asker.user)
        shown = self._showing.report(report, report_id, ephemeral=reply.ephemeral, zone=zone)
        await LiveMessage(reply).finish(shown)
        self._illustrate(reply, report, report_id, zone)
        await self._note(question, "answered", report_id)

    def _illustrate(self, reply: Reply, report: AnyReport, report_id: str | None, zone: tzinfo) -> None:
        """Have a picture added where all see the answer; what one person sees is uploaded when they share it."""
        if reply.posted is not None:
            self._pictures.add(
                reply.posted,
                report,
                zone,
                lambda picture: self._showing.report(
                    report, report_id, ephemeral=False, zone=zone, picture=picture
                ),
            )

    async def _report(self, question: Question, live: LiveMessage, work_id: str, zone: tzinfo) -> AnyReport:
        asked_at = self._clock()

        def show(doing: str) -> None:
            live.show(self._showing.progress(doing, work_id))

        async with self._work.turn(lambda before: show(_waiting(before))), asyncio.timeout(self._timeout_s):
            with told_to(show, self._monotonic):
                kinds = await self._gate.questions()
                return (
                    await ask(question.text, self._stores, asked_at, zone, files=False, kinds=kinds)
                ).report

    async def _keep(self, question: Question, report: AnyReport) -> str | None:
        """The id under which the answer is kept, before anybody sees it; None where it cannot be kept: then it has no buttons."""
        now = self._clock()
        asker = question.asker
        try:
            report_id = await self._state.reports.keep(
                report, asker.user, asker.channel, question.thread_ts, now
            )
            if question.thread_ts is not None and await self._leads_on(
                asker.channel, question.thread_ts, report
            ):
                await self._state.conversations.put(
                    Conversation(
                        asker.channel, question.thread_ts, report.question, report.understood, report_id, now
                    )
                )
        except StateError as exc:
            LOG.warning("An answer was given that is not kept: %s", exc)
            return None
        return report_id

    async def _leads_on(self, channel: str, thread_ts: str, report: AnyReport) -> bool:
        """Whether follow-ups are about this answer from now on: help, and a look at one trace, are asides to a question before."""
        if isinstance(report, Breakdown | Choice):
            return await self._state.conversations.get(channel, thread_ts) is None
        return not isinstance(report, Failure)

    async def _note(self, question: Question, outcome: Outcome, report_id: str | None = None) -> None:
        await self._gate.note(question.asker, question.door, question.text, outcome, report_id)


def _waiting(before: int) -> str:
    others = "another question is" if before == 0 else f"{before + 1:,} other questions are"
    return f"Waiting: {others} being answered first"


def _nobody(before: int) -> None:
    """Nobody waits for what was not asked in words."""
