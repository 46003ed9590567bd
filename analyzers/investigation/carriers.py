"""Which requests carry which values: attributes of the entry, and of the suspect's spans and processes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from numpy.typing import NDArray

    from analyzers.arrays import Int64Array
    from analyzers.investigation.cohort import Cohort

REQUEST = "request"
FEWEST_CARRIERS = 5
"""A value that fewer requests carry explains nothing, and ids are such values."""
MOST_SPANS_READ = 20_000
MOST_VALUES = 2_000
LONGEST_VALUE = 120
MEASUREMENTS = (
    "duration",
    "elapsed",
    "latency",
    "_ms",
    "_ns",
    "timestamp",
    "otel.scope",
    "thread.",
    "telemetry.",
)
"""In keys that say how long something took, or what wrote the span: consequences, or nothing at all."""


class Value(NamedTuple):
    """One value of one attribute, and whose it is: a service, or `request` for the entry span."""

    where: str
    key: str
    value: str


@dataclass(frozen=True)
class Carriers:
    """Which requests carry each value."""

    values: tuple[Value, ...]
    carries: NDArray[np.bool_]
    """Shape (n_values, n_requests)."""

    def without(self, left_out: Container[Value]) -> Carriers:
        """All but some values."""
        kept = [number for number, value in enumerate(self.values) if value not in left_out]
        return Carriers(tuple(self.values[number] for number in kept), self.carries[kept])


def carriers_of(cohort: Cohort, service: str | None) -> Carriers:
    """Values that several requests carry, but not all; with a service its spans' and processes' too."""
    found: dict[Value, set[int]] = {}
    for request, value in _carried(cohort, service):
        found.setdefault(value, set()).add(request)
    n_requests = len(cohort)
    kept = sorted(value for value, requests in found.items() if FEWEST_CARRIERS <= len(requests) < n_requests)
    kept = sorted(kept, key=lambda value: -len(found[value]))[:MOST_VALUES]
    carries = np.zeros((len(kept), n_requests), dtype=np.bool_)
    for number, value in enumerate(kept):
        carries[number, list(found[value])] = True
    return Carriers(tuple(kept), carries)


def _carried(cohort: Cohort, service: str | None) -> Iterator[tuple[int, Value]]:
    spans = cohort.spans
    for row in _spread(spans.root_row.astype(np.int64)).tolist():
        for key, value in spans.details.attributes(row).items():
            if _telling(key, value):
                yield int(spans.trace[row]), Value(REQUEST, key, value)
    if service is None or service not in spans.services:
        return
    mine = np.flatnonzero(spans.service == spans.services.index(service))
    for row in _spread(mine).tolist():
        request = int(spans.trace[row])
        for key, value in spans.details.attributes(row).items():
            if _telling(key, value):
                yield request, Value(service, key, value)
    pairs = np.unique(spans.resource[mine].astype(np.int64) * (len(cohort) + 1) + spans.trace[mine])
    for code, request in zip(
        (pairs // (len(cohort) + 1)).tolist(), (pairs % (len(cohort) + 1)).tolist(), strict=True
    ):
        for key, value in spans.resources[code]:
            if _telling(key, value) and key != "service.name":
                yield request, Value(service, key, value)


def _spread(rows: Int64Array) -> Int64Array:
    """At most so many of the rows, evenly from all of them."""
    return rows[:: max(1, -(-len(rows) // MOST_SPANS_READ))]


def _telling(key: str, value: str) -> bool:
    return len(value) <= LONGEST_VALUE and not any(part in key.lower() for part in MEASUREMENTS)
