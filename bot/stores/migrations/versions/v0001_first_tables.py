"""Reports, conversations, seen events, feedback, audit."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reports",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("kept_at_ms", sa.BigInteger, nullable=False),
        sa.Column("asked_by", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("thread_ts", sa.String(64)),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("reports_by_age", "reports", ["kept_at_ms"])
    op.create_index("reports_by_asker", "reports", ["asked_by", "kept_at_ms"])
    op.create_table(
        "conversations",
        sa.Column("channel", sa.String(64), primary_key=True),
        sa.Column("thread_ts", sa.String(64), primary_key=True),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("understood", sa.Text),
        sa.Column("report_id", sa.String(64)),
        sa.Column("continued_at_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("conversations_by_age", "conversations", ["continued_at_ms"])
    op.create_table(
        "seen_events",
        sa.Column("event_id", sa.String(255), primary_key=True),
        sa.Column("seen_at_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("seen_events_by_age", "seen_events", ["seen_at_ms"])
    op.create_table(
        "feedback",
        sa.Column("report_id", sa.String(64), primary_key=True),
        sa.Column("given_by", sa.String(64), primary_key=True),
        sa.Column("useful", sa.Boolean, nullable=False),
        sa.Column("given_at_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("feedback_by_age", "feedback", ["given_at_ms"])
    op.create_table(
        "audit",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer, "sqlite"),
            primary_key=True,
            autoincrement=True,
        ),
        sa.Column("noted_at_ms", sa.BigInteger, nullable=False),
        sa.Column("team", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("done_by", sa.String(64), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("report_id", sa.String(64)),
    )
    op.create_index("audit_by_age", "audit", ["noted_at_ms"])
