"""A pasted trace held against others of its sort."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

import bot.services.like_traces as module
from backends.errors import BackendUnreachable
from backends.files.backend import FilesBackend
from backends.interface import Capabilities
from bot.services.ask import ask
from bot.services.like_traces import NOT_READ
from tests.bot.drawn_stores import DrawnBackend, DrawnStores

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
WHOLE = """
shop GET /cart  0..100  server
  shop load       10..60
  cart GET        20..50  server
"""
LACKING = "shop GET /cart  0..100  server\n  shop load       10..60"
TRACES = "\n---\n".join([LACKING, *[WHOLE] * 30])


def told(backend):
    return asyncio.run(ask(f"{1:032x}", DrawnStores(backend), NOW)).report


@dataclass
class Others(DrawnBackend):
    """Finds one trace, and others as `search` has it."""

    picture: str = TRACES
    capabilities: Capabilities = field(default_factory=lambda: Capabilities(search=True, like_traces=True))
    search_fails: Exception | None = None
    takes_s: float = 0.0
    asked: list = field(default_factory=list)

    async def find_spans(self, query):
        self.asked.append(query)
        await asyncio.sleep(self.takes_s)
        if self.search_fails:
            raise self.search_fails
        return await super().find_spans(query)


def test_a_leaf_that_all_others_have_is_missed_in_the_answer():
    backend = Others()
    report = told(backend)

    assert (report.health.absent_calls, report.health.compared_with) == (1, 30)
    assert report.notes[0].startswith(
        "1 call of cart GET by shop GET /cart is not here, which all of 30 other traces have"
    )
    assert (backend.asked[0].service, backend.asked[0].operation) == ("shop", "GET /cart")


def test_the_answer_stands_where_others_cannot_be_read():
    report = told(Others(search_fails=BackendUnreachable("It is gone.", "Start it.")))

    assert report.span_count == 2
    assert report.notes[-1] == NOT_READ
    assert report.health.compared_with == 0


def test_nobody_waits_long_for_others(monkeypatch):
    monkeypatch.setattr(module, "LONGEST_S", 0.01)

    assert told(Others(takes_s=5)).notes[-1] == NOT_READ


def test_a_store_for_which_a_search_costs_much_is_asked_for_the_one_trace_alone():
    backend = Others(capabilities=Capabilities(search=True))

    assert told(backend).health.compared_with == 0
    assert backend.asked == []


def test_huge_traces_are_not_read_twenty_times(monkeypatch):
    monkeypatch.setattr(module, "MOST_SPANS", 30)
    backend = Others()

    assert told(backend).health.compared_with == 0
    assert backend.asked == []


def otlp(trace, names):
    spans = [
        {"traceId": f"{trace:032x}", "spanId": f"{trace:08x}{n:08x}", "name": name,
         "parentSpanId": f"{trace:08x}{1:08x}" if n > 1 else "",
         "startTimeUnixNano": str(1_795_348_800_000_000_000 + trace * 10**9), "endTimeUnixNano": str(1_795_348_800_000_000_000 + trace * 10**9 + 10**8)}
        for n, name in enumerate(names, start=1)
    ]  # fmt: skip
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}]}
    return json.dumps({"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": spans}]}]})


def test_a_trace_of_a_file_is_held_against_the_others_in_it(tmp_path):
    file = tmp_path / "traces.jsonl"
    lines = [otlp(1, ["GET /", "load"]), *(otlp(n, ["GET /", "load", "SELECT"]) for n in range(2, 40))]
    file.write_text("\n".join(lines))

    report = told(FilesBackend(str(file)))

    assert (report.health.absent_calls, report.health.compared_with) == (1, 38)


def test_large_files_are_not_read_twice_for_one_trace(tmp_path, monkeypatch):
    monkeypatch.setattr("backends.files.backend.SMALL_BYTES", 10)
    file = tmp_path / "traces.jsonl"
    file.write_text("\n".join(otlp(n, ["GET /", "load"]) for n in range(1, 40)))

    assert not FilesBackend(str(file)).capabilities.like_traces
    assert told(FilesBackend(str(file))).health.compared_with == 0
