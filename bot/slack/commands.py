"""The slash command /trace: an answer that only the asker sees, until they share it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.slack.answering import Question
from bot.slack.asker import asker_of_command
from bot.slack.reply import PersonalReply
from bot.slack.typed import typed

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

    from bot.slack.desk import Desk

COMMAND = "/trace"
WHAT_CAN_BE_ASKED = "help"
"""What nothing means: examples."""


def register(app: AsyncApp, desk: Desk) -> None:
    """Answer /trace."""

    @app.command(COMMAND)
    async def trace(ack: AsyncAck, command: dict[str, Any], respond: AsyncRespond) -> None:
        asker = asker_of_command(command)
        question = Question(typed(str(command.get("text") or "")) or WHAT_CAN_BE_ASKED, asker, COMMAND)
        await ack()
        reply = PersonalReply(respond, replaces=True)
        desk.take(
            f"command:{command.get('trigger_id')}",
            asker,
            COMMAND,
            reply.refuse,
            lambda: desk.answering.answer(question, reply),
            question.text,
        )
