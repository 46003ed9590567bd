"""What is said in a thread: questions, follow-ups, pasted traces."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analyzers.report import Breakdown
from bot.questions.not_understood import NotUnderstood
from bot.services.continued import Previous, asked_back, continued, pasted_trace, question_by_rules
from bot.slack.answering import Question
from bot.slack.commands import WHAT_CAN_BE_ASKED
from bot.slack.reply import ThreadReply
from bot.slack.typed import typed
from bot.stores.errors import StateError

if TYPE_CHECKING:
    from analyzers.report import AnyReport
    from bot.slack.asker import Asker
    from bot.slack.desk import Desk
    from bot.stores.conversations import Conversation

LOG = logging.getLogger(__name__)
FOLLOW_UP, PASTED = "follow-up", "pasted trace"


def converse(
    desk: Desk, door: str, delivery: str, event: dict[str, Any], asker: Asker, bot_user: str | None
) -> None:
    """Answer what was said to the bot, in the thread of it."""
    thread_ts = thread_of(event)
    text = typed(str(event.get("text") or ""), bot_user)
    reply = ThreadReply(desk.delivery, asker, thread_ts)

    async def answer() -> None:
        await desk.assistant.working(asker.channel, thread_ts)
        meant = await _continued(desk, text, asker, thread_ts) or text or WHAT_CAN_BE_ASKED
        await _answer(desk, meant, Question(text, asker, door, thread_ts), reply)

    desk.take(delivery, asker, door, reply.refuse, answer, text)


def follow(desk: Desk, delivery: str, event: dict[str, Any], asker: Asker) -> None:
    """Answer a follow-up in a thread of ours; people who talk to each other there are left alone."""
    thread_ts = thread_of(event)
    text = typed(str(event.get("text") or ""))
    reply = ThreadReply(desk.delivery, asker, thread_ts)

    async def answer() -> None:
        meant = await _meant(desk, text, asker, thread_ts)
        if meant is not None:
            await _answer(desk, meant, Question(text, asker, FOLLOW_UP, thread_ts), reply)

    async def is_said_to_us() -> bool:
        """What people say to each other is neither refused nor put on record."""
        if await _conversation(desk, asker, thread_ts) is None:
            return False
        try:
            return await _meant(desk, text, asker, thread_ts) is not None
        except NotUnderstood:
            return True

    desk.take(delivery, asker, FOLLOW_UP, reply.refuse, answer, text, concerns=is_said_to_us)


def show_pasted(desk: Desk, delivery: str, event: dict[str, Any], asker: Asker) -> None:
    """Explain a trace that somebody pasted; what is none of ours is left alone."""
    thread_ts = thread_of(event)
    trace_id = pasted_trace(typed(str(event.get("text") or "")))
    if trace_id is None:
        return
    question = Question(trace_id, asker, PASTED, thread_ts)
    reply = ThreadReply(desk.delivery, asker, thread_ts)

    async def answer() -> None:
        zone = await desk.zones.of(asker.user)
        if await desk.gate.question_refusal(asker, PASTED, trace_id, zone) is not None:
            return  # nobody asked in words
        report = await desk.answering.quiet_report(question)
        if isinstance(report, Breakdown) and report.root is not None:
            await desk.answering.show(question, report, reply)

    desk.take(delivery, asker, PASTED, None, answer, trace_id)


def thread_of(event: dict[str, Any]) -> str:
    """The thread that the message is in, or begins."""
    return str(event.get("thread_ts") or event.get("ts"))


async def _meant(desk: Desk, text: str, asker: Asker, thread_ts: str) -> str | AnyReport | None:
    """The question that was asked in a thread of ours without naming us; None for what people say to each other."""
    zone = await desk.zones.of(asker.user)
    meant = await _continued(desk, text, asker, thread_ts)
    return meant or question_by_rules(text, desk.clock(), zone, await desk.names.services(""))


async def _continued(desk: Desk, text: str, asker: Asker, thread_ts: str) -> str | AnyReport | None:
    """The whole question that a follow-up in this thread means, or the question asked back."""
    conversation = await _conversation(desk, asker, thread_ts)
    if conversation is None or not text:
        return None
    kept = await _report(desk, conversation)
    zone = await desk.zones.of(asker.user)
    previous = Previous(conversation.question, conversation.understood, kept)
    try:
        return continued(text, previous, desk.clock(), zone)
    except NotUnderstood as exc:
        if not exc.candidates:
            raise
        return asked_back(exc, previous, desk.clock())


async def _answer(desk: Desk, meant: str | AnyReport, asked: Question, reply: ThreadReply) -> None:
    """Answer what was meant, or show what is asked back."""
    if isinstance(meant, str):
        await desk.answering.answer(replace(asked, text=meant), reply)
    else:
        await desk.answering.show(asked, meant, reply)


async def _conversation(desk: Desk, asker: Asker, thread_ts: str) -> Conversation | None:
    """What was asked before in the thread; nothing while the state cannot be read: then each question stands alone."""
    try:
        return await desk.state.conversations.get(asker.channel, thread_ts)
    except StateError as exc:
        LOG.warning("Follow-ups are not understood at the moment: %s", exc)
        return None


async def _report(desk: Desk, conversation: Conversation) -> AnyReport | None:
    """The last answer, where it can still be read."""
    try:
        kept = await desk.state.reports.get(conversation.report_id or "")
    except StateError as exc:
        LOG.warning("An answer above cannot be read: %s", exc)
        return None
    return kept.report if kept else None
