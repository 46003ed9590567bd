"""The bot named in a channel: answered in the thread of the message that named it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.slack.asker import asker_of_event
from bot.slack.conversation import converse
from bot.slack.messages import is_by_a_person, message_id

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp, AsyncBoltContext

    from bot.slack.desk import Desk

DOOR = "mention"


def register(app: AsyncApp, desk: Desk) -> None:
    """Answer mentions."""

    @app.event("app_mention")
    async def mentioned(body: dict[str, Any], event: dict[str, Any], context: AsyncBoltContext) -> None:
        if is_by_a_person(event):
            converse(desk, DOOR, message_id(event), event, asker_of_event(body), context.bot_user_id)
