"""What was seen of every place, in both cohorts: time of its own, on the critical path and in all, call by call.

A place is an operation of a service, or the way from one service to another. The way takes two shapes:

    CLIENT over SERVER                       SERVER directly over SERVER
    caller  ├───────────────┤                caller  ├──────────────────────┤
     callee     ├───────┤                     callee     ├─────┤   ├─────┤
            ▔▔▔▔         ▔▔▔                         ▔▔▔▔       ▔▔▔      ▔▔▔▔

In the first all time that the call does not share with its callee lies between the two. In the second, time next to a
callee's span is counted as the way, since what the caller did then cannot be seen; between two callees each gets half. Where
only one of the cohorts makes the call, or one makes it far more often, the time stays the caller's in both: what it does
itself is no way because a callee appeared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analyzers.investigation.callees import callees_of
from analyzers.investigation.naming import Names, names_of
from analyzers.table import NO_PARENT, Kind, Relation

if TYPE_CHECKING:
    from analyzers.arrays import Float64Array, Int64Array
    from analyzers.investigation.cohort import Cohort

FAR_MORE = 5.0
"""Times the share of runs that make a call."""


class PlaceKey(NamedTuple):
    """An operation, or the way to `service` from `caller`, by codes of `Names`; -1 stands for none."""

    service: int
    operation: int
    caller: int
    queue: bool = False
    """The way leads through a queue: nobody waits at its beginning."""


@dataclass(frozen=True)
class Observations:
    """One cohort's spans, each with its place; a span above several callees stands in several lines."""

    cohort: Cohort
    row: Int64Array
    place: Int64Array
    site: Int64Array
    """Like calls: same place, same caller, same callees, about as many of them. Equal numbers in both cohorts are alike."""
    critical_ns: Int64Array
    """Over each request these sum exactly to its duration."""
    own_ns: Int64Array
    """The same in all, on the path or beside it."""

    @property
    def request(self) -> Int64Array:
        return self.cohort.spans.trace[self.row].astype(np.int64)

    @property
    def moment(self) -> Int64Array:
        return self.cohort.moment[self.cohort.spans.trace[self.row]]

    @property
    def weight(self) -> Float64Array:
        weight: Float64Array = self.cohort.weight[self.cohort.spans.trace[self.row]]
        return weight


@dataclass(frozen=True)
class Observed:
    """Both cohorts by the same names."""

    names: Names
    places: tuple[PlaceKey, ...]
    baseline: Observations
    incident: Observations
    operation: tuple[Int64Array, Int64Array]
    """Code of each span's operation, in the baseline and in the incident."""
    shape: tuple[Int64Array, Int64Array]
    """Number for the set of operations each span called, 0 where it called none."""
    callee: tuple[Int64Array, Int64Array]
    """Code of the service that each span calls, -1 for spans that are no call."""

    @property
    def both(self) -> tuple[Observations, Observations]:
        return self.baseline, self.incident

    def named(self, place: int) -> tuple[str, str | None, str | None]:
        """(service, operation, caller) of a place; of a way the operation is None, of an operation the caller."""
        key = self.places[place]
        service = self.names.services[key.service]
        if key.caller >= 0:
            return service, None, self.names.services[key.caller]
        return service, self.names.operations[key.operation][1], None


def observe(baseline: Cohort, incident: Cohort) -> Observed:
    """Both cohorts, span by span."""
    names = names_of(baseline.spans, incident.spans)
    cohorts = (baseline, incident)
    operations = (names.codes(baseline.spans), names.codes(incident.spans))
    hashes = np.random.default_rng(1).integers(1, 2**62, len(names.operations) + 1)
    shapes = tuple(_shapes(one, codes, hashes) for one, codes in zip(cohorts, operations, strict=True))
    callees = callees_of(cohorts, operations, names)
    n_services = len(names.services)
    gaps = _known_to_both(
        [
            _gaps(one, names.service_of[codes] if len(codes) else codes, callee)
            for one, codes, callee in zip(cohorts, operations, callees, strict=True)
        ],
        operations,
        names,
    )
    lines = [
        _lines(one, codes, callee, beside, names)
        for one, codes, callee, beside in zip(cohorts, operations, callees, gaps, strict=True)
    ]
    key = np.concatenate([line.key for line in lines])
    known, place = np.unique(key, return_inverse=True)
    site = np.concatenate(
        [
            _sites(one, codes, shape, line)
            for one, codes, shape, line in zip(cohorts, operations, shapes, lines, strict=True)
        ]
    )
    _, site = np.unique(site, return_inverse=True)
    _, site = np.unique(site * len(known) + place, return_inverse=True)
    cut = len(lines[0].key)
    both = [
        Observations(one, line.row, place[part], site[part], line.critical_ns, line.own_ns)
        for one, line, part in zip(cohorts, lines, (slice(0, cut), slice(cut, None)), strict=True)
    ]
    places = tuple(_place_key(code, names, n_services) for code in known.tolist())
    return Observed(
        names, places, both[0], both[1], operations, (shapes[0], shapes[1]), (callees[0], callees[1])
    )


class _Lines(NamedTuple):
    row: Int64Array
    key: Int64Array
    """An operation's code, or, beyond those, the way's."""
    critical_ns: Int64Array
    own_ns: Int64Array


def _place_key(code: int, names: Names, n_services: int) -> PlaceKey:
    if code < len(names.operations):
        return PlaceKey(int(names.service_of[code]), code, -1)
    queue, way = divmod(code - len(names.operations), n_services * n_services)
    caller, callee = divmod(way, n_services)
    return PlaceKey(callee, -1, caller, bool(queue))


def _shapes(cohort: Cohort, operation: Int64Array, hashes: Int64Array) -> Int64Array:
    """A number for the set of operations under each span, however often each was called.

    Orphans hang where they happened to run: they are no calls.
    """
    spans = cohort.spans
    child = np.flatnonzero((spans.parent_row != NO_PARENT) & (spans.relation != Relation.ORPHAN))
    pair = np.unique(spans.parent_row[child].astype(np.int64) * len(hashes) + operation[child])
    shape = np.zeros(len(spans), dtype=np.int64)
    np.add.at(shape, pair // len(hashes), hashes[pair % len(hashes)])
    return shape


def _lines(cohort: Cohort, operation: Int64Array, callee: Int64Array, gaps: _Gaps, names: Names) -> _Lines:
    spans = cohort.spans
    n_services = len(names.services)
    service = names.service_of[operation] if len(operation) else operation
    key = np.where(callee >= 0, len(names.operations) + service * n_services + callee, operation)
    way_key = len(names.operations) + service[gaps.row] * n_services + gaps.callee
    critical = cohort.path.own_ns.copy()
    own = np.maximum(cohort.self_ns, critical)
    np.subtract.at(critical, gaps.row, gaps.ns)
    np.subtract.at(own, gaps.row, gaps.ns)
    taken = _taken_from_queues(cohort, service)
    sender = spans.parent_row[taken].astype(np.int64)
    queue_key = len(names.operations) + (n_services + service[sender]) * n_services + service[taken]
    return _Lines(
        row=np.concatenate((np.arange(len(spans)), gaps.row, taken)),
        key=np.concatenate((key, way_key, queue_key)),
        critical_ns=np.concatenate((critical, gaps.ns, np.zeros(len(taken), dtype=np.int64))),
        own_ns=np.concatenate((own, gaps.ns, np.maximum(spans.start_ns[taken] - spans.start_ns[sender], 0))),
    )


def _taken_from_queues(cohort: Cohort, service: Int64Array) -> Int64Array:
    """Spans of another service than their parent's, for which the parent did not wait."""
    spans = cohort.spans
    child = np.flatnonzero((spans.parent_row != NO_PARENT) & ~cohort.waited)
    result: Int64Array = child[service[child] != service[spans.parent_row[child]]]
    return result


class _Gaps(NamedTuple):
    row: Int64Array
    """The caller's span."""
    callee: Int64Array
    ns: Int64Array


def _gaps(cohort: Cohort, service: Int64Array, callee: Int64Array) -> _Gaps:
    """Time on the path between a span and those of other services directly under it; one line a span and callee."""
    spans, path = cohort.spans, cohort.path
    none = np.zeros(0, dtype=np.int64)
    child = np.flatnonzero(path.on_path & (spans.parent_row != NO_PARENT))
    parent = spans.parent_row[child].astype(np.int64)
    remote = (service[child] != service[parent]) & (spans.relation[child] == Relation.CHILD)
    remote &= ~np.isin(spans.kind[parent], (Kind.CLIENT, Kind.PRODUCER)) & ~np.isin(
        spans.kind[child], (Kind.CLIENT, Kind.PRODUCER)
    )
    remote &= callee[parent] < 0
    above = np.zeros(len(spans), dtype=np.bool_)
    above[parent[remote]] = True
    kept = above[parent]
    child, parent, remote = child[kept], parent[kept], remote[kept]
    if not len(child):
        return _Gaps(none, none, none)
    order = np.lexsort((path.end_ns[child], path.begin_ns[child], parent))
    child, parent, remote = child[order], parent[order], remote[order]
    first = np.r_[True, parent[1:] != parent[:-1]]
    last = np.r_[parent[1:] != parent[:-1], True]
    before = path.begin_ns[child] - np.where(first, path.begin_ns[parent], np.r_[0, path.end_ns[child][:-1]])
    after = np.where(last, path.end_ns[parent], np.r_[path.begin_ns[child][1:], 0]) - path.end_ns[child]
    other_before = ~first & np.r_[False, remote[:-1]]
    other_after = ~last & np.r_[remote[1:], False]
    before = np.maximum(np.where(other_before, before - before // 2, before), 0)
    after = np.maximum(np.where(other_after, after // 2, after), 0)
    n_services = int(service.max()) + 1
    pair, at = np.unique(parent[remote] * n_services + service[child[remote]], return_inverse=True)
    ns = np.zeros(len(pair), dtype=np.int64)
    np.add.at(ns, at, (before + after)[remote])
    return _Gaps(pair // n_services, pair % n_services, ns)


def _known_to_both(gaps: list[_Gaps], operations: tuple[Int64Array, Int64Array], names: Names) -> list[_Gaps]:
    """Without the time next to calls that the runs of an operation make in one cohort alone, or far more often."""
    n_services, n_operations = len(names.services), len(names.operations)
    pairs = [codes[one.row] * n_services + one.callee for one, codes in zip(gaps, operations, strict=True)]
    known, at = np.unique(np.concatenate(pairs), return_inverse=True)
    share = []
    for codes, number in zip(operations, (at[: len(pairs[0])], at[len(pairs[0]) :]), strict=True):
        runs = np.bincount(codes, minlength=n_operations)[known // n_services] if len(known) else known
        share.append(np.bincount(number, minlength=len(known)) / np.maximum(runs, 1))
    kept = np.maximum(*share) <= FAR_MORE * np.minimum(*share)
    return [
        _Gaps(*(column[kept[number]] for column in one))
        for one, number in zip(gaps, (at[: len(pairs[0])], at[len(pairs[0]) :]), strict=True)
    ]


def _sites(cohort: Cohort, operation: Int64Array, shape: Int64Array, lines: _Lines) -> Int64Array:
    """A number for what was called from where, in which kind of request: like spans of both cohorts have the same."""
    parent = cohort.spans.parent_row
    entry = operation[cohort.spans.root_row][cohort.spans.trace] if len(operation) else operation
    above = np.where(parent == NO_PARENT, -1, operation[parent]) if len(operation) else operation
    bucket = np.log2(cohort.children + 1).astype(np.int64)
    mixed = ((operation * 1_000_003 + above) * 1_000_033 + bucket) * 1_000_037 + entry
    number: Int64Array = (mixed ^ (shape * 31))[lines.row]
    return number
