"""The spans of a window as its landscape's instrumentation sends them: by its clocks, with what it says of kinds and statuses."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from analyzers.record import SpanRecord
from analyzers.table import Kind, Status

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from analyzers.record import LinkTo
    from benchmarks.simulator.landscape import Landscape

EPOCH_MS = 1_795_366_800_000
NS_IN_MS = 1_000_000


class Spans:
    """Opened and closed one by one."""

    def __init__(self, random: Random, landscape: Landscape, first_trace: int, begins_ms: float) -> None:
        self._random, self._view = random, landscape.view
        self._names = [one.name for one in landscape.members]
        self._clock_ms = [EPOCH_MS + begins_ms + skew for skew in landscape.clock_ms]
        self._resources = [
            [(("k8s.pod.name", f"{one.name}-{pod}"),) for pod in range(one.pods)] for one in landscape.members
        ]
        self._records: list[SpanRecord] = []
        self._trace, self._begun_at = first_trace, 0
        self._links: tuple[LinkTo, ...] = ()

    @property
    def trace_id(self) -> str:
        return f"{self._trace:032x}"

    @property
    def in_trace(self) -> int:
        """How many spans the trace has so far."""
        return len(self._records) - self._begun_at

    def begin_trace(self) -> None:
        self._trace += 1
        self._begun_at = len(self._records)

    @contextmanager
    def trace_of_its_own(self, link: LinkTo) -> Iterator[None]:
        """Spans opened meanwhile are of another trace, whose root is linked to this one."""
        trace = self._trace
        self._trace, self._links = trace + (1 << 64), (link,)
        yield
        self._trace = trace

    def open(self, service: int, pod: int, name: str, at_ms: float, parent: int, kind: Kind) -> int:
        """Row of a new span; its end is told later."""
        row = len(self._records)
        self._records.append(
            SpanRecord(
                trace_id=self.trace_id,
                span_id=row + 1,
                parent_id=parent,
                service=self._names[service],
                operation=name,
                kind=kind if self._view.kinds else Kind.UNSPECIFIED,
                status=Status.UNSET,
                start_ns=self._granules((at_ms + self._clock_ms[service]) * NS_IN_MS),
                duration_ns=service,
                resource=self._resources[service][pod],
                links=self._links,
            )
        )
        self._links = ()
        return row

    def close(self, row: int, at_ms: float, *, failed: bool) -> None:
        record = self._records[row]
        # Until now the field held the service's number, whose clock tells the end.
        end_ns = self._granules((at_ms + self._clock_ms[record.duration_ns]) * NS_IN_MS)
        record.duration_ns = max(end_ns - record.start_ns, 0)
        if failed and self._view.statuses:
            record.status = Status.ERROR

    def id_of(self, row: int) -> int:
        return self._records[row].span_id

    def arrived(self) -> list[SpanRecord]:
        """What was not lost on its way."""
        lost = self._view.lost
        return [one for one in self._records if not one.parent_id or self._random.random() >= lost]

    def _granules(self, time_ns: float) -> int:
        granule = self._view.granule_ns
        return int(time_ns) // granule * granule
