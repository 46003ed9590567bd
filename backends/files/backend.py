"""The backend over trace files."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analyzers.builder import build_table
from backends.errors import CannotAsk, UnreadableFile
from backends.files.limits import Limits
from backends.files.loading import load, signature_of
from backends.files.summary import summarise
from backends.files.wording import shown
from backends.interface import Capabilities, Found
from backends.matching import newest_match_ns, newest_traces, of_traces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analyzers.minutes import OperationMinutes
    from analyzers.record import SpanRecord
    from backends.files.loading import Loaded, Signature
    from backends.files.summary import TraceSummary
    from backends.interface import MinutesQuery, Progress, SpanQuery

NO_LIMITS_BUT_OURS = Limits()
SMALL_BYTES = 16_000_000
"""On the disk: files of this size are read whole also for one trace, so that others may be asked for beside it."""
CAPABILITIES = Capabilities(
    list_services=True,
    search=True,
    search_without_service=True,
    search_attributes=True,
    search_errors=True,
    search_duration=True,
    exhaustive_search=True,
    whole_periods=True,
)


class FilesBackend:
    """Reads the files behind a path or pattern each time it is asked, in a thread: what is on the disk counts."""

    def __init__(
        self, pattern: str, limits: Limits = NO_LIMITS_BUT_OURS, progress: Progress | None = None
    ) -> None:
        self._pattern = pattern
        self._limits = limits
        self._progress = progress
        self._read: tuple[Signature, Loaded] | None = None

    @property
    def name(self) -> str:
        return f"file:{shown(self._pattern)}"

    @property
    def capabilities(self) -> Capabilities:
        return replace(CAPABILITIES, like_traces=self._is_small())

    async def find_trace(self, trace_id: str) -> Found:
        def find() -> Found:
            if self._is_small():
                loaded = self._load()
                return _found(loaded, of_traces(loaded.spans(), {trace_id}))
            loaded = load(self._pattern, self._limits, self._progress, trace_id)
            return _found(loaded, loaded.spans())

        return await asyncio.to_thread(find)

    async def find_spans(self, query: SpanQuery) -> Found:
        def find() -> Found:
            loaded = self._load()
            spans = loaded.spans()
            newest_ns = newest_match_ns(spans, query)
            chosen = newest_traces(newest_ns, query.limit)
            if len(newest_ns) > len(chosen):
                loaded.truncated = True
                loaded.note(f"Only the newest {len(chosen)} of {len(newest_ns)} matching traces were taken.")
            return _found(loaded, of_traces(spans, chosen))

        return await asyncio.to_thread(find)

    async def services(self) -> tuple[str, ...]:
        loaded = await asyncio.to_thread(self._load)
        return tuple(sorted(loaded.spans().service.used()))

    async def operations(self, service: str) -> tuple[str, ...]:
        loaded = await asyncio.to_thread(self._load)
        spans = loaded.spans()
        rows = np.flatnonzero(spans.service.among({service}))
        return tuple(sorted(spans.operation[rows].used()))

    async def traces(self, limit: int) -> tuple[TraceSummary, ...]:
        """The longest traces in the files, for asking back which one is meant."""

        def find() -> tuple[TraceSummary, ...]:
            return summarise(self._load().spans(), limit)

        return await asyncio.to_thread(find)

    async def minutes(self, query: MinutesQuery) -> OperationMinutes:  # noqa: ARG002 - the protocol's name
        raise CannotAsk(f"{self.name} keeps no histograms.", "Read its spans instead.")

    async def aclose(self) -> None:
        """Forgets what was read."""
        self._read = None

    def _is_small(self) -> bool:
        try:
            sizes = [size for _, size, _ in signature_of(self._pattern, self._limits)]
        except UnreadableFile:
            return False
        return sum(sizes) <= SMALL_BYTES

    def _load(self) -> Loaded:
        """What the files hold, read again where they changed: one question asks several times."""
        signature = signature_of(self._pattern, self._limits)
        if self._read is None or self._read[0] != signature:
            self._read = None  # before, so that never two are held
            self._read = signature, load(self._pattern, self._limits, self._progress)
        loaded = self._read[1]
        return replace(loaded, parts=list(loaded.parts), notes=list(loaded.notes))


def _found(loaded: Loaded, records: Sequence[SpanRecord]) -> Found:
    return Found(
        spans=build_table(records),
        truncated=loaded.truncated,
        unreadable=loaded.unreadable,
        notes=loaded.all_notes(),
    )
