"""What was asked last in a thread, so that a follow-up can be understood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select

from analyzers.report_base import Understood
from bot.stores.columns import as_json, as_moment, as_ms, as_name, as_text
from bot.stores.tables import CONVERSATIONS

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row

    from bot.stores.database import Database

KEY = (CONVERSATIONS.c.channel, CONVERSATIONS.c.thread_ts)


@dataclass(frozen=True)
class Conversation:
    """A thread in which somebody asked."""

    channel: str
    thread_ts: str
    question: str
    """The last whole question: as asked, or as a follow-up was completed."""
    understood: Understood | None
    """What it was taken to mean."""
    report_id: str | None
    """The answer to it."""
    continued_at: datetime


class Conversations:
    """The table of conversations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, channel: str, thread_ts: str) -> Conversation | None:
        """The conversation in that thread; None where nobody asked, or it is forgotten."""
        query = select(CONVERSATIONS).where(KEY[0] == as_name(channel), KEY[1] == as_name(thread_ts))
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else _decoded(row)

    async def put(self, conversation: Conversation) -> None:
        """Remember it instead of what was asked before in that thread.

        Two answers may be under way in a thread; the question that came later is the one that stays.
        """
        row = {
            "channel": as_name(conversation.channel),
            "thread_ts": as_name(conversation.thread_ts),
            "question": as_text(conversation.question),
            "understood": conversation.understood and as_json(conversation.understood),
            "report_id": conversation.report_id and as_name(conversation.report_id),
            "continued_at_ms": as_ms(conversation.continued_at),
        }
        insert = self._database.insert(CONVERSATIONS).values(row)
        changed = {name: insert.excluded[name] for name in row if name not in {"channel", "thread_ts"}}
        statement = insert.on_conflict_do_update(
            index_elements=KEY,
            set_=changed,
            where=CONVERSATIONS.c.continued_at_ms <= insert.excluded.continued_at_ms,
        )
        async with self._database.writing() as connection:
            await connection.execute(statement)


def _decoded(row: Row[tuple[object, ...]]) -> Conversation:
    return Conversation(
        channel=row.channel,
        thread_ts=row.thread_ts,
        question=row.question,
        understood=_understood(row.understood),
        report_id=row.report_id,
        continued_at=as_moment(row.continued_at_ms),
    )


def _understood(body: str | None) -> Understood | None:
    """None also where another version wrote it: the question's text says the same, less quickly."""
    try:
        return None if body is None else msgspec.json.decode(body, type=Understood)
    except msgspec.MsgspecError:
        return None
