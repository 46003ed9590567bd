"""Reads traces from one Jaeger query service."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from analyzers.builder import build_table
from backends.errors import BackendRefused, CannotAsk
from backends.http import Presence
from backends.interface import Capabilities, Found
from backends.jaeger.dialects import V1, V3, cut_to, searchable_tags
from backends.matching import newest_match_ns, newest_traces, of_traces, traces_of
from backends.refusal import web_page

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable, Sequence

    from analyzers.minutes import OperationMinutes
    from analyzers.record import SpanRecord
    from backends.formats.decoded import Decoded
    from backends.http import HttpStore
    from backends.interface import MinutesQuery, SpanQuery
    from backends.jaeger.dialects import Dialect

SCAN_DEPTH = 500
"""Traces to fetch where part of the query is decided here: most of them may not match."""
MOST_SERVICES = 200
"""More than that are not asked one after the other for a question that names none."""


class JaegerBackend:
    """Reads traces from one Jaeger query service, whichever of its APIs it has."""

    capabilities = Capabilities(
        list_services=True,
        search=True,
        search_without_service=True,
        search_attributes=True,
        search_duration=True,
        exhaustive_search=True,
        like_traces=True,
    )

    def __init__(self, http: HttpStore, api: str | None = None) -> None:
        """`api` is v1 or v3 to use that one without asking what there is."""
        self._http = http
        self._v1 = V1(http)
        self._known: Dialect | None = {"v1": self._v1, "v3": V3(http), None: None}[api]

    @property
    def name(self) -> str:
        return self._http.name

    async def find_trace(self, trace_id: str) -> Found:
        dialect = await self._dialect()
        answer = await dialect.trace(trace_id)
        return await _found([answer], answer.records)

    async def find_spans(self, query: SpanQuery) -> Found:
        dialect = await self._dialect()
        searcher = self._v1 if searchable_tags(query) else dialect
        depth = max(query.limit, SCAN_DEPTH) if _decided_here(query) else max(query.limit, 1)
        answers = await _all(
            searcher.search(query, service, depth) for service in await self._services_of(query)
        )
        cut_short = any(len(traces_of(answer.records)) >= depth for answer in answers)
        spans = _whole(answers)
        newest_ns = newest_match_ns(spans, cut_to(query, searcher.resolution_ns))
        chosen = newest_traces(newest_ns, query.limit)
        truncated = cut_short or len(newest_ns) > len(chosen)
        if searcher is not dialect:
            answers = await _all(dialect.trace(trace_id) for trace_id in chosen)
            spans = _whole(answers)
            chosen = newest_traces(newest_match_ns(spans, query), query.limit)
        found = await _found(answers, of_traces(spans, chosen))
        notes = (*found.notes, _cut_short(self.name, depth)) if cut_short else found.notes
        return replace(found, truncated=truncated, notes=notes)

    async def services(self) -> tuple[str, ...]:
        return tuple(sorted(set(await (await self._dialect()).services())))

    async def operations(self, service: str) -> tuple[str, ...]:
        return tuple(sorted(set(await (await self._dialect()).operations(service))))

    async def minutes(self, query: MinutesQuery) -> OperationMinutes:  # noqa: ARG002 - the protocol's name
        raise CannotAsk(f"{self.name} keeps no histograms.", "Read its spans instead.")

    async def aclose(self) -> None:
        await self._http.aclose()

    async def _dialect(self) -> Dialect:
        """The better API that this server has, found out by asking once."""
        if self._known is None:
            self._known = await self._better_api()
        return self._known

    async def _better_api(self) -> Dialect:
        pages = []
        for path, dialect in (("/api/v3/services", V3(self._http)), ("/api/services", self._v1)):
            presence = await self._http.has(path)
            if presence is Presence.DATA:
                return dialect
            if presence is Presence.WEB_PAGE:
                pages.append(path)
        if pages:
            raise web_page(self.name, pages[0])
        raise BackendRefused(
            f"What answers at {self.name} is not Jaeger's query service: neither /api/v3/services nor "
            "/api/services is there.",
            "Check the port (16686 unless it was changed) and the path prefix (Jaeger's base_path).",
        )

    async def _services_of(self, query: SpanQuery) -> tuple[str, ...]:
        """Most storages search only within a service, so a question that names none is asked of each."""
        if query.service is not None:
            return (query.service,)
        services = await self.services()
        if len(services) > MOST_SERVICES:
            raise CannotAsk(
                f"{self.name} has {len(services)} services and is searched one service at a time.",
                "Name a service.",
            )
        return services


def _decided_here(query: SpanQuery) -> bool:
    """Whether Jaeger is not asked for part of what the query wants."""
    return query.errors_only or len(searchable_tags(query)) < len(query.attributes)


async def _all(questions: Iterable[Coroutine[None, None, Decoded]]) -> list[Decoded]:
    """Every answer, in order; the first failure ends the rest."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(question) for question in questions]
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]


def _whole(answers: Sequence[Decoded]) -> Sequence[SpanRecord]:
    """The spans of all answers; a trace that came in several, once, as the longest of them has it."""
    if len(answers) == 1:
        return answers[0].records
    longest: dict[str, list[SpanRecord]] = {}
    for answer in answers:
        traces: dict[str, list[SpanRecord]] = {}
        for span in answer.records:
            traces.setdefault(span.trace_id, []).append(span)
        for trace_id, spans in traces.items():
            if len(spans) > len(longest.get(trace_id, ())):
                longest[trace_id] = spans
    return [span for spans in longest.values() for span in spans]


def _cut_short(name: str, depth: int) -> str:
    return f"{name} gave as many traces as it was asked for ({depth}): there may be more."


async def _found(answers: Sequence[Decoded], spans: Sequence[SpanRecord]) -> Found:
    return Found(
        spans=await asyncio.to_thread(build_table, spans),
        unreadable=sum(answer.unreadable for answer in answers),
        notes=tuple(dict.fromkeys(reason for answer in answers for reason in answer.reasons)),
    )
