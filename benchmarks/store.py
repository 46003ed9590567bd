"""The store of our own: durable ingest, and questions to a million spans."""

from __future__ import annotations

import asyncio
import math
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from analyzers.record import SpanRecord
from backends.embedded.backend import EmbeddedBackend
from backends.embedded.span_store import SpanStore
from backends.interface import MinutesQuery, SpanQuery
from benchmarks.measure import Figure
from benchmarks.workload import EPOCH_NS, OPERATIONS, SERVICES
from bot.services.ask import ask as ask_services

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from analyzers.record import Pairs

SPANS = 1_000_000
SPANS_A_TRACE = 20
SPANS_A_KEEP = 5_000
KEEPS_AT_ONCE = 8
SPANS_AT_HAND = 100_000
"""Made before the clock runs."""
HOURS_NS = 2 * 3_600_000_000_000
HOUR_NS = 3_600_000_000_000
RUNS = 20


class WebRequest:
    """Attributes of a usual web span, about 300 bytes; the source is its number."""

    def attributes(self, source: int) -> Pairs:
        return (
            ("http.request.method", "GET"),
            ("url.path", f"/product/{source}"),
            ("http.route", "/product/{id}"),
            ("http.response.status_code", "200"),
            ("user.id", f"u{source * 7 % 100_003}"),
            ("server.address", "frontend.shop.svc"),
            ("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"),
            ("network.peer.address", "10.1.2.3"),
            ("otel.scope.name", "opentelemetry.instrumentation.flask"),
        )

    def events(self, source: int) -> tuple[()]:  # noqa: ARG002 - the protocol's name
        return ()


READER = WebRequest()


@dataclass(frozen=True)
class OneStore:
    """The store that every question asks."""

    backend: EmbeddedBackend

    def default(self) -> EmbeddedBackend:
        return self.backend

    def at(self, url: str) -> EmbeddedBackend:  # noqa: ARG002 - the protocol's name
        return self.backend


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        store = SpanStore.open(Path(folder))
        try:
            yield Figure(
                "durable ingest through keep", SPANS / asyncio.run(_ingest(store)), "spans/s", "≥ 50,000"
            )
            yield from _questions(EmbeddedBackend(store))
        finally:
            store.close()
        size = sum(file.stat().st_size for file in Path(folder).iterdir())
        yield Figure("disk, once all of it is compressed", size / SPANS, "B a span")


def fill(folder: Path) -> None:
    """Keep the million spans in a new store."""
    store = SpanStore.open(folder)
    try:
        asyncio.run(_ingest(store))
    finally:
        store.close()


def _questions(backend: EmbeddedBackend) -> Iterator[Figure]:
    hour = SpanQuery(EPOCH_NS, EPOCH_NS + HOUR_NS)
    trace_id = f"{_trace(SPANS // SPANS_A_TRACE // 2):032x}"
    questions: dict[str, tuple[Callable[[], Awaitable[object]], str]] = {
        "slowest 100 of an hour": (
            lambda: backend.find_spans(replace(hour, slowest_first=True)),
            "< 1,000",
        ),
        "100 with errors of an hour": (
            lambda: backend.find_spans(replace(hour, errors_only=True)),
            "< 1,000",
        ),
        "one trace by id": (lambda: backend.find_trace(trace_id), "< 100"),
        "find user.id over all": (
            lambda: backend.find_spans(SpanQuery(0, 2**63 - 1, attributes=(("user.id", "u77"),))),
            "< 1,000",
        ),
        "operations of an hour, from rollups": (
            lambda: backend.minutes(MinutesQuery(hour.start_ns, hour.end_ns)),
            "",
        ),
    }
    now = datetime.fromtimestamp((EPOCH_NS + HOURS_NS) / 1e9, UTC)
    for question in ("why", f"why {SERVICES[0]} last 30m"):
        questions[f"{question}, the whole answer"] = (
            partial(ask_services, question, OneStore(backend), now),
            "< 2,000",
        )
    for what, (ask, goal) in questions.items():
        yield Figure(f"{what}, p95", _p95_ms(ask), "ms", goal)


def _p95_ms(ask: Callable[[], Awaitable[object]]) -> float:
    async def timed() -> list[float]:
        times = []
        for _ in range(RUNS):
            began = time.perf_counter()
            await ask()
            times.append(time.perf_counter() - began)
        return times

    return float(np.quantile(asyncio.run(timed()), 0.95)) * 1_000


async def _ingest(store: SpanStore) -> float:
    """Seconds that it took to keep all spans."""
    took = 0.0
    for begin in range(0, SPANS, SPANS_AT_HAND):
        parts = iter([_spans(first) for first in range(begin, begin + SPANS_AT_HAND, SPANS_A_KEEP)])
        began = time.perf_counter()
        await asyncio.gather(*(_keep_all(store, parts) for _ in range(KEEPS_AT_ONCE)))
        took += time.perf_counter() - began
    return took


async def _keep_all(store: SpanStore, parts: Iterator[list[SpanRecord]]) -> None:
    for part in parts:
        await store.keep(part)


def _spans(begin: int) -> list[SpanRecord]:
    random = np.random.default_rng(begin)
    duration = random.lognormal(16, 1.5, SPANS_A_KEEP).astype(np.int64).tolist()
    error = (random.random(SPANS_A_KEEP) < 0.01).tolist()
    return [
        SpanRecord(
            trace_id=f"{_trace(number // SPANS_A_TRACE):032x}",
            span_id=number + 1,
            parent_id=0 if number % SPANS_A_TRACE == 0 else number,
            service=SERVICES[number % len(SERVICES)],
            operation=OPERATIONS[number % len(OPERATIONS)],
            kind=2,
            status=2 if error[number - begin] else 0,
            start_ns=EPOCH_NS + number * (HOURS_NS // SPANS),
            duration_ns=duration[number - begin],
            adjusted_count=math.nan,
            source=number,
            reader=READER,
        )
        for number in range(begin, begin + SPANS_A_KEEP)
    ]


def _trace(number: int) -> int:
    """An id that looks drawn at random."""
    return (number + 1) * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128
