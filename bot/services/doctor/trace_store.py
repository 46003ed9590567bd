"""A trace store: whether it answers, what it can be asked, how far back it goes, whose clock is wrong."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from typing import TYPE_CHECKING

from backends.errors import BackendError, CannotAsk
from backends.interface import Capabilities, SpanQuery
from bot.services.doctor.finding import Finding, Level, fail, ok, warn

if TYPE_CHECKING:
    from collections.abc import Callable

    from backends.interface import Backend

NS_PER_S = 1_000_000_000
AGES = (
    (timedelta(days=90), timedelta(days=30), "30 days"),
    (timedelta(days=30), timedelta(days=7), "a week"),
    (timedelta(days=7), timedelta(days=1), "a day"),
    (timedelta(days=1), timedelta(hours=1), "an hour"),
)
"""Looked at from the oldest on: one trace in a period shows that the store goes back so far."""
SERVICES_ASKED = 3
CAN = {
    "search": "search",
    "search_without_service": "search all services at once",
    "search_attributes": "search by attributes",
    "search_slowest": "slowest first",
    "aggregates": "histograms",
}


async def look_at_trace_store(about: str, open_backend: Callable[[], Backend], now_ns: int) -> list[Finding]:
    """Its own words where it fails."""
    try:
        backend = open_backend()
        services = await backend.services() if backend.capabilities.list_services else None
    except BackendError as exc:
        return [fail(about, exc.problem.rstrip("."), exc.advice)]
    found = [
        ok(about, f"{backend.name} answers{_count(services)}; it can {_abilities(backend.capabilities)}")
    ]
    if services is not None and not services:
        return [_empty(about, found[0])]
    if services and backend.capabilities.search:
        found.append(await _reach(f"{about} history", backend, services[:SERVICES_ASKED], now_ns))
    return found


def _empty(about: str, reached: Finding) -> Finding:
    return Finding(
        about,
        Level.WARN,
        f"{reached.found}; it holds no spans",
        "Check that spans are sent to it, and that it is the right one.",
    )


def _count(services: tuple[str, ...] | None) -> str:
    return "" if services is None else f" and knows {len(services):,} service{'s' * (len(services) != 1)}"


def _abilities(capabilities: Capabilities) -> str:
    known = {field.name for field in fields(Capabilities)}
    told = [words for name, words in CAN.items() if name in known and getattr(capabilities, name)]
    return ", ".join(["find a trace by its id", *told])


async def _reach(about: str, backend: Backend, services: tuple[str, ...], now_ns: int) -> Finding:
    try:
        for begun, ended, words in AGES:
            if await _has_spans(backend, services, now_ns, begun, ended):
                return ok(about, f"has spans older than {words}")
        found = await _has_spans(backend, services, now_ns, timedelta(hours=1), timedelta(0))
    except CannotAsk:
        return ok(about, "cannot be asked")
    except BackendError as exc:
        return warn(about, f"not told: {exc.problem.rstrip('.')}", exc.advice)
    if found:
        return warn(
            about,
            "has spans of the last hour only",
            "Questions about yesterday need more; nothing is wrong where it has just been started.",
        )
    return warn(about, "no spans younger than 90 days were found", "Check that spans still arrive.")


async def _has_spans(
    backend: Backend, services: tuple[str, ...], now_ns: int, begun: timedelta, ended: timedelta
) -> bool:
    asked: tuple[str | None, ...] = (None,) if backend.capabilities.search_without_service else services
    for service in asked:
        query = SpanQuery(
            start_ns=now_ns - int(begun.total_seconds()) * NS_PER_S,
            end_ns=now_ns - int(ended.total_seconds()) * NS_PER_S,
            service=service,
            limit=1,
        )
        if len((await backend.find_spans(query)).spans):
            return True
    return False
