"""A shop whose checkout became slower twenty minutes before noon, for the questions why."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

import numpy as np

from analyzers.builder import build_table
from analyzers.record import SpanRecord
from analyzers.table import Kind
from backends.errors import CannotAsk
from backends.interface import Found
from tests.bot.services.kept_spans import EVENLY, KeptSpans
from tests.bot.slack.scene import NOON
from tests.traces import Drawn

MS = 1_000_000
MINUTE_NS = 60 * 10**9
NOON_NS = int(NOON.timestamp()) * 10**9
SLOW_SINCE_NS = int((NOON - timedelta(minutes=20)).timestamp()) * 10**9
COUNT = 480
"""Of requests in the two hours before noon."""


def shop_spans():
    """Checkout asks payment, payment its database; the database is what became slower."""
    starts_ns = (
        np.linspace(NOON_NS - 120 * MINUTE_NS, NOON_NS, COUNT, endpoint=False).astype(np.int64).tolist()
    )
    jitter = np.random.default_rng(7).lognormal(0, 0.2, COUNT).tolist()
    spans = []
    for number, (start_ns, factor) in enumerate(zip(starts_ns, jitter, strict=True)):
        database_ns = int((90 if start_ns >= SLOW_SINCE_NS else 20) * MS * factor)
        spans += _request(number, start_ns, database_ns)
    return spans


def _request(number, start_ns, database_ns):
    """The facts of every request; user 42 and the gold users come back all day."""
    facts = {
        "user.id": "42" if number % 3 == 0 else str(1_000 + number),
        "user.tier": "gold" if number % 2 else "free",
    }
    rows = (
        ("checkout", "POST /checkout", Kind.SERVER, 0, 12 * MS + database_ns, facts),
        ("payment", "POST /charge", Kind.SERVER, 4 * MS, 6 * MS + database_ns, {}),
        ("payment", "SELECT cards", Kind.CLIENT, 6 * MS, database_ns, {}),
    )
    return [
        SpanRecord(
            trace_id=f"{number + 1:032x}",
            span_id=10 * number + at + 1,
            parent_id=10 * number + at if at else 0,
            service=service,
            operation=operation,
            kind=kind,
            status=0,
            start_ns=start_ns + after_ns,
            duration_ns=duration_ns,
            source=Drawn(pairs),
            reader=Drawn(pairs),
        )
        for at, (service, operation, kind, after_ns, duration_ns, pairs) in enumerate(rows)
    ]


@dataclass
class SlowedShop(KeptSpans):
    """A store of those spans."""

    records: list[SpanRecord] = field(default_factory=shop_spans)
    capabilities: object = replace(EVENLY, list_services=True, search_slowest=True, search_attributes=True)
    name: str = "shop"

    async def find_trace(self, trace_id):
        return Found(build_table([span for span in self.records if span.trace_id == trace_id]))

    async def minutes(self, query):
        raise CannotAsk("It keeps no histograms.", "Read its spans instead.")

    async def aclose(self):
        return None
