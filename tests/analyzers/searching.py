"""Questions about drawn traces, as analyzers get them."""

from __future__ import annotations

from datetime import UTC, datetime

from analyzers.period_words import epoch_ns
from analyzers.report_base import Asked, Condition, Scope, Understood
from analyzers.searched import Searched
from tests.traces import repaired

MS = 1_000_000
HOUR_NS = 3_600 * 10**9
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NOON_NS = epoch_ns(NOON)


def searched(service=None, operation=None, where=(), **facts):
    """A question about all time up to an hour after 1970 began, as if that were now."""
    conditions = tuple(Condition(key=key, op=op, value=value) for key, op, value in where)
    understood = Understood(kind="test", scope=Scope(service=service, operation=operation), where=conditions)
    asked = Asked(question="asked", asked_at="now", backend="drawn://here", understood=understood)
    now = datetime(1970, 1, 1, 1, 0, 0, tzinfo=UTC)
    facts = {"start_ns": 0, "end_ns": HOUR_NS, **facts}
    return Searched(asked, now=now, **facts)


def many(*pictures):
    """Traces, in milliseconds."""
    return repaired("\n---\n".join(pictures), MS)
