"""A button that was pressed: what Slack says of it, read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.slack.asker import asker_of_interaction
from bot.slack.reply import PersonalReply, ThreadReply
from renderers.slack.actions import FEEDBACK, OVERFLOW, action_of, read_chosen

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncRespond

    from bot.slack.asker import Asker
    from bot.slack.delivery import Delivery
    from bot.slack.reply import Reply


@dataclass(frozen=True)
class Click:
    """Who pressed what, where."""

    asker: Asker
    action: str
    value: str
    """Opaque: it names a kept answer and a place in it."""
    delivery: str
    """By which a repetition is known."""
    respond: AsyncRespond
    ephemeral: bool
    """The button stands under what only the asker sees."""
    message_ts: str
    thread_ts: str

    @property
    def conversation(self) -> str | None:
        """The thread in which follow-ups will be understood."""
        return None if self.ephemeral else self.thread_ts

    @property
    def aside(self) -> PersonalReply:
        """A word to whoever pressed it."""
        return PersonalReply(self.respond)

    def reply(self, delivery: Delivery) -> Reply:
        """Where an answer goes: to the one who saw the button, or into its thread."""
        return self.aside if self.ephemeral else ThreadReply(delivery, self.asker, self.thread_ts)


def read_click(body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond) -> Click:
    """The click; of a menu's option and of a thumb, the action that was chosen."""
    container = body.get("container") or {}
    message = body.get("message") or {}
    name, value = action_of(str(action.get("action_id") or "")), _value(action)
    if name in {OVERFLOW, FEEDBACK}:
        name, value = read_chosen(value) or ("", "")
    message_ts = str(container.get("message_ts") or message.get("ts") or "")
    return Click(
        asker=asker_of_interaction(body),
        action=name,
        value=value,
        delivery=f"action:{body.get('trigger_id')}:{action.get('action_ts')}",
        respond=respond,
        ephemeral=bool(container.get("is_ephemeral")),
        message_ts=message_ts,
        thread_ts=str(container.get("thread_ts") or message.get("thread_ts") or message_ts),
    )


def _value(action: dict[str, Any]) -> str:
    option = action.get("selected_option")
    value = option.get("value") if isinstance(option, dict) else action.get("value")
    return value if isinstance(value, str) else ""
