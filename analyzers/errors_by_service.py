"""What failed in a period: by the service in which it began, and by what was said there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import msgspec
import numpy as np

from analyzers.asynchrony import asynchronous_edges, waited_for
from analyzers.breakdown import rfc3339
from analyzers.errors import ROLES, Roles
from analyzers.message_template import message_templates
from analyzers.report import ErrorGroup, Errors, ServiceErrors
from analyzers.sampling import trace_weights
from analyzers.table import Status
from analyzers.unseen_answers import unseen_answers
from analyzers.wording import count_text, name_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from analyzers.arrays import Float64Array, Int64Array
    from analyzers.repair import Repaired
    from analyzers.report_base import Role
    from analyzers.searched import Searched
    from analyzers.table import SpanTable

MOST_READ = 100_000
"""Failed spans whose attributes are read, about 1 s."""
MOST_GROUPS = 20
"""Kinds of failure told of one service."""
MOST_EXEMPLARS = 3

GroupKey: TypeAlias = tuple[int, str | None, str]
"""Code of the service, type, message."""


@dataclass
class _Seen:
    """Where failures of one kind began: traces, each with its first and last failure."""

    spans: dict[int, tuple[int, int]] = field(default_factory=dict)

    def add(self, trace: int, start_ns: int) -> None:
        first, last = self.spans.get(trace, (start_ns, start_ns))
        self.spans[trace] = (min(first, start_ns), max(last, start_ns))

    def join(self, other: _Seen) -> None:
        for trace, times in other.spans.items():
            for start_ns in times:
                self.add(trace, start_ns)


def find_errors_by_service(repaired: Repaired, searched: Searched) -> Errors:
    """The services in which something failed: where most began first, then by traces, then by name.

    A trace counts in a service once for each role, by its adjusted count. Roles are those of `find_errors`.
    """
    spans = repaired.spans
    asked = searched.asked
    failing = np.unique(spans.trace[spans.status == Status.ERROR])
    if not len(failing):
        return nothing_failed(repaired, searched)
    part = spans.take(np.flatnonzero(np.isin(spans.trace, failing)))
    waited = waited_for(part, asynchronous_edges(spans))
    roles = Roles(part, range(len(part)), waited, most_read=MOST_READ)
    tally = _Tally(part, trace_weights(spans), roles)
    report = Errors(
        question=asked.question,
        asked_at=asked.asked_at,
        headline=_headline(tally, searched),
        confidence="high",
        services=tally.services(),
    )
    return searched.complete(report, repaired, *tally.remarks(), *_begun_unseen(spans, failing))


def nothing_failed(repaired: Repaired, searched: Searched) -> Errors:
    """The good answer, with how many requests it stands on; none where there were no requests at all."""
    asked = searched.asked
    n_traces = searched.matching or len(repaired.spans.trace_ids)
    report = Errors(
        question=asked.question,
        asked_at=asked.asked_at,
        headline=searched.nothing(),
        confidence="none",
    )
    if not n_traces:
        return searched.empty(report)
    read = (
        f"the newest {searched.requests(n_traces)} were read"
        if searched.truncated
        else searched.requests(n_traces)
    )
    headline = f"Nothing failed {searched.when}: {read}, none with an error."
    good = msgspec.structs.replace(report, headline=headline, confidence="high")
    return searched.complete(good, repaired)


def _begun_unseen(spans: SpanTable, failing: Int64Array) -> Iterator[str]:
    """What to say of failures that came from a service whose spans are not there."""
    among = np.zeros(len(spans.trace_ids), dtype=np.bool_)
    among[failing] = True
    rows = [row for row in unseen_answers(spans, among) if spans.status[row] == Status.ERROR]
    if rows:
        traces = count_text(len(set(spans.trace[rows].tolist())), "trace")
        yield f"in {traces} a failed call was answered by a service whose spans are missing: it may have begun there"


class _Tally:
    """Counts the roles and kinds of the failures of many traces."""

    def __init__(self, spans: SpanTable, weights: Float64Array, roles: Roles) -> None:
        self._spans = spans
        self._weights = weights
        self.by_role: defaultdict[int, dict[Role, set[int]]] = defaultdict(
            lambda: {role: set() for role in ROLES}
        )
        self._groups: defaultdict[GroupKey, _Seen] = defaultdict(_Seen)
        self._count(roles)

    def count(self, traces: Collection[int]) -> int:
        """How many traces these stand for."""
        return round(float(self._weights[list(traces)].sum()))

    def services(self) -> tuple[ServiceErrors, ...]:
        templates = message_templates({message for _, _, message in self._groups})
        merged: defaultdict[int, defaultdict[tuple[str | None, str], _Seen]] = defaultdict(
            lambda: defaultdict(_Seen)
        )
        for (service, kind, message), seen in self._groups.items():
            merged[service][kind, templates[message]].join(seen)
        found = [self._service(code, roles, merged[code]) for code, roles in self.by_role.items()]
        return tuple(sorted(found, key=lambda one: (-one.origin, -one.traces, one.service)))

    def failed_roots(self) -> set[int]:
        """Traces whose root failed: what the caller got was an error."""
        roots = self._spans.root_row[self._spans.root_row >= 0]
        return set(self._spans.trace[roots[self._spans.status[roots] == Status.ERROR]].tolist())

    def all_traces(self) -> set[int]:
        return set(np.unique(self._spans.trace).tolist())

    def main_origin(self) -> tuple[str, int]:
        """The service in which most traces' failures began, and how many."""
        counts = {
            self._spans.services[code]: self.count(roles["origin"]) for code, roles in self.by_role.items()
        }
        name = min(counts, key=lambda service: (-counts[service], service))
        return name, counts[name]

    def remarks(self) -> tuple[str, ...]:
        failed = int(np.count_nonzero(self._spans.status == Status.ERROR))
        if failed <= MOST_READ:
            return ()
        unread = count_text(failed - MOST_READ, "failed span")
        return (f"what {unread} said was not read; they are counted without type and message",)

    def _count(self, roles: Roles) -> None:
        trace, service = self._spans.trace.tolist(), self._spans.service.tolist()
        start_ns = self._spans.start_ns.tolist()
        for row, role in roles.found():
            self.by_role[service[row]][role].add(trace[row])
            if role == "origin":
                failure = roles.failure(row)
                key = (service[row], failure.type, failure.message or "")
                self._groups[key].add(trace[row], start_ns[row])

    def _service(
        self, code: int, roles: dict[Role, set[int]], groups: dict[tuple[str | None, str], _Seen]
    ) -> ServiceErrors:
        told = [self._group(kind, template, seen) for (kind, template), seen in groups.items()]
        told.sort(key=lambda one: (-one.count, one.type or "", one.template))
        return ServiceErrors(
            service=self._spans.services[code],
            traces=self.count(set().union(*roles.values())),
            origin=self.count(roles["origin"]),
            propagated=self.count(roles["propagated"]),
            handled=self.count(roles["handled"]),
            groups=tuple(told[:MOST_GROUPS]),
        )

    def _group(self, kind: str | None, template: str, seen: _Seen) -> ErrorGroup:
        newest = sorted(seen.spans, key=lambda trace: (-seen.spans[trace][1], trace))
        return ErrorGroup(
            type=kind,
            template=template,
            count=self.count(seen.spans),
            first=rfc3339(min(first for first, _ in seen.spans.values())),
            last=rfc3339(max(last for _, last in seen.spans.values())),
            exemplars=tuple(self._spans.trace_ids[trace] for trace in newest[:MOST_EXEMPLARS]),
        )


def _headline(tally: _Tally, searched: Searched) -> str:
    """`38 requests failed in the last hour; payment is where 31 of them began.`"""
    erring, failed = tally.all_traces(), tally.failed_roots()
    service, began = tally.main_origin()
    total = tally.count(erring)
    if searched.truncated:
        return (
            f"More {searched.requests()} had errors {searched.when} than were read; "
            f"of the newest {len(erring):,}, {_where(service, began, total)}."
        )
    if failed == erring:
        return f"{searched.requests(total)} failed {searched.when}; {_where(service, began, total)}."
    outcome = f"{tally.count(failed):,} of them failed" if failed else "none of them failed for it"
    return (
        f"{searched.requests(total)} had errors {searched.when}, {outcome}; {_where(service, began, total)}."
    )


def _where(service: str, began: int, total: int) -> str:
    name = name_text(service)
    if total == 1:
        return f"it began in {name}"
    return f"{name} is where {'all' if began == total else f'{began:,}'} of them began"
