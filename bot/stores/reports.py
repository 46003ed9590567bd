"""Answers that were given, to be shown again."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select

from analyzers.report import AnyReport
from bot.stores.columns import as_json, as_ms, as_name
from bot.stores.errors import UnreadableReport
from bot.stores.tables import REPORTS

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row

    from bot.stores.database import Database

ID_BYTES = 18
"""24 characters that nobody guesses: whoever has an id may see the answer, where access allows it."""
LONGEST_ID = 64
MOST_RECENT = 100
DECODER: msgspec.json.Decoder[AnyReport] = msgspec.json.Decoder(AnyReport)


@dataclass(frozen=True)
class KeptReport:
    """An answer, who asked for it, and where it was given."""

    id: str
    report: AnyReport
    asked_by: str
    channel: str
    thread_ts: str | None


class Reports:
    """The table of reports."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(
        self, report: AnyReport, asked_by: str, channel: str, thread_ts: str | None, now: datetime
    ) -> str:
        """The id under which the report can be had again: opaque, and fit to stand in a button."""
        report_id = secrets.token_urlsafe(ID_BYTES)
        row = {
            "id": report_id,
            "kept_at_ms": as_ms(now),
            "asked_by": as_name(asked_by),
            "channel": as_name(channel),
            "thread_ts": thread_ts and as_name(thread_ts),
            "body": as_json(report),
        }
        async with self._database.writing() as connection:
            await connection.execute(REPORTS.insert().values(row))
        return report_id

    async def get(self, report_id: str) -> KeptReport | None:
        """The report of that id; None where there is none, or it was too old to keep.

        Raises:
            UnreadableReport: it was kept by a version whose reports had another form.
        """
        if len(report_id) > LONGEST_ID or "\0" in report_id or not report_id.isascii():
            return None  # ids come with clicks, and clicks from anybody
        async with self._database.reading() as connection:
            found = await connection.execute(select(REPORTS).where(REPORTS.c.id == report_id))
            row = found.one_or_none()
        return None if row is None else _decoded(row)

    async def recent(self, user: str, limit: int) -> tuple[KeptReport, ...]:
        """What this person asked last, newest first; what cannot be read any more is left out."""
        query = (
            select(REPORTS)
            .where(REPORTS.c.asked_by == as_name(user))
            .order_by(REPORTS.c.kept_at_ms.desc(), REPORTS.c.id)
            .limit(min(limit, MOST_RECENT))
        )
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
        return tuple(kept for row in rows if (kept := _readable(row)) is not None)


def _readable(row: Row[tuple[object, ...]]) -> KeptReport | None:
    try:
        return _decoded(row)
    except UnreadableReport:
        return None


def _decoded(row: Row[tuple[object, ...]]) -> KeptReport:
    try:
        report = DECODER.decode(row.body)
    except msgspec.MsgspecError as exc:
        raise UnreadableReport(
            "That answer was kept by another version of tracewhy, which this one cannot read.",
            "Ask the question again.",
        ) from exc
    return KeptReport(
        id=row.id,
        report=report,
        asked_by=row.asked_by,
        channel=row.channel,
        thread_ts=row.thread_ts,
    )
