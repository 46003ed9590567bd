"""The bot's state: one database, one member for each table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.stores.audit import Audit
from bot.stores.columns import as_ms
from bot.stores.conversations import Conversations
from bot.stores.database import Database
from bot.stores.events import SeenEvents
from bot.stores.feedback import Feedback
from bot.stores.migration import migrate
from bot.stores.reports import Reports
from bot.stores.tables import AUDIT, CONVERSATIONS, FEEDBACK, REPORTS, SEEN_EVENTS

if TYPE_CHECKING:
    from datetime import datetime
    from types import TracebackType

    from sqlalchemy import URL


@dataclass(frozen=True)
class Keep:
    """How long each table remembers."""

    reports: timedelta = timedelta(days=30)
    conversations: timedelta = timedelta(days=7)
    events: timedelta = timedelta(hours=24)
    feedback: timedelta = timedelta(days=365)
    audit: timedelta = timedelta(days=365)


class StateStore:
    """What the bot remembers; several processes may share it."""

    def __init__(self, database: Database, keep: Keep) -> None:
        self._database = database
        self._keep = keep
        self.reports = Reports(database)
        self.conversations = Conversations(database)
        self.events = SeenEvents(database)
        self.feedback = Feedback(database)
        self.audit = Audit(database)

    @classmethod
    async def open(cls, url: str | URL, keep: Keep | None = None) -> StateStore:
        """The state behind a URL, brought to the form of this version.

        Raises:
            StateError: the database cannot be used, or a later version has changed it.
        """
        database = Database.at(url)
        try:
            await migrate(database)
        except BaseException:
            await database.aclose()
            raise
        return cls(database, keep or Keep())

    @property
    def place(self) -> str:
        """As people call it, without credentials."""
        return self._database.place

    async def __aenter__(self) -> StateStore:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Let go of connections and files."""
        await self._database.aclose()

    async def retire(self, now: datetime) -> int:
        """Forget what is older than it may be; how many rows that were."""
        ages = (
            (REPORTS.c.kept_at_ms, self._keep.reports),
            (CONVERSATIONS.c.continued_at_ms, self._keep.conversations),
            (SEEN_EVENTS.c.seen_at_ms, self._keep.events),
            (FEEDBACK.c.given_at_ms, self._keep.feedback),
            (AUDIT.c.noted_at_ms, self._keep.audit),
        )
        retired = 0
        for at_ms, age in ages:
            async with self._database.writing() as connection:
                deleted = await connection.execute(at_ms.table.delete().where(at_ms < as_ms(now - age)))
            retired += deleted.rowcount
        return retired
