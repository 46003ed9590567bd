"""One trace explained beside others of its sort: what they show of it is used."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

import bot.services.like_traces as module
from analyzers.trace_list import list_traces
from backends.errors import BackendUnreachable
from backends.files.backend import FilesBackend
from backends.interface import Capabilities
from bot.services.ask import ask
from bot.services.like_traces import NOT_READ
from tests.bot.drawn_stores import MS, DrawnBackend, DrawnStores
from tests.traces import repaired

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LEAVES_IT_BEHIND = """
    shop POST /order  0..100    server
      shop save         2..12
      log  audit        15..400
"""
SEEMS_TO_WAIT = """
    shop POST /order  0..100    server
      shop save         2..12
      log  audit        15..94
"""


def answered(text, traces, **backend):
    store = DrawnBackend(
        picture="\n---\n".join(traces), capabilities=Capabilities(like_traces=True, search=True), **backend
    )
    return asyncio.run(ask(text, DrawnStores(store), NOON)).report


def test_what_others_leave_behind_is_not_charged_where_it_happened_to_end_in_time():
    traces = [LEAVES_IT_BEHIND] * 99 + [SEEMS_TO_WAIT]

    report = answered(f"{100:032x}", traces)

    assert report.headline.endswith(
        "most of it (90 ms) is in shop POST /order itself, where there are no spans."
    )
    assert [one.why for one in report.detached] == ["its parent usually ends without waiting for it"]


def test_a_list_and_the_breakdown_of_one_of_its_traces_name_the_same_place():
    traces = [LEAVES_IT_BEHIND] * 99 + [SEEMS_TO_WAIT]

    listed = list_traces(repaired("\n---\n".join(traces), MS).spans, [99])[0].summary.bottleneck
    explained = answered(f"{100:032x}", traces).bottleneck

    assert (listed.operation, listed.share) == (explained.operation, explained.share) == ("POST /order", 0.9)


def test_without_others_the_trace_alone_decides():
    report = answered(f"{1:032x}", [SEEMS_TO_WAIT])

    assert report.bottleneck.operation == "audit"
    assert report.detached == ()


def test_how_far_clocks_are_apart_is_told_from_the_calls_of_all():
    quick = "shop call  0..10  server @a\n  shop send  0..10  client @a\n    pay serve  51..58  server @b"
    slow = "shop call  0..100  server @a\n  shop send  0..100  client @a\n    pay serve  111..118  server @b"

    report = answered(f"{100:032x}", [quick] * 99 + [slow])

    (clocks,) = (note for note in report.notes if "clock" in note)
    assert "50 ms ahead of that of a (± 1.5 ms, from 100 calls)" in clocks


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
