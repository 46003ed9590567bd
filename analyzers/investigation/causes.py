"""Causes that a person can open: the places behind the services ranked first, with the evidence in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analyzers.investigation.new_callees import adds_calls, new_callees_text
from analyzers.investigation.ownership import SURE_Z, certainty
from analyzers.investigation_report import Cause
from analyzers.wording import duration_text, name_text, place_text, share_text

if TYPE_CHECKING:
    from analyzers.arrays import Float64Array
    from analyzers.investigation.evidence import Evidence
    from analyzers.investigation.observations import Observed
    from analyzers.investigation.ranking import Ranking
    from analyzers.investigation_report import ChangeKind
    from analyzers.report_base import Confidence

MOST_CAUSES = 5
MOST_EVIDENCE = 4
LEAST_SCORE = 0.01
"""Of a usual request; what explains less is nothing that somebody waits for."""
LEAST_OF_FIRST = 0.1
"""Of the first cause's score; weaker ones are what a strong one brings about elsewhere."""
MAIN = 0.7
"""Of a service's rise; an operation that holds less is not named alone."""
BUSY = 0.3
"""Of a service's rise; with so much in its own operations its slow ways are no matter of the network."""
MOSTLY = 0.5
"""Of a way's rise; who answers for as much is told with all of it."""
NEWLY_TOLD = 0.2
"""Of a service's rise; where an earlier cause told the rest, it is no other cause."""
TIMES = frozenset({"wire", "queue", "self_time"})
CLEAR, LIKELY = 2.5, 1.4
"""How many times the second's score the first has, to be called high, or medium."""


class Way(NamedTuple):
    """A slow way, and how far a service is held to be its slow end."""

    place: int
    rise_ns: float
    """By request."""
    held: float


@dataclass(frozen=True)
class Found:
    """One service's part in the change."""

    service: int
    score: float
    kind: ChangeKind
    place: int
    """The main one of its places, -1 where it is none in particular."""
    operation: str | None
    delta_ns: float
    """What it adds to a request."""
    z: float
    evidence: tuple[str, ...]
    ways: tuple[Way, ...] = ()
    """The slow ones to and from it, worst first."""
    main: int = -1
    """The place at which most of it is: where its time rose, its failures began, or what it calls more often; else -1."""
    adds: bool = False
    """An operation calls what it did not call before, on top of what it did."""
    doubted: bool = False
    """Something else surely changed before, or it does not go with slow requests."""


def find_causes(observed: Observed, evidence: Evidence, ranking: Ranking) -> tuple[Found, ...]:
    """The services that explain something, best first."""
    order = ranking.order()
    if not order:
        return ()
    least = max(LEAST_SCORE, LEAST_OF_FIRST * float(ranking.score[order[0]]))
    reader = _Reader(observed, evidence, ranking)
    found = [reader.read(one) for one in order[:MOST_CAUSES] if ranking.score[one] >= least]
    return tuple(one for one in found if one.z > 0)


def as_causes(
    observed: Observed, found: tuple[Found, ...], rise_ns: float, least_effective: float
) -> tuple[Cause, ...]:
    """The causes of a report; `rise_ns` is what there is to explain.

    Each slow way is told once, and whole, with the first service that answers for most of it: it names both ends.
    """
    causes = []
    untold: dict[int, float] = {}
    best = max((one.score for one in found), default=0.0)
    for number, one in enumerate(found):
        caller = observed.named(one.place)[2] if one.place >= 0 else None
        second = found[number + 1].score if number + 1 < len(found) else 0.0
        delta_ns = one.delta_ns + _claimed_ns(one, untold)
        if number and one.kind in TIMES and delta_ns < NEWLY_TOLD * one.delta_ns:
            continue
        share = min(max(delta_ns / rise_ns, 0.0), 1.0) if rise_ns > 0 else 0.0
        causes.append(
            Cause(
                service=observed.names.services[one.service],
                operation=one.operation,
                caller=caller,
                change=one.kind,
                delta_ns=round(delta_ns),
                share=round(share, 4),
                confidence=_confidence(one, second, best, least_effective),
                evidence=one.evidence,
            )
        )
    return tuple(causes)


def _claimed_ns(one: Found, untold: dict[int, float]) -> float:
    """What the service's ways add to its time, or take from it, when each is told once."""
    more = 0.0
    for place, rise_ns, held in one.ways:
        left = untold.get(place, 1.0)
        told = min(left, 1.0 if held >= MOSTLY else held)
        untold[place] = left - told
        more += (told - held) * rise_ns
    return more


def _confidence(one: Found, second: float, best: float, least_effective: float) -> Confidence:
    """By margin over the next one, or for a later one over what it was measured against, and by strength."""
    margin = one.score / max(second, 1e-12) if one.score == best else one.score / best * CLEAR
    if one.z >= SURE_Z and margin >= CLEAR and least_effective >= 100 and not one.doubted:
        return "high"
    return "medium" if one.z >= SURE_Z - 1 and margin >= LIKELY else "low"


class _Reader:
    """Puts the findings of one service into words."""

    def __init__(self, observed: Observed, evidence: Evidence, ranking: Ranking) -> None:
        self._observed, self._evidence, self._ranking = observed, evidence, ranking
        self._requests = max(float(observed.incident.cohort.weight.sum()), 1e-300)

    def read(self, service: int) -> Found:
        ranking = self._ranking
        scores = {
            "errors": float(ranking.failure_score[service]),
            "shape": float(ranking.shape_score[service]),
            "calls": float(ranking.calls_score[service]),
            "time": float(ranking.time_score[service]),
        }
        first = max(scores, key=lambda name: scores[name])
        reading = {
            "errors": self._failures,
            "shape": self._shapes,
            "calls": self._calls,
            "time": self._times,
        }[first]
        found = reading(service)
        for name, other in (
            ("time", self._times),
            ("errors", self._failures),
            ("shape", self._shapes),
            ("calls", self._calls),
        ):
            if name != first and scores[name] >= LEAST_SCORE:
                more = other(service)
                found = _joined(found, more)
        return found

    def _times(self, service: int) -> Found:
        shifts, observed = self._evidence.shifts, self._observed
        held = self._held(service)
        rise = np.maximum(shifts.excess_ns, 0) * held * shifts.calls[1] / self._requests * certainty(shifts.z)
        places = np.argsort(-rise, kind="stable")[:MOST_EVIDENCE]
        main = int(places[0])
        told = [int(one) for one in places if rise[one] > 0.05 * rise[main]]
        key = observed.places[main]
        alone = rise[main] >= MAIN * rise.sum()
        is_way = key.caller >= 0
        place = main if is_way and key.service == service else -1
        operation = observed.named(main)[1] if alone and not is_way else None
        # In order of their rise, and what ways there are, whole.
        whole = np.divide(rise, held, out=np.zeros_like(rise), where=held > 0)
        ways = tuple(
            Way(int(one), float(whole[one]), float(held[one]))
            for one in np.argsort(-rise, kind="stable").tolist()
            if rise[one] > 0 and observed.places[one].caller >= 0
        )
        kind: ChangeKind = "wire" if is_way else "self_time"
        if is_way and key.queue:
            kind = "queue"
        # A slow way beside a slow operation is what a busy service looks like from outside.
        own = float(sum(rise[one] for one in range(len(rise)) if observed.places[one].caller < 0))
        code = self._operation_beside(main) if is_way and key.caller == service and not key.queue else None
        if is_way and (own > BUSY * float(rise.sum()) or code is not None):
            kind, place, operation = "self_time", -1, code
        return Found(
            service=service,
            score=float(self._ranking.score[service]),
            kind=kind,
            place=place,
            operation=operation,
            delta_ns=float(rise.sum()),
            z=float(shifts.z[main]),
            evidence=tuple(self._shift_words(one) for one in told),
            ways=ways,
            main=main,
        )

    def _operation_beside(self, way: int) -> str | None:
        """The operation of the caller next to whose calls the time of a way lies; None where calls have spans of their own."""
        incident, operation = self._observed.incident, self._observed.operation[1]
        lines = np.flatnonzero(incident.place == way)
        if not len(lines) or lines[0] < len(operation):
            return None
        time = np.bincount(operation[incident.row[lines]], weights=incident.own_ns[lines])
        return self._observed.names.operations[int(np.argmax(time))][1]

    def _held(self, service: int) -> Float64Array:
        """Which share of each place's rise is this service's."""
        by_caller, by_callee = self._ranking.owner
        held = np.zeros(len(self._observed.places))
        for number, key in enumerate(self._observed.places):
            if key.caller < 0:
                held[number] = float(key.service == service)
            elif key.service == service:
                held[number] = by_callee[number]
            elif key.caller == service:
                held[number] = by_caller[number]
        return held

    def _shift_words(self, place: int) -> str:
        shifts = self._evidence.shifts
        service, operation, caller = self._observed.named(place)
        if caller is None:
            where = f"{place_text(service, operation)}: its own time"
        elif self._observed.places[place].queue:
            where = f"{name_text(caller)} → {name_text(service)}: waiting in the queue"
        else:
            where = f"{name_text(caller)} → {name_text(service)}: on the wire"
        usual, now = duration_text(round(shifts.usual_ns[place])), duration_text(round(shifts.now_ns[place]))
        calls = f"{round(shifts.calls[1][place]):,} against {round(shifts.calls[0][place]):,} calls"
        return f"{where} {usual} → {now} a call ({calls})"

    def _failures(self, service: int) -> Found:
        found, observed = self._evidence.failures, self._observed
        mine = [n for n, place in enumerate(found.place.tolist()) if self._answers_for(service, place)]
        mine.sort(key=lambda n: float(found.usual[n] - found.now[n]))
        words = tuple(
            f"{share_text(float(found.now[n]))} of requests {self._failed_words(n)}, "
            f"{share_text(float(found.usual[n]))} before"
            for n in mine[:MOST_EVIDENCE]
        )
        main = int(found.place[mine[0]])
        key = observed.places[main]
        place = main if key.caller >= 0 and key.service == service else -1
        operation = observed.named(main)[1] if key.service == service else None
        score = float(self._ranking.score[service])
        z = float(found.z[mine[0]])
        kind: ChangeKind = "gone" if found.silent[mine[0]] else "errors"
        return Found(service, score, kind, place, operation, 0.0, z, words, main=main)

    def _answers_for(self, service: int, place: int) -> bool:
        key = self._observed.places[place]
        return service in {key.service, key.caller} or (
            key.caller < 0 and int(self._evidence.missing.service[key.operation]) == service
        )

    def _failed_words(self, number: int) -> str:
        found = self._evidence.failures
        place = int(found.place[number])
        if found.silent[number]:
            callee, _, caller = self._observed.named(place)
            return f"have a call from {name_text(caller or '')} to {name_text(callee)} without an answer"
        return f"began to fail {self._place_words(place)}"

    def _place_words(self, place: int) -> str:
        service, operation, caller = self._observed.named(place)
        if caller is None:
            return f"in {place_text(service, operation)}"
        return f"between {name_text(caller)} and {name_text(service)}"

    def _shapes(self, service: int) -> Found:
        found, names = self._evidence.shapes, self._observed.names
        missing = self._evidence.missing.service[found.operation]
        mine = np.flatnonzero((names.service_of[found.operation] == service) | (missing == service)).tolist()
        mine.sort(key=lambda n: -float(found.requests[n]))
        words = tuple(
            f"{name_text(names.operations[int(found.operation[n])][1])} {self._shape_words(n)} "
            f"in {share_text(float(found.requests[n]))} of requests"
            for n in mine[:MOST_EVIDENCE]
        )
        main = mine[0]
        kind: ChangeKind = "gone" if found.calls_nothing[main] else "new"
        operation = self._own_operation(service, int(found.operation[main]))
        return Found(
            service,
            float(self._ranking.score[service]),
            kind,
            -1,
            operation,
            0.0,
            float(found.z[main]),
            words,
            adds=adds_calls(self._observed, int(found.operation[main])),
        )

    def _own_operation(self, service: int, operation: int) -> str | None:
        names = self._observed.names
        return names.operations[operation][1] if names.service_of[operation] == service else None

    def _shape_words(self, number: int) -> str:
        if self._evidence.shapes.calls_nothing[number]:
            return "ends without calling anybody"
        callees = new_callees_text(self._observed, int(self._evidence.shapes.operation[number]))
        return f"calls {callees}," if callees else "calls other operations than before"

    def _calls(self, service: int) -> Found:
        found, names = self._evidence.calls, self._observed.names
        mine = [n for n, op in enumerate(found.caller.tolist()) if names.service_of[op] == service]
        mine.sort(key=lambda n: -float(self._ranking.added_ns[n]))
        words = tuple(
            f"{name_text(names.operations[int(found.caller[n])][1])} calls {place_text(*names.operations[int(found.operation[n])])} "
            f"{_times_text(float(found.now[n]))} a run instead of {_times_text(float(found.usual[n]))}"
            for n in mine[:MOST_EVIDENCE]
        )
        main = mine[0]
        called = int(found.operation[main])
        own = names.service_of[called] == service
        operation = names.operations[called if own else int(found.caller[main])][1]
        delta = float(sum(self._ranking.added_ns[n] for n in mine))
        score, z = float(self._ranking.score[service]), float(found.z[main])
        return Found(service, score, "calls", -1, operation, delta, z, words, main=self._place_of(called))

    def _place_of(self, operation: int) -> int:
        """The place at which an operation's own time is, or the way that its calls take; -1 without either."""
        for one, codes in zip(self._observed.both, self._observed.operation, strict=True):
            # The first lines are the spans, in order.
            places = one.place[: len(codes)][codes == operation]
            if len(places):
                return int(np.bincount(places).argmax())
        return -1


def _joined(found: Found, more: Found) -> Found:
    """The first kind of evidence, with another one's words and time."""
    return Found(
        service=found.service,
        score=found.score,
        kind=found.kind,
        place=found.place,
        operation=found.operation,
        delta_ns=found.delta_ns + more.delta_ns,
        z=max(found.z, more.z),
        evidence=(*found.evidence, *more.evidence)[: MOST_EVIDENCE + 1],
        ways=found.ways or more.ways,
        main=found.main,
        adds=found.adds,
    )


def _times_text(times: float) -> str:
    """`once`, `30 times`, `2.5 times`."""
    if abs(times - 1) < 0.05:
        return "once"
    return f"{times:.0f} times" if times >= 10 or abs(times - round(times)) < 0.05 else f"{times:.1f} times"
