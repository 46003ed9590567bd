"""Who asked or clicked what, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from sqlalchemy import select

from bot.stores.columns import as_moment, as_ms, as_name, as_text
from bot.stores.tables import AUDIT

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row

    from bot.stores.database import Database

Outcome: TypeAlias = Literal["allowed", "refused", "answered", "failed", "cancelled"]
MOST_ENTRIES = 1_000


@dataclass(frozen=True)
class AuditEntry:
    """One thing that somebody did, or was not allowed to do."""

    at: datetime
    team: str
    channel: str
    user: str
    action: str
    """By its name: `/trace`, `mention`, the id of a button."""
    subject: str = ""
    """What it was about: the question."""
    outcome: Outcome = "allowed"
    report_id: str | None = None


class Audit:
    """The table of the audit; entries are only ever added, and retired with age."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, entry: AuditEntry) -> None:
        row = {
            "noted_at_ms": as_ms(entry.at),
            "team": as_name(entry.team),
            "channel": as_name(entry.channel),
            "done_by": as_name(entry.user),
            "action": as_name(entry.action),
            "subject": as_text(entry.subject),
            "outcome": entry.outcome,
            "report_id": entry.report_id and as_name(entry.report_id),
        }
        async with self._database.writing() as connection:
            await connection.execute(AUDIT.insert().values(row))

    async def latest(self, limit: int) -> tuple[AuditEntry, ...]:
        """The newest entries, newest first."""
        query = select(AUDIT).order_by(AUDIT.c.id.desc()).limit(min(limit, MOST_ENTRIES))
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
        return tuple(_decoded(row) for row in rows)


def _decoded(row: Row[tuple[object, ...]]) -> AuditEntry:
    return AuditEntry(
        at=as_moment(row.noted_at_ms),
        team=row.team,
        channel=row.channel,
        user=row.done_by,
        action=row.action,
        subject=row.subject,
        outcome=row.outcome,
        report_id=row.report_id,
    )
