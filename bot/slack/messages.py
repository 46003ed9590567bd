"""Messages that do not name the bot: direct ones, follow-ups in its threads, and pasted traces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.slack.asker import asker_of_event
from bot.slack.conversation import converse, follow, show_pasted
from bot.slack.typed import mentions

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp, AsyncBoltContext

    from bot.slack.desk import Desk

SAID_BY_PEOPLE = frozenset({None, "file_share", "thread_broadcast"})
"""Other subtypes tell of edits, of people who come and go, and of other bots."""


def register(app: AsyncApp, desk: Desk) -> None:
    """Answer what is said to the bot without naming it; leave everything else alone."""

    @app.event("message")
    async def said(body: dict[str, Any], event: dict[str, Any], context: AsyncBoltContext) -> None:
        if not is_by_a_person(event):
            return
        asker, bot_user = asker_of_event(body), context.bot_user_id
        delivery = message_id(event)
        if event.get("channel_type") == "im":
            converse(desk, "direct message", delivery, event, asker, bot_user)
        elif bot_user and mentions(str(event.get("text") or ""), bot_user):
            return  # comes as an app_mention as well
        elif event.get("thread_ts") not in {None, event.get("ts")}:
            follow(desk, delivery, event, asker)
        else:
            show_pasted(desk, delivery, event, asker)


def is_by_a_person(event: dict[str, Any]) -> bool:
    """Neither another bot, nor ourselves, nor Slack."""
    return bool(
        event.get("user")
        and event.get("ts")
        and event.get("channel")
        and not event.get("bot_id")
        and event.get("subtype") in SAID_BY_PEOPLE
    )


def message_id(event: dict[str, Any]) -> str:
    """By which one message is known, however many events it raises."""
    return f"message:{event.get('channel')}:{event.get('ts')}"
