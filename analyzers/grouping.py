"""One cause, one finding: findings that explain each other over the call graph, put together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analyzers.baselines.slots import SLOT_NS
from analyzers.detectors.finding import Finding, FindingKind
from analyzers.minutes import OperationKey
from analyzers.wording import count_text

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from analyzers.call_edges import CallEdge

EXPLAINED_SHARE = 0.5
"""Of a caller's change, that what it calls must account for."""
DEEPEST = 12
"""Calls from one finding to the next; services between them may hide it, but not forever."""
LATER_NS = 6 * SLOT_NS
"""By so much a cause may seem to begin after its effect: when a small change began is known to half an hour."""
TOGETHER_NS = 3 * SLOT_NS
"""Operations of one service that change within so much of each other have one cause."""
TRAFFIC = {FindingKind.TRAFFIC_LOST, FindingKind.TRAFFIC_DOUBLED, FindingKind.VANISHED}
LOST = {FindingKind.TRAFFIC_LOST, FindingKind.VANISHED}


@dataclass(frozen=True)
class FindingGroup:
    """What is one incident, as far as can be seen."""

    cause: Finding
    also: tuple[Finding, ...]
    """Others of the cause's service that changed alike at the same time, or the same operation otherwise."""
    impact: tuple[Finding, ...]
    """Those that are explained by the cause."""
    reason: str
    """Why they are one, as a sentence without a full stop."""

    def __len__(self) -> int:
        return 1 + len(self.also) + len(self.impact)


def group_findings(
    findings: Iterable[Finding],
    edges: Iterable[CallEdge],
    slower_themselves: Container[OperationKey] = frozenset(),
) -> tuple[FindingGroup, ...]:
    """Every finding in one group: as a cause, beside it, or as its impact. What began first comes first.

    A caller is slow because what it calls is, if that accounts for half of its change. Traffic goes the other way: what
    is called less is so because of its caller. Where findings explain each other in a circle, the one that began first
    is taken for the cause. The order of the input changes nothing.

    Args:
        findings: of all operations.
        edges: who calls whom.
        slower_themselves: operations whose self time is slower as well, where that is known. A callee is no excuse
            for these.
    """
    ordered = sorted(findings, key=_rank)
    reach = _Reach(edges)
    explained = {
        one: {}
        if one.kind is FindingKind.SLOWER and key_of(one) in slower_themselves
        else _explanations(one, ordered, reach)
        for one in ordered
    }
    root = _roots(ordered, explained)
    causes = [one for one in ordered if root[one] is one]
    head = _heads(causes)
    members: dict[Finding, list[Finding]] = defaultdict(list)
    for one in ordered:
        if root[one] is not one:
            members[head[root[one]]].append(one)
    groups = [
        _group(one, [other for other in causes if head[other] is one and other is not one], members[one])
        for one in causes
        if head[one] is one
    ]
    return tuple(groups)


def _rank(finding: Finding) -> tuple[object, ...]:
    """Which of several is more likely the cause: the one that began first, then the surest, then by name."""
    return (
        finding.since_ns,
        finding.q_value,
        finding.service,
        finding.operation,
        finding.span_kind,
        finding.kind,
    )


def key_of(finding: Finding) -> OperationKey:
    """The operation that it is about."""
    return OperationKey(finding.service, finding.operation, finding.span_kind)


class _Reach:
    """How often one operation leads to another, over whatever lies between."""

    def __init__(self, edges: Iterable[CallEdge]) -> None:
        self._waited: dict[OperationKey, list[tuple[OperationKey, float]]] = defaultdict(list)
        self._called: dict[OperationKey, list[tuple[OperationKey, float]]] = defaultdict(list)
        for edge in sorted(edges):
            self._called[edge.caller].append((edge.callee, edge.calls))
            if edge.waited:
                self._waited[edge.caller].append((edge.callee, edge.calls))
        self._known: dict[tuple[OperationKey, bool], dict[OperationKey, float]] = {}

    def calls(self, caller: OperationKey, callee: OperationKey, *, waited: bool) -> float:
        """Calls of the callee for each of the caller; 0 if there is no way."""
        if (caller, waited) not in self._known:
            self._known[caller, waited] = _all_calls(self._waited if waited else self._called, caller)
        return self._known[caller, waited].get(callee, 0.0)


def _all_calls(
    edges: dict[OperationKey, list[tuple[OperationKey, float]]], start: OperationKey
) -> dict[OperationKey, float]:
    """Of all operations reached from one, over all ways together, one call further a round."""
    total: dict[OperationKey, float] = defaultdict(float)
    frontier = {start: 1.0}
    for _ in range(DEEPEST):
        following: dict[OperationKey, float] = defaultdict(float)
        for key, calls in frontier.items():
            for callee, each in edges.get(key, ()):
                # Once around a circle is no new way.
                if callee != start:
                    following[callee] += calls * each
        for key, calls in following.items():
            total[key] += calls
        frontier = following
    return total


def _explanations(one: Finding, others: Sequence[Finding], reach: _Reach) -> dict[Finding, float]:
    """The findings that account for enough of this one, each with the share."""
    shares = {
        other: _share(one, other, reach)
        for other in others
        if other is not one and other.since_ns <= one.since_ns + LATER_NS
    }
    return {other: share for other, share in shares.items() if share >= EXPLAINED_SHARE}


def _share(effect: Finding, cause: Finding, reach: _Reach) -> float:
    """How much of an effect a cause accounts for, were it the only one; 0 where it cannot be one."""
    if effect.kind in TRAFFIC:
        return _traffic_share(effect, cause, reach)
    calls = reach.calls(key_of(effect), key_of(cause), waited=True)
    if not calls:
        return 0.0
    if effect.kind is cause.kind:
        rise = effect.now - effect.baseline
        return calls * (cause.now - cause.baseline) / rise if rise > 0 else 0.0
    # Timeouts, retries, and answers that do not come any more: of another unit, so that only the way there tells.
    fails = effect.kind is FindingKind.ERRORS and cause.kind in {FindingKind.SLOWER, FindingKind.VANISHED}
    waits = effect.kind is FindingKind.SLOWER and cause.kind in {FindingKind.ERRORS, FindingKind.VANISHED}
    return min(calls, 1.0) * EXPLAINED_SHARE * 1.01 if (fails or waits) and calls >= EXPLAINED_SHARE else 0.0


def _traffic_share(effect: Finding, cause: Finding, reach: _Reach) -> float:
    """Traffic comes from callers: as many calls fewer or more as the callee misses or has too many."""
    calls = reach.calls(key_of(cause), key_of(effect), waited=False)
    if not calls:
        return 0.0
    alike = cause.kind is effect.kind or (cause.kind in LOST and effect.kind in LOST)
    if alike and effect.now != effect.baseline:
        return calls * (cause.now - cause.baseline) / (effect.now - effect.baseline)
    failing = cause.kind is FindingKind.ERRORS and effect.kind is FindingKind.TRAFFIC_LOST
    return EXPLAINED_SHARE * 1.01 if failing else 0.0


def _roots(
    ordered: Sequence[Finding], explained: dict[Finding, dict[Finding, float]]
) -> dict[Finding, Finding]:
    """The cause of each finding, itself if nothing explains it: up along the best explanation until there is none."""
    root: dict[Finding, Finding] = {}
    for one in ordered:
        way, at = [one], one
        while explained[at] and at not in root:
            at = max(explained[at], key=lambda other: (explained[at][other], [-ordered.index(other)]))
            if at in way:
                break
            way.append(at)
        if at in root:
            end = root[at]
        elif at in way and explained[at]:
            end = min(way[way.index(at) :], key=_rank)
        else:
            end = at
        root.update(dict.fromkeys(way, end))
    return root


def _heads(causes: Sequence[Finding]) -> dict[Finding, Finding]:
    """Of causes in one service that changed alike together, the first; else each itself."""
    head: dict[Finding, Finding] = {}
    for one in causes:
        head[one] = next(
            (
                other
                for other in causes
                if head.get(other) is other
                and other.service == one.service
                and (other.kind is one.kind or key_of(other) == key_of(one))
                and abs(other.since_ns - one.since_ns) <= TOGETHER_NS
            ),
            one,
        )
    return head


def _group(cause: Finding, also: list[Finding], impact: list[Finding]) -> FindingGroup:
    felt = sorted(impact, key=_rank)
    return FindingGroup(cause, tuple(also), tuple(felt), _reason(cause, also, felt))


def _reason(cause: Finding, also: Sequence[Finding], impact: Sequence[Finding]) -> str:
    name = f"{cause.service} {cause.operation}"
    what = {
        FindingKind.SLOWER: "is slower",
        FindingKind.ERRORS: "fails more",
        FindingKind.TRAFFIC_LOST: "lost traffic",
        FindingKind.TRAFFIC_DOUBLED: "has more traffic",
        FindingKind.VANISHED: "is not called any more",
    }[cause.kind]
    parts = [f"{name} {what}"]
    if also:
        parts.append(f"{count_text(len(also), 'other finding')} of {cause.service} began with it")
    if impact:
        callers = len({key_of(one) for one in impact})
        towards = "are called by it" if cause.kind in TRAFFIC else "call it"
        parts.append(f"it accounts for {count_text(callers, 'operation')} that {towards}")
    return "; ".join(parts) if len(parts) > 1 else f"{name} {what}, and nothing it is linked to explains that"
