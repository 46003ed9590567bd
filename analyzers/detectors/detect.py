"""Everything that is not as usual at the end of a history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analyzers.detectors.errors import error_noise, find_errors_up
from analyzers.detectors.finding import FindingKind
from analyzers.detectors.latency import find_slower, latency_noise
from analyzers.detectors.traffic import find_traffic, find_vanished, usual_traffic

if TYPE_CHECKING:
    from analyzers.baselines.history import History
    from analyzers.detectors.counts import UsualErrors
    from analyzers.detectors.finding import Finding
    from analyzers.detectors.traffic import UsualTraffic
    from analyzers.detectors.windows import Noise


@dataclass(frozen=True)
class Learned:
    """How operations wobble by themselves. It takes longer than a look at the last minutes, and may be an hour old.

    Operations that came since are not in it: learn again where `operations` is shorter than the history's.
    """

    operations: int
    latency: Noise
    errors: tuple[UsualErrors, ...]
    traffic: UsualTraffic


def learn(history: History) -> Learned:
    """What there is to know of all operations of a history."""
    return Learned(
        len(history.operations), latency_noise(history), error_noise(history), usual_traffic(history)
    )


def find_all(history: History, learned: Learned) -> tuple[Finding, ...]:
    """What every detector sees, by service and operation. What vanished is not told again as lost traffic."""
    vanished = find_vanished(history, learned.traffic)
    gone = {(one.service, one.operation, one.span_kind) for one in vanished}
    traffic = [
        one
        for one in find_traffic(history, learned.traffic)
        if one.kind is not FindingKind.TRAFFIC_LOST or (one.service, one.operation, one.span_kind) not in gone
    ]
    found = [
        *find_slower(history, learned.latency),
        *find_errors_up(history, learned.errors),
        *traffic,
        *vanished,
    ]
    return tuple(sorted(found, key=lambda one: (one.service, one.operation, one.span_kind, one.kind)))
