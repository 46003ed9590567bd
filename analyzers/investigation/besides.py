"""What else changed than the figure that was asked about; a headline says it too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analyzers.investigation.verdict import fails_more, is_slower
from analyzers.table import Status

if TYPE_CHECKING:
    from analyzers.investigation.causes import Found
    from analyzers.investigation.cohort import Cohort
    from analyzers.investigation.evidence import Evidence
    from analyzers.investigation.observations import Observed
    from analyzers.investigation.requests import RequestChange
    from analyzers.report import Change

MUCH_MIX, LEAST_MIX = 0.2, 0.03
"""Other traffic is told of from this share of the change on, and of what requests usually take."""


@dataclass(frozen=True)
class Waiting:
    """Messages that wait longer than before."""

    sender: str
    receiver: str
    usual_ns: int
    now_ns: int


@dataclass(frozen=True)
class Besides:
    """What was seen of requests, like held against like."""

    slower: bool = False
    fails_more: bool = False
    mix_ns: int = 0
    """What other kinds of requests alone make of the mean; 0 where that is not much."""
    fail_within: tuple[float, float] = (0.0, 0.0)
    """Share of requests in which anything failed, in the baseline and in the incident."""
    waiting: Waiting | None = None
    """What changed first of all, where that is a queue and no request waits for it."""


def besides_of(
    observed: Observed,
    evidence: Evidence,
    found: tuple[Found, ...],
    by_request: RequestChange,
    change: Change,
) -> Besides:
    """Read off two cohorts that can be compared."""
    slower = is_slower(by_request)
    before, after = (_fail_within(one.cohort) for one in observed.both)
    return Besides(
        slower=slower,
        fails_more=fails_more(by_request, change.error_ratio[1] - change.error_ratio[0]),
        mix_ns=_mix_ns(by_request, change.delta_ns),
        fail_within=(before, after),
        waiting=None if slower or not found else _waiting(observed, evidence, found[0]),
    )


def _fail_within(cohort: Cohort) -> float:
    failed = np.zeros(len(cohort), dtype=np.bool_)
    failed[cohort.spans.trace[cohort.spans.status == Status.ERROR]] = True
    return float(np.average(failed, weights=cohort.weight))


def _mix_ns(by_request: RequestChange, delta_ns: int) -> int:
    mix_ns = round(by_request.mix_ns)
    whole_ns = max(abs(delta_ns), abs(mix_ns + round(by_request.rate_ns)), 1)
    told = abs(mix_ns) >= MUCH_MIX * whole_ns and abs(mix_ns) >= LEAST_MIX * by_request.usual_ns
    return mix_ns if told else 0


def _waiting(observed: Observed, evidence: Evidence, first: Found) -> Waiting | None:
    if first.kind != "queue" or not first.ways:
        return None
    way = first.ways[0].place
    receiver, _, sender = observed.named(way)
    usual, now = (float(one[way]) for one in (evidence.shifts.usual_ns, evidence.shifts.now_ns))
    return Waiting(sender or "", receiver, round(usual), round(now))
