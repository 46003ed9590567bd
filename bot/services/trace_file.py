"""A trace file as a question: its only trace is explained; of several the slowest are offered."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from analyzers.breakdown import break_down, with_reading
from analyzers.repair import repair
from analyzers.report import Breakdown, Candidate, Choice
from analyzers.wording import count_text, duration_text, place_text
from backends.interface import SpanQuery
from bot.services.command import ask_command

if TYPE_CHECKING:
    from analyzers.repair import Repaired
    from analyzers.report import AnyReport
    from analyzers.report_base import Asked, TraceHealth
    from backends.interface import Backend, Found

ALL = SpanQuery(start_ns=0, end_ns=2**63 - 1, limit=10_000_000)
MOST_CANDIDATES = 10
LONGEST_PATH = 4_096
"""PATH_MAX of Linux."""
SUFFIXES = (".json", ".jsonl", ".ndjson", ".pb", ".binpb", ".otlp", ".parquet", ".gz", ".zst")


def names_file(text: str) -> str | None:
    """The path or file: URL that the text is; None where it is none.

    What looks like a path counts although nothing is there: then the answer says that the file is missing.
    """
    path = text.strip()
    if not path or len(path) > LONGEST_PATH or not path.isprintable():
        return None
    if path.startswith("file:"):
        return path
    if "://" in path or path.startswith("<"):
        return None
    looks_like_path = path.lower().endswith(SUFFIXES) or ("/" in path and " " not in path)
    return path if looks_like_path or _exists(path) else None


async def explain_file(backend: Backend, asked: Asked) -> AnyReport:
    """The breakdown of the file's trace, or the choice between its slowest ones."""
    found = await backend.find_spans(ALL)
    asked = msgspec.structs.replace(asked, backend=backend.name)
    return await asyncio.to_thread(_report, found, asked)


def _exists(path: str) -> bool:
    try:
        return Path(path).expanduser().exists()
    except (OSError, RuntimeError):  # a name too long, a home that is not known
        return False


def _report(found: Found, asked: Asked) -> AnyReport:
    repaired = repair(found.spans)
    trace_ids = repaired.spans.trace_ids
    if not trace_ids:
        return _nothing(found, asked, repaired.health)
    if len(trace_ids) > 1:
        return _choice(found, repaired, asked)
    if asked.understood:
        understood = msgspec.structs.replace(asked.understood, trace_id=trace_ids[0])
        asked = msgspec.structs.replace(asked, understood=understood)
    report = break_down(repaired, trace_ids[0], asked)
    return with_reading(report, unreadable=found.unreadable, truncated=found.truncated, notes=found.notes)


def _nothing(found: Found, asked: Asked, health: TraceHealth) -> Breakdown:
    return Breakdown(
        question=asked.question,
        asked_at=asked.asked_at,
        backend=asked.backend,
        understood=asked.understood,
        headline=f"There are no spans in {asked.backend}.",
        confidence="none",
        notes=found.notes,
        health=msgspec.structs.replace(health, unreadable=found.unreadable, truncated=found.truncated),
        trace_id="",
    )


def _choice(found: Found, repaired: Repaired, asked: Asked) -> Choice:
    """The slowest traces first; among equals by id, so that the answer is the same every time."""
    spans = repaired.spans
    durations_ns = spans.duration_ns[spans.root_row]
    slowest = np.argsort(-durations_ns, kind="stable")[:MOST_CANDIDATES].tolist()
    health = msgspec.structs.replace(repaired.health, unreadable=found.unreadable, truncated=found.truncated)
    more = "; the slowest are these" if len(spans.trace_ids) > len(slowest) else ""
    return Choice(
        question=asked.question,
        asked_at=asked.asked_at,
        backend=asked.backend,
        understood=asked.understood,
        headline=f"There are {count_text(len(spans.trace_ids), 'trace')} in {asked.backend}{more}. Which one?",
        confidence="none",
        notes=found.notes,
        health=health,
        candidates=tuple(_candidate(repaired, trace, asked.question) for trace in slowest),
    )


def _candidate(repaired: Repaired, trace: int, file: str) -> Candidate:
    spans, root = repaired.spans, int(repaired.spans.root_row[trace])
    took = duration_text(int(spans.duration_ns[root]))
    n_spans = int(spans.trace_begin[trace + 1] - spans.trace_begin[trace])
    return Candidate(
        text=ask_command(spans.trace_ids[trace], file.strip()),
        why=f"{place_text(spans.service_name(root), spans.operation_name(root))} took {took}, {count_text(n_spans, 'span')}",
    )
