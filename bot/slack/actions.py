"""Buttons under answers: what each of them does with the kept answer that its value names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analyzers.investigation_report import Compare, Why
from bot.questions.not_understood import NotUnderstood
from bot.services.continued import candidate_at, related, trace_at
from bot.slack.answering import Question
from bot.slack.click import read_click
from bot.slack.delivery import Posted
from bot.stores.conversations import Conversation
from renderers.slack import actions as ids

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

    from bot.slack.click import Click
    from bot.slack.desk import Desk
    from bot.stores.reports import KeptReport

NO_LONGER_KEPT = ("That answer is no longer kept, or was not given here.", "Ask the question again.")
NOTHING_THERE = ("That button leads nowhere any more.", "Ask the question again.")
NOT_YOURS = ("Only whoever asked can cancel that.", "Wait for the answer, or ask a question of your own.")
ALREADY_DONE = ("That answer is there already.", "Ask the next question.")
ALREADY_SHARED = ("That answer was shared already.", "Look for it in the channel.")
NOTED = {True: "Noted as useful.", False: "Noted as not useful."}
CHANGE_OF_MIND = "The last click counts."


def register(app: AsyncApp, desk: Desk) -> None:
    """Do what buttons say."""

    async def clicked(
        ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond
    ) -> None:
        click = read_click(body, action, respond)
        await ack()
        desk.take(
            click.delivery,
            click.asker,
            click.action or "button",
            click.aside.refuse,
            lambda: _do(desk, click),
            click.value,
        )

    for action_id in (*DOING, ids.CANCEL, ids.OVERFLOW, ids.FEEDBACK):
        app.action(ids.ids_of(action_id))(clicked)


async def _do(desk: Desk, click: Click) -> None:
    place = ids.read_place(click.value)
    if place is None:
        raise NotUnderstood(*NOTHING_THERE)
    if click.action == ids.CANCEL:
        await _cancel(desk, click, place[0])
        return
    kept = await desk.kept(place[0], click.asker)
    if kept is None:
        raise NotUnderstood(*NO_LONGER_KEPT)
    await DOING[click.action](desk, click, kept, place[1])


async def _cancel(desk: Desk, click: Click, work_id: str) -> None:
    """Stop it; where there is nothing left to stop, what says so to one person alone goes away."""
    stopped = desk.work.stop(work_id, click.asker.user)
    if click.ephemeral and stopped is not False:
        await click.aside.remove()
    elif stopped is None:
        raise NotUnderstood(*ALREADY_DONE)
    if stopped is False:
        raise NotUnderstood(*NOT_YOURS)


async def _show_trace(desk: Desk, click: Click, kept: KeptReport, place: int) -> None:
    await _ask(desk, click, trace_at(kept.report, place))


async def _ask_again(desk: Desk, click: Click, kept: KeptReport, place: int) -> None:
    await _ask(desk, click, candidate_at(kept.report, place))


async def _related(desk: Desk, click: Click, kept: KeptReport, _place: int) -> None:
    zone = await desk.zones.of(click.asker.user)
    await _ask(desk, click, related(click.action, kept.report, desk.clock(), zone))


async def _ask(desk: Desk, click: Click, text: str | None) -> None:
    if text is None:
        raise NotUnderstood(*NOTHING_THERE)
    question = Question(text, click.asker, click.action, click.conversation)
    await desk.answering.answer(question, click.reply(desk.delivery))


async def _share(desk: Desk, click: Click, kept: KeptReport, _place: int) -> None:
    """Post what one person saw to the channel; its thread is a conversation from then on."""
    if not await desk.shared.begin(kept.id, desk.clock()):
        raise NotUnderstood(*ALREADY_SHARED)
    zone = await desk.zones.of(click.asker.user)
    shown = desk.showing.report(kept.report, kept.id, ephemeral=False, zone=zone)
    try:
        posted, _ = await desk.delivery.post(click.asker.channel, None, lambda: shown)
    except BaseException:
        await desk.shared.forget(kept.id)
        raise
    report, channel = kept.report, click.asker.channel
    desk.pictures.add(
        posted,
        report,
        zone,
        lambda picture: desk.showing.report(report, kept.id, ephemeral=False, zone=zone, picture=picture),
    )
    await desk.state.conversations.put(
        Conversation(channel, posted.ts, report.question, report.understood, kept.id, desk.clock())
    )


async def _more(desk: Desk, click: Click, kept: KeptReport, place: int) -> None:
    """The next page of the list, in the place of the one before."""
    zone = await desk.zones.of(click.asker.user)
    shown = desk.showing.report(kept.report, kept.id, ephemeral=click.ephemeral, zone=zone, offset=place)
    if click.ephemeral:
        await click.aside.instead(shown)
    else:
        await desk.delivery.edit(Posted(click.asker.channel, click.message_ts, click.thread_ts), shown)


async def _evidence(desk: Desk, click: Click, kept: KeptReport, _place: int) -> None:
    """What an investigation stands on, beneath it."""
    if not isinstance(kept.report, Why | Compare):
        raise NotUnderstood(*NOTHING_THERE)
    zone = await desk.zones.of(click.asker.user)
    shown = desk.showing.evidence(kept.report, kept.id, ephemeral=click.ephemeral, zone=zone)
    await click.reply(desk.delivery).send(lambda: shown)


async def _opinion(desk: Desk, click: Click, kept: KeptReport, _place: int) -> None:
    useful = click.action == ids.USEFUL
    await desk.state.feedback.give(kept.id, click.asker.user, useful, desk.clock())
    await click.aside.refuse(desk.showing.refusal(NOTED[useful], CHANGE_OF_MIND))


DOING: dict[str, Callable[[Desk, Click, KeptReport, int], Awaitable[None]]] = {
    ids.SHOW_TRACE: _show_trace,
    ids.ERRORS: _related,
    ids.WHY: _related,
    ids.ASK_AGAIN: _ask_again,
    ids.SHARE: _share,
    ids.EVIDENCE: _evidence,
    ids.MORE: _more,
    ids.USEFUL: _opinion,
    ids.NOT_USEFUL: _opinion,
}
