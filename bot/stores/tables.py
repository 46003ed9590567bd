"""The tables of the state, as the newest migration leaves them. Times are epoch milliseconds."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, String, Table, Text

METADATA = MetaData()

REPORTS = Table(
    "reports",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("kept_at_ms", BigInteger, nullable=False),
    Column("asked_by", String(64), nullable=False),
    Column("channel", String(64), nullable=False),
    Column("thread_ts", String(64)),
    Column("body", Text, nullable=False),
    Index("reports_by_age", "kept_at_ms"),
    Index("reports_by_asker", "asked_by", "kept_at_ms"),
)

CONVERSATIONS = Table(
    "conversations",
    METADATA,
    Column("channel", String(64), primary_key=True),
    Column("thread_ts", String(64), primary_key=True),
    Column("question", Text, nullable=False),
    Column("understood", Text),
    Column("report_id", String(64)),
    Column("continued_at_ms", BigInteger, nullable=False),
    Index("conversations_by_age", "continued_at_ms"),
)

SEEN_EVENTS = Table(
    "seen_events",
    METADATA,
    Column("event_id", String(255), primary_key=True),
    Column("seen_at_ms", BigInteger, nullable=False),
    Index("seen_events_by_age", "seen_at_ms"),
)

FEEDBACK = Table(
    "feedback",
    METADATA,
    Column("report_id", String(64), primary_key=True),
    Column("given_by", String(64), primary_key=True),
    Column("useful", Boolean, nullable=False),
    Column("given_at_ms", BigInteger, nullable=False),
    Index("feedback_by_age", "given_at_ms"),
)

AUDIT = Table(
    "audit",
    METADATA,
    # SQLite counts up by itself only where the key is an INTEGER.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("noted_at_ms", BigInteger, nullable=False),
    Column("team", String(64), nullable=False),
    Column("channel", String(64), nullable=False),
    Column("done_by", String(64), nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", Text, nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("report_id", String(64)),
    Index("audit_by_age", "noted_at_ms"),
)
