"""Requests through a simulated system, as the spans that its instrumentation sends."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analyzers.record import SpanRecord
from analyzers.table import Kind as SpanKind
from analyzers.table import Status
from benchmarks.simulator.fault import Kind
from benchmarks.simulator.system import Way

if TYPE_CHECKING:
    from random import Random

    from benchmarks.simulator.fault import Fault
    from benchmarks.simulator.system import Call, Operation, System

EPOCH_MS = 1_795_366_800_000.0
MOST_SPANS = 400
"""Of one request; loops within loops grow quickly."""
NS_IN_MS = 1_000_000


@dataclass
class Window:
    """The spans of a period, and what every request took, whether it was kept or not."""

    records: list[SpanRecord]
    durations_ms: list[float]


def simulate(random: Random, system: System, faults: tuple[Fault, ...], requests: int, first: int) -> Window:
    """So many kept requests; `first` numbers the traces."""
    window = Window([], [])
    mix = [weight * random.uniform(0.5, 1.5) for weight in system.traffic]
    kept = 0
    while kept < requests:
        run = _Run(random, system, faults, f"{first + kept:032x}")
        entry = random.choices(range(len(mix)), mix)[0]
        start = EPOCH_MS + random.uniform(0, 600_000)
        end, _ = run.operation(0, entry, start, parent=0)
        window.durations_ms.append(end - start)
        window.records += [
            one for one in run.records if random.random() >= system.seen.missing or not one.parent_id
        ]
        kept += 1
    return window


class _Run:
    """One request."""

    def __init__(self, random: Random, system: System, faults: tuple[Fault, ...], trace_id: str) -> None:
        self._random, self._system, self._faults, self._trace_id = random, system, faults, trace_id
        self.records: list[SpanRecord] = []

    def operation(self, service: int, operation: int, start: float, parent: int) -> tuple[float, bool]:
        """(end, failed) of one run of an operation that begins at start."""
        one = self._system.services[service][operation]
        row = self._open(service, one.name, start, parent, SpanKind.SERVER)
        own = self._own_ms(service, operation, one)
        steps = len(one.calls) + 1
        at, beside = start, start
        failed = self._fails(service, operation)
        if failed:
            at += own / steps
        else:
            at = self._inner(service, one, row, at, own / steps)
            for number, call in enumerate(one.calls):
                end, call_failed = self._calls(service, operation, number, call, at, row)
                if call.parallel:
                    beside = max(beside, end)
                else:
                    at = end
                at += own / steps
                if call_failed:
                    failed = True
                    break
        end = max(at, beside)
        self._close(row, end, failed=failed)
        return end, failed

    def _inner(self, service: int, one: Operation, row: int, at: float, time: float) -> float:
        if one.inner:
            inner = self._open(
                service, f"{one.name} prepare", at, self.records[row].span_id, SpanKind.INTERNAL
            )
            self._close(inner, at + 0.8 * time, failed=False)
        return at + time

    def _calls(
        self, service: int, operation: int, number: int, call: Call, at: float, row: int
    ) -> tuple[float, bool]:
        """(end, failed) of one line of code, however often it loops."""
        if self._random.random() >= call.chance:
            return at, False
        times = 1 if call.loops == 1 else 1 + round(self._random.expovariate(1 / (call.loops - 1)))
        for fault in self._at(Kind.MORE_CALLS, service, operation):
            times = round(times * fault.strength) if fault.call == number else times
        parent = self.records[row].span_id
        for _ in range(times):
            if len(self.records) >= MOST_SPANS:
                break
            at, failed = self._one_call(service, operation, number, call, at, parent)
            if failed:
                return at, True
        return at, False

    def _one_call(
        self, service: int, operation: int, number: int, call: Call, at: float, parent: int
    ) -> tuple[float, bool]:
        if call.target is None:
            return self._query(service, operation, number, call, at, parent), False
        seen = self._system.seen
        callee, called = call.target
        queue = call.way is Way.QUEUE
        if seen.client_spans or queue:
            kind = SpanKind.PRODUCER if queue else SpanKind.CLIENT
            row = self._open(service, call.name, at, parent, kind)
            parent = self.records[row].span_id
        wait = sum(f.strength for f in self._at(Kind.POOL_WAIT, service, operation) if f.call == number)
        if queue:
            self._close(row, at + 0.3, failed=False)
            self.operation(
                callee, called, at + 0.3 + self._wire(service, callee) + self._random.uniform(1, 20), parent
            )
            return at + 0.3, False
        end, failed = self.operation(callee, called, at + wait + self._wire(service, callee), parent)
        end += self._wire(service, callee)
        if seen.client_spans:
            self._close(row, end, failed=failed)
        return end, failed

    def _query(self, service: int, operation: int, number: int, call: Call, at: float, parent: int) -> float:
        row = self._open(service, call.name, at, parent, SpanKind.CLIENT)
        time = call.time_ms * self._random.lognormvariate(0, 0.4)
        for fault in self._at(Kind.SLOW_DATABASE, service, operation):
            time *= fault.strength if fault.call == number else 1
        self._close(row, at + time, failed=False)
        return at + time

    def _own_ms(self, service: int, operation: int, one: Operation) -> float:
        own = one.own_ms * self._random.lognormvariate(0, one.spread)
        own += sum(
            f.strength * self._random.uniform(0.7, 1.3) for f in self._at(Kind.OWN_CODE, service, operation)
        )
        for fault in self._at(Kind.CPU, service):
            own *= fault.strength
        return own

    def _wire(self, caller: int, callee: int) -> float:
        wire = self._system.wire_ms * self._random.lognormvariate(0, 0.5)
        for fault in self._faults:
            if fault.kind is Kind.NETWORK and fault.service in (caller, callee):
                wire += fault.strength * self._random.uniform(0.8, 1.2)
            if fault.kind is Kind.CPU and fault.service in (caller, callee):
                wire *= 1 + (fault.strength - 1) * 0.5
        return wire

    def _fails(self, service: int, operation: int) -> bool:
        return any(self._random.random() < f.strength for f in self._at(Kind.ERRORS, service, operation))

    def _at(self, kind: Kind, service: int, operation: int | None = None) -> list[Fault]:
        return [
            one
            for one in self._faults
            if one.kind is kind
            and one.service == service
            and (operation is None or one.operation == operation)
        ]

    def _open(self, service: int, name: str, at: float, parent: int, kind: SpanKind) -> int:
        """Row of a new span; its end is told later."""
        system, seen = self._system, self._system.seen
        weight = 1 / seen.sampled if seen.says_weight else math.nan
        self.records.append(
            SpanRecord(
                trace_id=self._trace_id,
                span_id=len(self.records) + 1,
                parent_id=parent,
                service=system.names[service],
                operation=name,
                kind=kind if seen.kinds else SpanKind.UNSPECIFIED,
                status=Status.UNSET,
                start_ns=round((at + system.clock_ms[service]) * NS_IN_MS),
                duration_ns=0,
                resource=(("host.name", system.names[service]),),
                adjusted_count=weight,
            )
        )
        return len(self.records) - 1

    def _close(self, row: int, end: float, *, failed: bool) -> None:
        record = self.records[row]
        service = self._system.names.index(record.service)
        end_ns = round((end + self._system.clock_ms[service]) * NS_IN_MS)
        record.duration_ns = max(end_ns - record.start_ns, 0)
        if failed and self._system.seen.statuses:
            record.status = Status.ERROR
