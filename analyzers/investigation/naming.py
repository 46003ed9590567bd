"""Operations by names that both cohorts share; endless ones, with ids in them, by what they have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analyzers.operation_names import shown_names

if TYPE_CHECKING:
    from analyzers.arrays import Int64Array
    from analyzers.table import SpanTable


@dataclass(frozen=True)
class Names:
    """Services and operations of both cohorts, in order, so that codes mean the same in each."""

    services: tuple[str, ...]
    operations: tuple[tuple[str, str], ...]
    """(service, operation), sorted."""
    service_of: Int64Array
    """Code of each operation's service."""
    shown: dict[tuple[str, str], str]
    """The template that stands for an operation as received."""

    def codes(self, spans: SpanTable) -> Int64Array:
        """The operation of each span, shape (n_spans,)."""
        pair = spans.service.astype(np.int64) * max(1, len(spans.operations)) + spans.operation
        seen, at = np.unique(pair, return_inverse=True)
        known = {key: number for number, key in enumerate(self.operations)}
        codes = [known[service, self.shown[service, name]] for service, name in _pairs(spans, seen)]
        return np.array(codes, dtype=np.int64)[at] if codes else np.zeros(0, dtype=np.int64)


def names_of(*tables: SpanTable) -> Names:
    """The names that occur in these tables."""
    received: set[tuple[str, str]] = set()
    for spans in tables:
        pair = spans.service.astype(np.int64) * max(1, len(spans.operations)) + spans.operation
        received.update(_pairs(spans, np.unique(pair)))
    shown = shown_names(received)
    operations = tuple(sorted({(service, template) for (service, _), template in shown.items()}))
    services = tuple(sorted({service for service, _ in operations}))
    code = {service: number for number, service in enumerate(services)}
    return Names(
        services=services,
        operations=operations,
        service_of=np.array([code[service] for service, _ in operations], dtype=np.int64),
        shown=shown,
    )


def _pairs(spans: SpanTable, codes: Int64Array) -> list[tuple[str, str]]:
    width = max(1, len(spans.operations))
    return [(spans.services[code // width], spans.operations[code % width]) for code in codes.tolist()]
