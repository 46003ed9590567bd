"""The store of our own as any other store: asked by the process that owns it."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from analyzers.builder import build_table
from backends.embedded.minutes import read_minutes
from backends.embedded.search import (
    MAX_SPANS,
    choose_traces,
    count_traces,
    how_far_back,
    spans_of_trace,
    spans_of_traces,
)
from backends.interface import Capabilities, Found

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from analyzers.batch import SpanBatch
    from analyzers.minutes import OperationMinutes
    from backends.embedded.span_store import SpanStore
    from backends.interface import MinutesQuery, Progress, SpanQuery

TOO_MANY_SPANS = f"Only {MAX_SPANS:,} spans were read; there are more."


class EmbeddedBackend:
    """Asks a store that this process has open; the store stays open, whoever opened it closes it."""

    capabilities = Capabilities(
        list_services=True,
        search=True,
        search_without_service=True,
        search_attributes=True,
        search_events=True,
        search_errors=True,
        search_duration=True,
        search_slowest=True,
        search_evenly=True,
        exhaustive_search=True,
        like_traces=True,
        aggregates=True,
    )

    def __init__(self, store: SpanStore, progress: Progress | None = None) -> None:
        self._store = store
        self._progress = progress or _nobody
        self._adding_up = threading.Lock()
        """One at a time: each needs some 50 MiB while it lasts, and all cores."""

    @property
    def name(self) -> str:
        return f"embedded://{self._store.folder}"

    async def find_trace(self, trace_id: str) -> Found:
        return await self._store.ask(lambda connection: _found(spans_of_trace(connection, trace_id)))

    async def find_spans(self, query: SpanQuery) -> Found:
        def find(connection: DuckDBPyConnection) -> Found:
            self._progress("looking for traces", 0, None)
            chosen = choose_traces(connection, query)
            self._progress("reading traces", len(chosen), None)
            found = replace(_found(spans_of_traces(connection, chosen)), matching=chosen.total)
            if not chosen.total:
                return replace(found, notes=how_far_back(connection, query))
            if chosen.total <= len(chosen):
                return found
            note = f"Only the newest {len(chosen)} of {chosen.total} matching traces were taken."
            as_wanted = query.slowest_first or query.evenly
            return replace(found, truncated=True, notes=found.notes if as_wanted else (*found.notes, note))

        return await self._store.ask(find)

    async def services(self) -> tuple[str, ...]:
        return await self._store.ask(
            lambda connection: _names(connection, "SELECT DISTINCT service FROM spans", [])
        )

    async def operations(self, service: str) -> tuple[str, ...]:
        operations = "SELECT DISTINCT operation FROM spans WHERE service = ?"
        return await self._store.ask(lambda connection: _names(connection, operations, [service]))

    async def minutes(self, query: MinutesQuery) -> OperationMinutes:
        self._progress("adding up minutes", 0, None)

        def read(connection: DuckDBPyConnection) -> OperationMinutes:
            with self._adding_up:
                return read_minutes(connection, query)

        return await self._store.ask(read)

    async def count_traces(self, query: SpanQuery) -> int:
        """How many traces match, whatever the limit."""
        return await self._store.ask(lambda connection: count_traces(connection, query))

    async def aclose(self) -> None:
        """The store belongs to whoever opened it."""


def _found(spans: SpanBatch) -> Found:
    if len(spans) <= MAX_SPANS:
        return Found(spans=build_table(spans))
    return Found(spans=build_table(spans[:MAX_SPANS]), truncated=True, notes=(TOO_MANY_SPANS,))


def _nobody(doing: str, done: int, total: int | None) -> None:
    """Nobody waits to hear how far it is."""


def _names(connection: DuckDBPyConnection, question: str, values: list[str]) -> tuple[str, ...]:
    return tuple(sorted(name for (name,) in connection.execute(question, values).fetchall()))
