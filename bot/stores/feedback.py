"""Whether people found answers useful."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.stores.columns import as_ms, as_name
from bot.stores.tables import FEEDBACK

if TYPE_CHECKING:
    from datetime import datetime

    from bot.stores.database import Database


@dataclass(frozen=True)
class Opinions:
    """How many people found an answer useful, and how many did not."""

    useful: int = 0
    not_useful: int = 0


class Feedback:
    """The table of feedback: one row for each person and answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def give(self, report_id: str, user: str, useful: bool, now: datetime) -> None:
        """The person's opinion from now on. The last click wins, in whatever order clicks arrive."""
        row = {
            "report_id": as_name(report_id),
            "given_by": as_name(user),
            "useful": useful,
            "given_at_ms": as_ms(now),
        }
        insert = self._database.insert(FEEDBACK).values(row)
        statement = insert.on_conflict_do_update(
            index_elements=[FEEDBACK.c.report_id, FEEDBACK.c.given_by],
            set_={"useful": insert.excluded.useful, "given_at_ms": insert.excluded.given_at_ms},
            where=FEEDBACK.c.given_at_ms <= insert.excluded.given_at_ms,
        )
        async with self._database.writing() as connection:
            await connection.execute(statement)

    async def on(self, report_id: str) -> Opinions:
        """What people think of one answer."""
        query = (
            select(FEEDBACK.c.useful, func.count())
            .where(FEEDBACK.c.report_id == as_name(report_id))
            .group_by(FEEDBACK.c.useful)
        )
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
        counts = {row[0]: row[1] for row in rows}
        return Opinions(useful=counts.get(True, 0), not_useful=counts.get(False, 0))
