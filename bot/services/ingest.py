"""Trace files into a store."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from backends.embedded.refusal import StoreBusy
from backends.errors import UnreadableFile
from backends.files.content import read_parts, what_is_missing
from backends.files.decompression import Content
from backends.files.limits import Limits
from backends.files.paths import find_files
from backends.files.wording import shown, unreadable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from analyzers.record import SpanRecord
    from backends.embedded.kept import Kept
    from backends.interface import Progress

AT_A_TIME = 5_000
"""Spans handed over at once: enough for quick writing, few enough for any queue."""
LIMITS = Limits()
NOTES_KEPT = 20


class Keeper(Protocol):
    """Keeps spans."""

    async def keep(self, records: Sequence[SpanRecord]) -> Kept: ...


@dataclass
class Ingested:
    """What became of the files."""

    files: int = 0
    spans: int = 0
    unreadable: int = 0
    expired: int = 0
    """Spans that are older than the store keeps any."""
    shortened: int = 0
    """Spans of which something was too long to be kept whole."""
    kept_since_ns: int = 0
    notes: list[str] = field(default_factory=list)

    def note(self, sentence: str) -> None:
        if len(self.notes) < NOTES_KEPT:
            self.notes.append(sentence)


async def ingest(
    pattern: str,
    store: Keeper,
    progress: Progress | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    kept_since_ns: int = 0,
) -> Ingested:
    """Load the file, folder or pattern. Of several files, those that hold no traces are noted.

    Spans that began before `kept_since_ns` are loaded too, and counted: the store is to remove them.

    Raises:
        UnreadableFile: there are none, or none of them holds traces.
        BackendError: the store does not keep them; what was handed over before stays.
    """
    files = await asyncio.to_thread(find_files, pattern, LIMITS.max_files)
    done, refusal = Ingested(kept_since_ns=kept_since_ns), None
    sizes = [path.stat().st_size for path in files.paths]
    for number, path in enumerate(files.paths):
        told = _teller(progress, path, sum(sizes[:number]), sum(sizes))
        try:
            await _ingest_file(path, store, told, done, sleep)
            done.files += 1
        except UnreadableFile as exc:
            refusal = exc
            done.note(f"Skipped: {exc.problem}")
    if refusal and not done.files:
        raise refusal
    if files.more:
        done.note(f"Only the first {LIMITS.max_files:,} files of {shown(pattern)} were read.")
    return done


def _teller(progress: Progress | None, path: Path, before: int, total: int) -> Callable[[int], None]:
    if progress is None:
        return lambda _taken: None
    return lambda taken: progress(f"Loading {shown(path.name)}", before + taken, total)


async def _ingest_file(
    path: Path,
    store: Keeper,
    told: Callable[[int], None],
    done: Ingested,
    sleep: Callable[[float], Awaitable[None]],
) -> None:
    parts = read_parts(Content(path, LIMITS, told), LIMITS)
    waiting: list[SpanRecord] = []
    before, reasons, cut_off = done.spans, list[str](), False
    while part := await asyncio.to_thread(next, parts, None):
        done.unreadable += part.decoded.unreadable + bool(part.refusal)
        for reason in (part.refusal, *part.decoded.reasons):
            if reason:
                reasons.append(reason)
                done.note(f"{part.where(shown(path.name))}: left out: {reason}.")
        cut_off = cut_off or part.cut_off
        waiting += part.decoded.records
        if len(waiting) >= AT_A_TIME:
            await _keep(waiting, store, done, sleep)
            waiting = []
    await _keep(waiting, store, done, sleep)
    if cut_off:
        done.note(what_is_missing(shown(path.name)))
    if done.spans > before:
        return
    if reasons:
        raise unreadable(path, f"none of its spans can be used: {reasons[0]}", "Check what wrote it.")
    done.note(f"{shown(path.name)} holds no spans.")


async def _keep(
    records: list[SpanRecord], store: Keeper, done: Ingested, sleep: Callable[[float], Awaitable[None]]
) -> None:
    for begin in range(0, len(records), AT_A_TIME):
        some = records[begin : begin + AT_A_TIME]
        while True:
            try:
                kept = await store.keep(some)
                break
            except StoreBusy as exc:
                await sleep(exc.retry_after_s)
        done.spans += len(some)
        done.shortened += kept.shortened
        done.expired += sum(record.start_ns < done.kept_since_ns for record in some)
