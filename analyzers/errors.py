"""The failures of a trace, and where they began."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analyzers.asynchrony import waited_for
from analyzers.failure import failure_of
from analyzers.report import SpanError
from analyzers.table import NO_PARENT, Kind, Status

if TYPE_CHECKING:
    from analyzers.arrays import BoolArray
    from analyzers.failure import Failure
    from analyzers.report_base import Role
    from analyzers.table import SpanTable

MOST_ERRORS = 200
"""Spans told of; a trace with more failures is understood from the first ones. Origins come first."""
MOST_READ = 5_000
"""Failed spans whose attributes are read; in a larger failure the rest are taken for what their children make them."""

ROLES: tuple[Role, ...] = ("origin", "propagated", "handled")


def find_errors(spans: SpanTable, trace: int = 0, waited: BoolArray | None = None) -> tuple[SpanError, ...]:
    """The failures of one trace: origins first, of these the ones that reach the root, then by start; at most `MOST_ERRORS`.

    Where the root failed, the first one is thus why: the root itself, if nothing that failed beneath it came so far.

    A failed span without a failed child is an origin; with one, it passed the failure on. A span that did not fail over
    a failed child handled it. Only children that were waited for count: nobody fails or copes because of the others.

    - A cancelled span under a failed one that timed out, was itself cancelled, or has another failed child, is a
      victim: whoever gave it up had failed already. It counts as "propagated" (the failure came to it, though from above),
      and does not make its parent anything but an origin.
    - An INTERNAL span without a status, between a failed caller and a failed callee of its own service, has
      not handled anything: most instrumentations never set a status there. It is passed over.
    """
    rows = range(*(int(row) for row in spans.trace_begin[trace : trace + 2]))
    roles = Roles(spans, rows, waited_for(spans) if waited is None else waited)
    found = roles.found()
    reaching = roles.reaching(int(spans.root_row[trace]))
    ranked = sorted(
        (ROLES.index(role), row not in reaching, int(spans.start_ns[row]), row) for row, role in found
    )
    return tuple(
        _span_error(spans, row, ROLES[rank], roles.failure(row), victim=row in roles.victims)
        for rank, _, _, row in ranked[:MOST_ERRORS]
    )


class Roles:
    """Decides the roles within a trace, or within several whose rows stand together."""

    def __init__(self, spans: SpanTable, rows: range, waited: BoolArray, most_read: int = MOST_READ) -> None:
        self._spans = spans
        self._known: dict[int, Failure] = {}
        self._children: dict[int, list[int]] = {}
        self._real: dict[int, bool] = {}
        failed = np.flatnonzero(spans.status[rows.start : rows.stop] == Status.ERROR)
        self._failed: list[int] = (rows.start + failed).tolist()
        self._errored = set(self._failed)
        self._waited = waited
        self.victims: set[int] = set()
        """Those given up by whoever called them, once all are found."""
        self._read = set(self._failed[:most_read])

    def failure(self, row: int) -> Failure:
        if row not in self._known:
            self._known[row] = failure_of(self._spans, row)
        return self._known[row]

    def found(self) -> list[tuple[int, Role]]:
        """Every row with a role."""
        for row in self._failed:
            if (parent := self._blamed_parent(row)) is not None:
                self._children.setdefault(parent, []).append(row)
        self.victims = {row for row in self._failed if row in self._read and self._is_victim(row)}
        failed = [(row, self._role_of_failed(row)) for row in self._failed]
        return failed + [(row, ROLES[2]) for row in self._children if row not in self._errored]

    def reaching(self, root: int) -> set[int]:
        """The failed rows whose failure came up to this root, itself included; once all roles are found."""
        reaching: set[int] = set()
        waiting = [root] if root in self._errored else []
        while waiting:
            row = waiting.pop()
            reaching.add(row)
            waiting += [child for child in self._children.get(row, ()) if child not in self.victims]
        return reaching

    def _blamed_parent(self, row: int) -> int | None:
        """Whom a failure reaches: the parent that waited, beyond a span that merely stands between."""
        parent = int(self._spans.parent_row[row])
        if parent == NO_PARENT or not self._waited[row]:
            return None
        above = int(self._spans.parent_row[parent])
        stands_between = (
            parent not in self._errored
            and above in self._errored
            and self._spans.kind[parent] == Kind.INTERNAL
            and self._spans.status[parent] == Status.UNSET
            and self._spans.service[parent] == self._spans.service[above]
        )
        return above if stands_between and self._waited[parent] else parent

    def _is_victim(self, row: int) -> bool:
        parent = self._blamed_parent(row)
        if parent not in self._errored or not self.failure(row).cancelled:
            return False
        above = self.failure(parent)
        return above.timed_out or above.cancelled or self._has_real_failure(parent)

    def _has_real_failure(self, parent: int) -> bool:
        """Whether a child failed by itself."""
        if parent not in self._real:
            read = [child for child in self._children[parent] if child in self._read]
            self._real[parent] = any(not self.failure(child).cancelled for child in read)
        return self._real[parent]

    def _role_of_failed(self, row: int) -> Role:
        if row in self.victims:
            return "propagated"
        causes = [child for child in self._children.get(row, ()) if child not in self.victims]
        return "propagated" if causes else "origin"


def _span_error(spans: SpanTable, row: int, role: Role, failure: Failure, *, victim: bool) -> SpanError:
    return SpanError(
        span_id=spans.span_hex(row),
        service=spans.service_name(row),
        operation=spans.operation_name(row),
        role=role,
        victim=victim,
        type=failure.type,
        message=failure.message,
    )
