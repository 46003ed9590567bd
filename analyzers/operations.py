"""How operations and services did in a period: calls, errors, quantiles of duration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analyzers.entries import entries
from analyzers.operation_names import grouped_remarks, shown_names
from analyzers.report import OperationRow, Operations, Services
from analyzers.sampling import trace_weights
from analyzers.table import Kind, Status
from analyzers.wording import count_text, duration_text, place_text, share_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analyzers.arrays import BoolArray, Float64Array, Int32Array, Int64Array
    from analyzers.operation_names import Shown
    from analyzers.repair import Repaired
    from analyzers.searched import Searched
    from analyzers.table import SpanTable

MOST_ROWS = 500
QUANTILES = (0.5, 0.95, 0.99)


@dataclass(frozen=True)
class Figures:
    """One group of spans in numbers."""

    first_row: int
    calls: float
    errors: float
    total_ns: float
    quantiles_ns: tuple[int, ...]


def list_operations(repaired: Repaired, searched: Searched, shown: Shown | None = None) -> Operations:
    """Every operation that ran in the period, by side of the call; those that took most time altogether first.

    Endless ones, with ids in their names, are one.

    Args:
        repaired: the spans.
        searched: what was asked.
        shown: what each operation is called, where more is known of that than these spans tell.
    """
    spans, asked = repaired.spans, searched.asked
    wanted = np.flatnonzero(_in_period(spans, searched))
    named, operation = _named_operations(spans, wanted, shown)
    names = sorted(set(named.values()))
    number = {name: at for at, name in enumerate(names)}
    key = np.zeros(len(spans), dtype=np.int64)
    key[wanted] = np.array([number[name] for name in named.values()], dtype=np.int64)[operation]
    key = key * 8 + spans.kind
    found = figures(spans, wanted, key)
    rows = tuple(_row(spans, one, names[int(key[one.first_row]) // 8][1]) for one in found)
    remarks = (*left_out(rows), *grouped_remarks({received: name for received, (_, name) in named.items()}))
    report = Operations(
        question=asked.question,
        asked_at=asked.asked_at,
        headline=operations_headline(rows, searched, "operation"),
        confidence="high",
        rows=rows[:MOST_ROWS],
    )
    return searched.complete(report, repaired, *remarks) if rows else searched.empty(report)


def list_services(repaired: Repaired, searched: Searched) -> Services:
    """Every service with what was asked of it from outside: spans that are not called by the service itself."""
    spans, asked = repaired.spans, searched.asked
    wanted = _in_period(spans, searched) & entries(spans)
    found = figures(spans, np.flatnonzero(wanted), spans.service.astype(np.int64))
    rows = tuple(_row(spans, one, None) for one in found)
    report = Services(
        question=asked.question,
        asked_at=asked.asked_at,
        headline=operations_headline(rows, searched, "service"),
        confidence="high",
        rows=rows[:MOST_ROWS],
    )
    return searched.complete(report, repaired, *left_out(rows)) if rows else searched.empty(report)


def figures(spans: SpanTable, rows: Int64Array, key: Int64Array) -> list[Figures]:
    """The groups of these rows that share a key: most time altogether first, then by key.

    A quantile is the shortest duration that at least that share of the adjusted spans do not exceed.
    """
    if not len(rows):
        return []
    rows = rows[np.lexsort((spans.duration_ns[rows], key[rows]))]
    keys, duration_ns = key[rows], spans.duration_ns[rows]
    weight = spans.adjusted_count[rows]
    # Some instrumentations say it on the root alone.
    weight = np.where(np.isnan(weight), trace_weights(spans)[spans.trace[rows]], weight)
    begin = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    calls = np.add.reduceat(weight, begin)
    errors = np.add.reduceat(weight * (spans.status[rows] == Status.ERROR), begin)
    total_ns = np.add.reduceat(weight * duration_ns, begin)
    ends = np.r_[begin[1:], len(rows)]
    found = [
        Figures(
            first_row=int(rows[first]),
            calls=float(calls[number]),
            errors=float(errors[number]),
            total_ns=float(total_ns[number]),
            quantiles_ns=_quantiles(duration_ns[first:last], weight[first:last]),
        )
        for number, (first, last) in enumerate(zip(begin.tolist(), ends.tolist(), strict=True))
    ]
    return sorted(found, key=lambda one: (-one.total_ns, int(key[one.first_row])))


def _quantiles(duration_ns: Int64Array, weight: Float64Array) -> tuple[int, ...]:
    """Of durations in order."""
    reached = np.cumsum(weight)
    # A hair below, since sums of weights such as 10/3 do not come out even.
    wanted = np.array(QUANTILES) * reached[-1] * (1 - 1e-12)
    at = np.minimum(np.searchsorted(reached, wanted), len(duration_ns) - 1)
    return tuple(duration_ns[at].tolist())


def _in_period(spans: SpanTable, searched: Searched) -> BoolArray:
    """Rows within the window and the scope; whole traces came, which reach beyond both."""
    wanted = (spans.start_ns >= searched.start_ns) & (spans.start_ns < searched.end_ns)
    if searched.scope.service is not None:
        wanted &= _named(spans.service, spans.services, searched.scope.service)
    if searched.scope.operation is not None:
        wanted &= _named(spans.operation, spans.operations, searched.scope.operation)
    result: BoolArray = wanted
    return result


def _named(codes: Int32Array, names: Sequence[str], name: str) -> BoolArray:
    result: BoolArray = codes == (names.index(name) if name in names else -1)
    return result


def _named_operations(
    spans: SpanTable, rows: Int64Array, shown: Shown | None
) -> tuple[dict[tuple[str, str], tuple[str, str]], Int64Array]:
    """What each operation of these rows is called, by (service, name), and which of these each row is of."""
    width = max(1, len(spans.operations))
    seen, operation = np.unique(
        spans.service[rows].astype(np.int64) * width + spans.operation[rows], return_inverse=True
    )
    received = [(spans.services[code // width], spans.operations[code % width]) for code in seen.tolist()]
    known = shown_names(received) if shown is None else shown
    named = {(service, name): (service, known.get((service, name), name)) for service, name in received}
    return named, operation


def _row(spans: SpanTable, one: Figures, operation: str | None) -> OperationRow:
    """Of a service, without an operation."""
    p50_ns, p95_ns, p99_ns = one.quantiles_ns
    return OperationRow(
        service=spans.service_name(one.first_row),
        operation=operation,
        kind=None if operation is None else Kind(int(spans.kind[one.first_row])).name.lower(),
        calls=round(one.calls),
        error_ratio=one.errors / one.calls,
        p50_ns=p50_ns,
        p95_ns=p95_ns,
        p99_ns=p99_ns,
    )


def operations_headline(rows: Sequence[OperationRow], searched: Searched, noun: str) -> str:
    """How many there are, the slowest, and the one that fails most."""
    if not rows:
        return searched.nothing()
    of = f" of {searched.place.strip()}" if searched.place else ""
    number = f"{count_text(len(rows), noun)}{of} ran {searched.when}"
    slowest = max(rows, key=lambda row: (row.p95_ns, row.service, row.operation or ""))
    failing = max(rows, key=lambda row: (row.error_ratio, row.service, row.operation or ""))
    text = f"{number}; the slowest is {_name(slowest)}, p95 {duration_text(slowest.p95_ns)}"
    if failing.error_ratio:
        text += f"; {_name(failing)} fails most, {share_text(failing.error_ratio)} of its calls"
    return f"{text}."


def _name(row: OperationRow) -> str:
    return place_text(row.service, row.operation)


def left_out(rows: Sequence[OperationRow]) -> tuple[str, ...]:
    """How many rows do not stand in the answer, if any."""
    if len(rows) <= MOST_ROWS:
        return ()
    return (f"{len(rows) - MOST_ROWS:,} more, which took less time altogether, are left out",)
