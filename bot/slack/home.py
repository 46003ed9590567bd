"""The home tab: what was asked lately, where traces come from, how the bot is; and the messages tab beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.questions.not_understood import NotUnderstood
from bot.slack.actions import NO_LONGER_KEPT, NOTHING_THERE
from bot.slack.answering import Question
from bot.slack.asker import asker_of_event, asker_of_interaction
from bot.slack.reply import ThreadReply
from bot.stores.errors import StateError
from renderers.slack import HomeState, RecentQuestion, render_home
from renderers.slack.actions import HOME_AGAIN, HOME_SHOW, action_of, ids_of, read_place

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncAck, AsyncApp
    from slack_sdk.web.async_client import AsyncWebClient

    from bot.slack.asker import Asker
    from bot.slack.desk import Desk
    from bot.slack.health import Health
    from renderers.slack import SlackMessage

MOST_RECENT = 5
MESSAGES_TAB = "messages"


def register(app: AsyncApp, desk: Desk, client: AsyncWebClient, health: Health) -> None:
    """Draw the home tab whenever it is opened, and answer its buttons."""

    @app.event("app_home_opened")
    async def opened(body: dict[str, Any], event: dict[str, Any]) -> None:
        asker = asker_of_event(body)
        if event.get("tab") == MESSAGES_TAB:
            desk.take(_id(body), asker, "messages tab", None, lambda: desk.assistant.suggest(asker.channel))
        else:
            desk.take(_id(body), asker, "home tab", refuse(asker), lambda: draw(asker))

    async def draw(asker: Asker) -> None:
        state = HomeState(
            recent=await _recent(desk, asker),
            backends=await health.backends(),
            bot=health.lines(desk.clock()),
        )
        await client.views_publish(user_id=asker.user, view=render_home(state))

    def refuse(asker: Asker) -> Any:
        async def publish(message: SlackMessage) -> None:
            refused = HomeState(allowed=False, refusal=message.text)
            await client.views_publish(user_id=asker.user, view=render_home(refused))

        return publish

    async def clicked(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        await ack()
        asker, door = asker_of_interaction(body), action_of(str(action.get("action_id")))
        value = str(action.get("value") or "")

        async def answer() -> None:
            place = await _direct(client, asker)
            await _again(desk, place, door, value)

        async def whisper(message: SlackMessage) -> None:
            await desk.delivery.post(asker.user, None, lambda: message)

        delivery = f"action:{body.get('trigger_id')}:{action.get('action_ts')}"
        desk.take(delivery, asker, door, whisper, answer, value)

    app.action(ids_of(HOME_AGAIN))(clicked)
    app.action(ids_of(HOME_SHOW))(clicked)


async def _again(desk: Desk, asker: Asker, door: str, value: str) -> None:
    """Show the answer that the person once got, or ask its question anew, in a direct message."""
    place = read_place(value)
    if place is None:
        raise NotUnderstood(*NOTHING_THERE)
    kept = await desk.kept(place[0], asker)
    if kept is None:
        raise NotUnderstood(*NO_LONGER_KEPT)
    question = Question(kept.report.question, asker, door)
    reply = ThreadReply(desk.delivery, asker, None)
    if door == HOME_SHOW:
        await desk.answering.show(question, kept.report, reply)
    else:
        await desk.answering.answer(question, reply)


async def _direct(client: AsyncWebClient, asker: Asker) -> Asker:
    opened = await client.conversations_open(users=asker.user)
    return replace(asker, channel=str(opened["channel"]["id"]))


async def _recent(desk: Desk, asker: Asker) -> tuple[RecentQuestion, ...]:
    try:
        kept = await desk.state.reports.recent(asker.user, MOST_RECENT)
    except StateError:
        return ()
    return tuple(
        RecentQuestion(one.id, one.report.question, one.report.headline, one.report.asked_at) for one in kept
    )


def _id(body: dict[str, Any]) -> str:
    return f"event:{body.get('event_id')}"
