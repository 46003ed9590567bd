"""Where figures of operations come from."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from analyzers.builder import build_table
from analyzers.minutes import minutes_of
from analyzers.operation_minutes import IN_MINUTES
from backends.interface import Capabilities
from bot.services import operations
from bot.services.ask import ask
from tests.bot.drawn_stores import MS, DrawnBackend, DrawnStores
from tests.traces import drawn

FIRST_HOUR = datetime(1970, 1, 1, 1, tzinfo=UTC)


@dataclass
class Counting(DrawnBackend):
    """Keeps histograms, and remembers what it was asked for."""

    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(search=True, search_without_service=True, aggregates=True)
    )
    asked: list[str] = field(default_factory=list)

    async def find_spans(self, query):
        self.asked.append("spans")
        return await super().find_spans(query)

    async def minutes(self, query):
        self.asked.append("minutes")
        spans = build_table(drawn(self.picture, MS))
        return minutes_of(spans, spans.duration_ns)


def answered(text):
    backend = Counting()
    return asyncio.run(ask(text, DrawnStores(backend), FIRST_HOUR)).report, backend.asked


@pytest.mark.parametrize(("text", "rows"), [("operations last 1h", 2), ("services last 1h", 2)])
def test_a_store_that_keeps_histograms_is_not_asked_for_many_spans(monkeypatch, text, rows):
    monkeypatch.setattr(operations, "FEW_SPANS", 1)

    report, asked = answered(text)

    assert asked == ["minutes"]
    assert len(report.rows) == rows
    assert IN_MINUTES in report.notes
    assert (report.health.spans, report.confidence) == (2, "high")


@pytest.mark.parametrize("text", ["operations last 1h", "services last 1h"])
def test_few_spans_are_read_to_be_exact(text):
    report, asked = answered(text)

    assert asked == ["minutes", "spans"]
    assert len(report.rows) == 2
    assert IN_MINUTES not in report.notes
