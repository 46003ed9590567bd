"""Hosts whose clocks disagree: found over all calls between them, and put right."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analyzers.clocks import host_error_ns, host_of
from analyzers.table import NO_PARENT, Kind, Relation
from analyzers.worth import is_worth_telling

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analyzers.arrays import BoolArray, Int32Array, Int64Array
    from analyzers.table import SpanTable

AGREEING_RATIO = 0.6
"""So many of the calls between two hosts must allow the offset that is assumed."""

MOST_ROUNDS = 20
"""Of hosts that follow hosts that follow others; chains of calls are seldom deeper."""

LAST_NS = 2**63 - 1
TOO_FAR_NS = 2**62
"""146 years: no clock so far off is put right. Any two offsets below can be subtracted in int64."""


class HostOffset(NamedTuple):
    """By how much one host's clock is ahead of another's."""

    host: str
    reference: str
    offset_ns: int
    low_ns: int
    """The offset lies between low_ns and high_ns, both included, as far as the agreeing calls tell."""
    high_ns: int
    calls: int
    agreeing: int


@dataclass(frozen=True)
class Skew:
    """Which clocks were off, and how many spans were moved for it."""

    offsets: tuple[HostOffset, ...] = ()
    moved_spans: int = 0
    doubtful_traces: int = 0
    """In how many they may, after that, still be off by what is worth telling."""
    agreed: tuple[HostOffset, ...] = ()
    """What the calls between every two hosts agree on, clocks that need not be wrong included."""


NO_SKEW = Skew()


def correct_skew(spans: SpanTable, elsewhere: Sequence[HostOffset] = ()) -> tuple[SpanTable, Skew]:
    """The table with every span on the clock of its trace's root host, and what was found.

    Only hosts whose clock cannot be right are moved: where even the quickest calls between two hosts would need a reply
    before the request. All spans of a host move together, asynchronous ones too, so the order of what
    happened on one host never changes. Spans whose host is not known stay. What was agreed on `elsewhere`, in other traces of the
    time, narrows what the calls here allow, and no more: clocks may have been set in between. A trace of which a span would
    come to lie before 1970, or beyond what int64 counts, stays as it is.
    """
    host, hosts = host_of(spans)
    if len(hosts) < 2:
        return spans, NO_SKEW
    agreed = narrowed(agreed_offsets(spans, host, hosts), elsewhere)
    offsets = significant_offsets(agreed, dict(zip(hosts, host_error_ns(spans, host, hosts), strict=True)))
    if not offsets:
        return spans, Skew(agreed=tuple(agreed))
    ahead_ns, doubt_ns = _relative_to_one(offsets, hosts)
    ahead_ns = _followed(ahead_ns, offsets, agreed, hosts)
    root_host = host[spans.root_row][spans.trace]
    known = (np.abs(ahead_ns) < TOO_FAR_NS) & (doubt_ns < TOO_FAR_NS)
    known[0] = False
    move_ns = np.where(known[host] & known[root_host], ahead_ns[root_host] - ahead_ns[host], 0)
    move_ns[_would_leave(spans, move_ns)[spans.trace]] = 0
    if not move_ns.any():
        return spans, Skew(agreed=tuple(agreed))
    doubts_ns = np.where(move_ns != 0, doubt_ns[host] + doubt_ns[root_host], 0)
    moved = replace(
        spans,
        start_ns=spans.start_ns + move_ns,
        clock_error_ns=np.maximum(spans.clock_error_ns, doubts_ns),
    )
    moved_spans, doubtful = int(np.count_nonzero(move_ns)), _doubtful_traces(moved, doubts_ns)
    return moved, Skew(tuple(offsets), moved_spans, doubtful, tuple(agreed))


def _would_leave(spans: SpanTable, move_ns: Int64Array) -> BoolArray:
    """True for traces of which a span, so moved, would leave [0, 2**63), shape (n_traces,)."""
    early = (move_ns < 0) & (spans.start_ns < -move_ns)
    late = (move_ns > 0) & (spans.end_ns > LAST_NS - move_ns)
    result = np.zeros(len(spans.trace_ids), dtype=np.bool_)
    result[spans.trace[early | late]] = True
    return result


def _doubtful_traces(spans: SpanTable, doubt_ns: Int64Array) -> int:
    largest = np.zeros(len(spans.trace_ids), dtype=np.int64)
    np.maximum.at(largest, spans.trace, doubt_ns)
    durations_ns = spans.duration_ns[spans.root_row].tolist()
    return sum(map(is_worth_telling, largest.tolist(), durations_ns))


def significant_offsets(agreed: Sequence[HostOffset], error_ns: Mapping[str, int]) -> list[HostOffset]:
    """Those of pairs whose calls rule out that their clocks agree, however coarsely they tick."""
    proven = []
    for one in agreed:
        coarse_ns = max(error_ns[one.host], error_ns[one.reference])
        agree = one.low_ns - coarse_ns <= 0 <= one.high_ns + coarse_ns
        if not agree and abs(one.offset_ns) < TOO_FAR_NS:
            proven.append(one)
    return proven


def agreed_offsets(spans: SpanTable, host: Int32Array, hosts: Sequence[str]) -> list[HostOffset]:
    """The offset of every pair of hosts whose calls agree on one, by names.

    A call of a client [cs, ce] answered by a server [ss, se] whose clock is ahead by x must satisfy
    cs <= ss - x and se - x <= ce, so x lies in [se - ce, ss - cs]. The offset is the middle of the interval that most
    calls allow (Marzullo's algorithm, as NTP selects its sources): the quickest request and the quickest reply bound it,
    so waiting in a pool or a queue does not pass for skew. Where the interval is wide, twice what it takes at least is enough:
    clocks are seldom far apart, and what a caller did before its call may be all on one side.
    """
    callers, callees = _calls_between_hosts(spans, host)
    low = spans.end_ns[callees] - spans.end_ns[callers]
    high = spans.start_ns[callees] - spans.start_ns[callers]
    # Seen from the pair's first host, whichever of the two called.
    turned = host[callers] > host[callees]
    low, high = np.where(turned, -high, low), np.where(turned, -low, high)
    first = np.minimum(host[callers], host[callees])
    second = np.maximum(host[callers], host[callees])
    possible = low <= high  # else the server ran longer than its caller: no offset explains that
    pair = first.astype(np.int64) * len(hosts) + second
    found = []
    for code in np.unique(pair).tolist():
        here = np.flatnonzero((pair == code) & possible)
        names = hosts[code % len(hosts)], hosts[code // len(hosts)]
        offset = _agreed_offset(names, low[here], high[here], calls=int(np.count_nonzero(pair == code)))
        if offset is not None:
            found.append(offset)
    return found


def narrowed(here: Sequence[HostOffset], elsewhere: Sequence[HostOffset]) -> list[HostOffset]:
    """The offsets that hold here, each within what is agreed on elsewhere too, if the two can both be true."""
    known = {(one.host, one.reference): one for one in elsewhere}
    result = []
    for one in here:
        other = known.get((one.host, one.reference), one)
        low_ns, high_ns = max(one.low_ns, other.low_ns), min(one.high_ns, other.high_ns)
        if other is one or low_ns > high_ns:
            result.append(one)
        else:
            # At least so many: the trace itself may have been among the others.
            calls, agreeing = max(one.calls, other.calls), max(one.agreeing, other.agreeing)
            offset_ns = _offset_within(low_ns, high_ns)
            result.append(HostOffset(one.host, one.reference, offset_ns, low_ns, high_ns, calls, agreeing))
    return result


def _calls_between_hosts(spans: SpanTable, host: Int32Array) -> tuple[Int64Array, Int64Array]:
    """(callers, callees): rows of synchronous calls between two known hosts."""
    callees = np.flatnonzero((spans.parent_row != NO_PARENT) & (spans.relation == Relation.CHILD))
    callers = spans.parent_row[callees].astype(np.int64)
    usable = (host[callers] != host[callees]) & (host[callers] != 0) & (host[callees] != 0)
    usable &= _synchronous(spans, callers, callees)
    return callers[usable], callees[usable]


def _synchronous(spans: SpanTable, callers: Int64Array, callees: Int64Array) -> BoolArray:
    """Calls by what they say they are, since their times are what is in doubt."""
    asks = spans.kind[callers] == Kind.CLIENT
    silent = (spans.kind[callers] == Kind.UNSPECIFIED) & (spans.kind[callees] == Kind.UNSPECIFIED)
    synchronous: BoolArray = (asks & (spans.kind[callees] != Kind.CONSUMER)) | silent
    return synchronous


def _agreed_offset(
    names: tuple[str, str], low: Int64Array, high: Int64Array, calls: int
) -> HostOffset | None:
    """The interval that most calls allow, if enough of them do."""
    if len(low) == 0:
        return None
    at = np.concatenate((low, high))
    opens = np.repeat([0, 1], len(low))  # at one instant intervals open before others close
    order = np.lexsort((opens, at))
    depth = np.cumsum(1 - 2 * opens[order])
    best = int(np.argmax(depth))
    agreeing = int(depth[best])
    if agreeing < AGREEING_RATIO * calls:
        return None
    begin, end = int(at[order[best]]), int(at[order[best + 1]])
    return HostOffset(names[0], names[1], _offset_within(begin, end), begin, end, calls, agreeing)


def _offset_within(low_ns: int, high_ns: int) -> int:
    """The middle, but at most twice what rules out zero."""
    middle_ns, least_ns = (low_ns + high_ns) // 2, max(low_ns, -high_ns, 0)
    return min(max(middle_ns, -2 * least_ns), 2 * least_ns) if least_ns else middle_ns


def _followed(
    ahead_ns: Int64Array, offsets: Sequence[HostOffset], agreed: Sequence[HostOffset], hosts: Sequence[str]
) -> Int64Array:
    """Hosts that no call shows to be off follow those that are moved, as little as their calls demand."""
    at = {name: number for number, name in enumerate(hosts)}
    fixed = {name for one in offsets for name in (one.host, one.reference)}
    bounds: Mapping[int, list[tuple[int, int, int]]] = defaultdict(list)
    for one in agreed:
        bounds[at[one.host]].append((at[one.reference], one.low_ns, one.high_ns))
        bounds[at[one.reference]].append((at[one.host], -one.high_ns, -one.low_ns))
    result = ahead_ns.copy()
    for _ in range(MOST_ROUNDS):
        before = result.copy()
        for number, known in sorted(bounds.items()):
            if hosts[number] not in fixed:
                low = max(int(result[other]) + low_ns for other, low_ns, _ in known)
                high = min(int(result[other]) + high_ns for other, _, high_ns in known)
                ahead = min(max(0, low), high) if low <= high else (low + high) // 2
                result[number] = max(-TOO_FAR_NS, min(ahead, TOO_FAR_NS))
        if (before == result).all():
            break
    return result


def _relative_to_one(offsets: Sequence[HostOffset], hosts: Sequence[str]) -> tuple[Int64Array, Int64Array]:
    """(ahead_ns, doubt_ns) of every host against the first of those it is connected to, at most TOO_FAR_NS each.

    Where several ways lead to a host, the pairs that more calls agree on come first.
    """
    neighbours: Mapping[str, list[tuple[str, int, int]]] = defaultdict(list)
    joined = {name: name for name in hosts}
    for offset in sorted(offsets, key=lambda pair: (-pair.agreeing, pair)):
        one, other = _top(joined, offset.reference), _top(joined, offset.host)
        if one == other:
            continue
        joined[max(one, other)] = min(one, other)
        doubt_ns = (offset.high_ns - offset.low_ns) // 2
        neighbours[offset.reference].append((offset.host, offset.offset_ns, doubt_ns))
        neighbours[offset.host].append((offset.reference, -offset.offset_ns, doubt_ns))
    ahead = {name: (0, 0) for name in hosts if joined[name] == name}
    waiting = list(ahead)
    while waiting:
        here = waiting.pop()
        for there, offset_ns, doubt_ns in neighbours[here]:
            if there not in ahead:
                ahead[there] = (ahead[here][0] + offset_ns, ahead[here][1] + doubt_ns)
                waiting.append(there)
    # Sums along a way may be larger than int64.
    columns = np.array([ahead[name] for name in hosts], dtype=object).clip(-TOO_FAR_NS, TOO_FAR_NS)
    return columns[:, 0].astype(np.int64), columns[:, 1].astype(np.int64)


def _top(joined: Mapping[str, str], name: str) -> str:
    while joined[name] != name:
        name = joined[name]
    return name
