"""What else changed than the figure that was asked about; a headline says it too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analyzers.investigation.verdict import does_other_work, fails_more, is_other_traffic, is_slower
from analyzers.table import Status
from analyzers.wording import place_text

if TYPE_CHECKING:
    from analyzers.investigation.causes import Found
    from analyzers.investigation.cohort import Cohort
    from analyzers.investigation.evidence import Evidence
    from analyzers.investigation.observations import Observed
    from analyzers.investigation.requests import RequestChange
    from analyzers.investigation_report import Change

MUCH_MIX, LEAST_MIX = 0.2, 0.03
"""Other traffic is told of from this share of the change on, and of what requests usually take."""


WAITED_FOR = 0.1
"""Of a place's time; where requests wait for less, none is slower because of it."""


@dataclass(frozen=True)
class Waiting:
    """Messages that wait longer than before, or work that takes longer and that nobody waits for."""

    sender: str | None
    """None where it is work."""
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
    """What changed first of all, where no request waits for it."""


def besides_of(
    observed: Observed,
    evidence: Evidence,
    found: tuple[Found, ...],
    by_request: RequestChange,
    change: Change,
) -> Besides:
    """Read off two cohorts that can be compared."""
    slower = is_slower(by_request) and bool(found)
    before, after = (_fail_within(one.cohort) for one in observed.both)
    return Besides(
        slower=slower,
        fails_more=fails_more(by_request, change.error_ratio[1] - change.error_ratio[0]),
        mix_ns=_told_mix_ns(by_request, found, change),
        fail_within=(before, after),
        waiting=None if slower or not found else _waiting(observed, evidence, found[0]),
    )


def _fail_within(cohort: Cohort) -> float:
    failed = np.zeros(len(cohort), dtype=np.bool_)
    failed[cohort.spans.trace[cohort.spans.status == Status.ERROR]] = True
    return float(np.average(failed, weights=cohort.weight))


def _told_mix_ns(by_request: RequestChange, found: tuple[Found, ...], change: Change) -> int:
    if is_other_traffic(by_request, found):
        return round(by_request.mix_ns + by_request.rate_ns)
    return 0 if does_other_work(by_request, found) else _mix_ns(by_request, change.delta_ns)


def _mix_ns(by_request: RequestChange, delta_ns: int) -> int:
    mix_ns = round(by_request.mix_ns)
    whole_ns = max(abs(delta_ns), abs(mix_ns + round(by_request.rate_ns)), 1)
    told = abs(mix_ns) >= MUCH_MIX * whole_ns and abs(mix_ns) >= LEAST_MIX * by_request.usual_ns
    return mix_ns if told else 0


def _waiting(observed: Observed, evidence: Evidence, first: Found) -> Waiting | None:
    shifts = evidence.shifts
    if first.kind == "queue" and first.ways:
        place = first.ways[0].place
    elif first.kind == "self_time" and first.main >= 0 and shifts.on_path[first.main] < WAITED_FOR:
        place = first.main
    else:
        return None
    receiver, operation, sender = observed.named(place)
    usual, now = (round(float(one[place])) for one in (shifts.usual_ns, shifts.now_ns))
    return Waiting(sender, receiver if sender else place_text(receiver, operation), usual, now)
