"""How operations and services did in a period, from one-minute histograms: what a store can tell without its spans."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from analyzers.minutes import OperationKey, histograms, renumbered
from analyzers.operation_names import grouped_remarks, shown_names
from analyzers.operations import MOST_ROWS, QUANTILES, left_out, operations_headline
from analyzers.report import OperationRow, Operations, Services
from analyzers.table import Kind
from analyzers.wording import share_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analyzers.arrays import BoolArray
    from analyzers.minutes import Histogram, OperationMinutes
    from analyzers.operation_names import Shown
    from analyzers.searched import Searched

Group = TypeVar("Group")

IN_MINUTES = (
    "from one-minute histograms: percentiles are good to 1 %, and the minutes at both ends count whole"
)
CALLED = frozenset({Kind.SERVER, Kind.CONSUMER})
CALLING = frozenset({Kind.CLIENT, Kind.PRODUCER})
NAMED_SERVICES = 3


def operations_in_minutes(
    minutes: OperationMinutes, searched: Searched, shown: Shown | None = None
) -> Operations:
    """Every operation of the scope, by side of the call; those that took most time altogether first.

    Endless ones, with ids in their names, are one.

    Args:
        minutes: the histograms.
        searched: what was asked.
        shown: what each operation is called, where more is known of that than these histograms tell.
    """
    received = names_in(minutes, searched)
    known = shown_names(received) if shown is None else shown
    named = {(service, name): known.get((service, name), name) for service, name in received}
    groups = [
        key._replace(operation=named.get((key.service, key.operation), key.operation))
        for key in minutes.operations
    ]
    found = _by_time(minutes, in_scope(minutes, searched), groups)
    rows = tuple(_row(key.service, key.operation, key.kind, histogram) for key, histogram in found)
    report = Operations(
        question=searched.asked.question,
        asked_at=searched.asked.asked_at,
        headline=operations_headline(rows, searched, "operation"),
        confidence="high",
        rows=rows[:MOST_ROWS],
    )
    remarks = (*_remarks(rows, found), *grouped_remarks(named))
    return searched.counted(report, spans_in(minutes, searched), *remarks)


def services_in_minutes(minutes: OperationMinutes, searched: Searched) -> Services:
    """Every service with what was asked of it: its SERVER and CONSUMER spans.

    Which spans of other kinds nobody in the service called, histograms do not tell: of a service that has no others,
    all those count that call nobody, else all.
    """
    entries, uncalled = _entries(minutes)
    found = _by_time(minutes, entries[minutes.operation], [key.service for key in minutes.operations])
    rows = tuple(_row(service, None, None, histogram) for service, histogram in found)
    report = Services(
        question=searched.asked.question,
        asked_at=searched.asked.asked_at,
        headline=operations_headline(rows, searched, "service"),
        confidence="high",
        rows=rows[:MOST_ROWS],
    )
    remarks = (*_not_exact(uncalled), *_remarks(rows, found))
    return searched.counted(report, spans_in(minutes, searched), *remarks)


def as_services(minutes: OperationMinutes) -> OperationMinutes:
    """What is asked of each service, as one operation without a name."""
    entries, _ = _entries(minutes)
    names = sorted({key.service for key in minutes.operations})
    number = {name: at for at, name in enumerate(names)}
    service = np.array([number[key.service] for key in minutes.operations], dtype=np.int32)
    return renumbered(
        minutes.take(entries[minutes.operation]), tuple(OperationKey(name, "", 0) for name in names), service
    )


def spans_in(minutes: OperationMinutes, searched: Searched) -> int:
    """How many spans were received of what is asked about."""
    return int(minutes.spans[in_scope(minutes, searched)].sum())


def names_in(minutes: OperationMinutes, searched: Searched) -> set[tuple[str, str]]:
    """(service, operation) of all that is asked about."""
    if not len(minutes):
        return set()
    present = np.unique(minutes.operation[in_scope(minutes, searched)]).tolist()
    return {(minutes.operations[at].service, minutes.operations[at].operation) for at in present}


def in_scope(minutes: OperationMinutes, searched: Searched) -> BoolArray:
    """Of each row, whether it is of an operation that is asked about."""
    scope = searched.scope
    inside = [
        scope.service in {None, key.service} and scope.operation in {None, key.operation}
        for key in minutes.operations
    ]
    return np.array(inside, dtype=np.bool_)[minutes.operation]


def _entries(minutes: OperationMinutes) -> tuple[BoolArray, list[str]]:
    """Of each operation, whether it is what others ask of its service; the services that nobody calls."""
    kinds: dict[str, set[int]] = {}
    for key in minutes.operations:
        kinds.setdefault(key.service, set()).add(key.kind)
    entry = {service: found & CALLED or found - CALLING or found for service, found in kinds.items()}
    uncalled = sorted(service for service, found in kinds.items() if not found & CALLED)
    return np.array([key.kind in entry[key.service] for key in minutes.operations], dtype=np.bool_), uncalled


def _by_time(
    minutes: OperationMinutes, wanted: BoolArray, groups: Sequence[Group]
) -> list[tuple[Group, Histogram]]:
    """The histogram of each group that the operations fall in: most time altogether first."""
    number = {group: at for at, group in enumerate(dict.fromkeys(groups))}
    names = list(number)
    group = np.array([number[one] for one in groups], dtype=np.int64)[minutes.operation]
    found = [(names[at], histogram) for at, histogram in histograms(minutes.take(wanted), group[wanted])]
    return sorted(found, key=lambda one: -one[1].total_ns)


def _row(service: str, operation: str | None, kind: int | None, histogram: Histogram) -> OperationRow:
    p50_ns, p95_ns, p99_ns = (histogram.quantile_ns(share) for share in QUANTILES)
    calls = float(histogram.calls.sum())
    return OperationRow(
        service=service,
        operation=operation,
        kind=None if kind is None else Kind(kind).name.lower(),
        calls=round(calls),
        error_ratio=float(histogram.errors.sum()) / calls if calls else 0.0,
        p50_ns=p50_ns,
        p95_ns=p95_ns,
        p99_ns=p99_ns,
    )


def _not_exact(uncalled: Sequence[str]) -> tuple[str, ...]:
    if not uncalled:
        return ()
    more = f" and {len(uncalled) - NAMED_SERVICES} more" if len(uncalled) > NAMED_SERVICES else ""
    return (
        f"nobody calls {', '.join(uncalled[:NAMED_SERVICES])}{more}: what they do within themselves is counted",
    )


def _remarks(rows: Sequence[OperationRow], found: Sequence[tuple[object, Histogram]]) -> tuple[str, ...]:
    """What to know of figures that were not read from spans."""
    if not rows:
        return ()
    calls = sum(float(histogram.calls.sum()) for _, histogram in found)
    spans = sum(int(histogram.spans.sum()) for _, histogram in found)
    sampled = (
        f"from {share_text(spans / calls)} sampled spans"
        if calls > spans
        else "a span that does not say how it was sampled counts once"
    )
    return (*left_out(rows), IN_MINUTES, sampled)
