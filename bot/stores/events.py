"""Deliveries that were seen: Slack may bring one several times, to several processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.stores.columns import as_ms, as_text
from bot.stores.tables import SEEN_EVENTS

if TYPE_CHECKING:
    from datetime import datetime

    from bot.stores.database import Database

LONGEST_EVENT_ID = 255


class SeenEvents:
    """The table of seen deliveries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def first_time(self, event_id: str, now: datetime) -> bool:
        """Whether nobody has seen this delivery before; from now on somebody has.

        However many processes ask at once, exactly one of them is told yes.
        """
        row = {"event_id": as_text(event_id, LONGEST_EVENT_ID), "seen_at_ms": as_ms(now)}
        statement = (
            self._database.insert(SEEN_EVENTS)
            .values(row)
            .on_conflict_do_nothing(index_elements=[SEEN_EVENTS.c.event_id])
            .returning(SEEN_EVENTS.c.event_id)  # psycopg does not count the rows of an insert
        )
        async with self._database.writing() as connection:
            inserted = (await connection.execute(statement)).one_or_none()
        return inserted is not None

    async def forget(self, event_id: str) -> None:
        """It is as if nobody had seen it: what it asked for could not be done."""
        seen = SEEN_EVENTS.c.event_id == as_text(event_id, LONGEST_EVENT_ID)
        async with self._database.writing() as connection:
            await connection.execute(SEEN_EVENTS.delete().where(seen))
