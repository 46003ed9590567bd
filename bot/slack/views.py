"""The form to ask with: opened by a shortcut or from the home tab, answered in a direct message."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.slack.answering import Question
from bot.slack.asker import asker_of_interaction
from bot.slack.reply import ThreadReply
from renderers.slack import (
    question_of_form,
    render_ask_view,
    render_options,
    service_of_form,
)
from renderers.slack.actions import (
    ASK_SHORTCUT,
    ASK_VIEW,
    HOME_ASK,
    OPERATION_SELECT,
    SERVICE_SELECT,
)

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncAck, AsyncApp
    from slack_sdk.web.async_client import AsyncWebClient

    from bot.slack.asker import Asker
    from bot.slack.desk import Desk
    from renderers.slack import SlackMessage

FORM = "form"


def register(app: AsyncApp, desk: Desk, client: AsyncWebClient) -> None:
    """Show the form, fill its menus, answer it."""

    async def wanted(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        asker, trigger_id = asker_of_interaction(body), str(body.get("trigger_id") or "")

        async def open_form() -> None:
            await client.views_open(trigger_id=trigger_id, view=render_ask_view())

        desk.take(f"form:{trigger_id}", asker, FORM, _whisper(desk, asker), open_form)

    async def submitted(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        text = question_of_form(view["state"]["values"])
        await ack()
        asker = asker_of_interaction(body)

        async def answer() -> None:
            opened = await client.conversations_open(users=asker.user)
            place = replace(asker, channel=str(opened["channel"]["id"]))
            reply = ThreadReply(desk.delivery, place, None)
            await desk.answering.answer(Question(text, place, FORM), reply)

        delivery = f"view:{view.get('id')}:{view.get('hash')}"
        desk.take(delivery, asker, FORM, _whisper(desk, asker), answer, text)

    async def options(ack: AsyncAck, body: dict[str, Any], payload: dict[str, Any]) -> None:
        names: tuple[str, ...] = ()
        if await desk.gate.menu_refusal(asker_of_interaction(body)) is None:
            names = await _names(desk, body, payload)
        await ack(render_options(names))

    app.shortcut(ASK_SHORTCUT)(wanted)
    app.action(HOME_ASK)(wanted)
    app.view(ASK_VIEW)(submitted)
    app.action(SERVICE_SELECT)(_nothing)
    app.action(OPERATION_SELECT)(_nothing)
    app.options(SERVICE_SELECT)(options)
    app.options(OPERATION_SELECT)(options)


async def _names(desk: Desk, body: dict[str, Any], payload: dict[str, Any]) -> tuple[str, ...]:
    typed = str(payload.get("value") or "")
    if payload.get("action_id") == SERVICE_SELECT:
        return await desk.names.services(typed)
    values = ((body.get("view") or {}).get("state") or {}).get("values") or {}
    service = service_of_form(values)
    return await desk.names.operations(service, typed) if service else ()


async def _nothing(ack: AsyncAck) -> None:
    """Something was chosen in the form; it is read when the form is sent."""
    await ack()


def _whisper(desk: Desk, asker: Asker) -> Any:
    """A word to somebody who is in no channel right now: a direct message."""

    async def whisper(message: SlackMessage) -> None:
        await desk.delivery.post(asker.user, None, lambda: message)

    return whisper
