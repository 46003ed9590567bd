"""One request's way through a landscape, as the spans that its instrumentation sends."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from analyzers.record import LinkTo
from analyzers.table import Kind
from benchmarks.simulator.landscape import Does
from benchmarks.simulator.trouble import Trouble

if TYPE_CHECKING:
    from random import Random

    from benchmarks.simulator.landscape import Entry, Landscape, Step, Work
    from benchmarks.simulator.spans import Spans
    from benchmarks.simulator.trouble import Acting
    from benchmarks.simulator.weather import Weather

MOST_SPANS = 400
"""Of one request; loops within loops grow quickly."""
WIRE_SPREAD, STORE_SPREAD = 0.5, 0.5
"""Of logarithms."""
PUBLISHING_MS = 0.3


class Outcome(IntEnum):
    """How a run ended."""

    OK = 0
    FAILED = 1
    SILENT = 2
    """It failed, and says so to its caller, but to no span."""


@dataclass(frozen=True)
class Ended:
    """A run of an operation."""

    end: float
    outcome: Outcome
    pod: int


class Passage:
    """Sends requests through."""

    def __init__(
        self, random: Random, landscape: Landscape, weather: Weather, acting: Acting, spans: Spans
    ) -> None:
        self._random, self._landscape, self._weather = random, landscape, weather
        self._acting, self._spans = acting, spans

    def request(self, number: int, entry: Entry, at: float) -> float:
        """What the request took."""
        self._acting.request = number
        self._spans.begin_trace()
        return self._wrapped(entry, entry.wrapped, at, 0).end - at

    def _wrapped(self, entry: Entry, above: tuple[int, ...], at: float, parent: int) -> Ended:
        """Services that do nothing but pass on; then the entry."""
        if not above:
            return self._run(entry.target, at, parent, Kind.INTERNAL if entry.background else Kind.SERVER)
        service, below = above[0], above[1] if len(above) > 1 else entry.target[0]
        work = self._landscape.members[service].works[0]
        row = self._spans.open(service, 0, work.name, at, parent, Kind.SERVER if parent else Kind.CLIENT)
        own = self._own_ms(service, 0, 0, work, at)
        begin = at + own / 2 + self._wire_ms(service, below, 0)
        done = self._wrapped(entry, above[1:], begin, self._spans.id_of(row))
        end = done.end + self._wire_ms(below, service, done.pod) + own / 2
        self._close(row, end, done.outcome)
        return Ended(end, done.outcome, 0)

    def _run(self, place: tuple[int, int], arrived: float, parent: int, kind: Kind) -> Ended:
        """One run of an operation that is asked for at `arrived`."""
        service, operation = place
        member = self._landscape.members[service]
        work, pod = member.works[operation], self._random.randrange(member.pods)
        begin = self._acting.stands_still_until(service, arrived, arrived)
        row = self._spans.open(service, pod, work.name, begin, parent, kind)
        method = row
        if work.method:
            method = self._spans.open(
                service, pod, work.method, begin + 0.02, self._spans.id_of(row), Kind.INTERNAL
            )
        own = self._own_ms(service, operation, pod, work, begin) + self._acting.stuck_ms(
            self._random, service
        )
        end, outcome = self._steps(service, operation, pod, begin, own, method)
        if method != row:
            self._close(method, end, outcome)
            end += 0.05
        self._close(row, end, outcome)
        return Ended(end, outcome, pod)

    def _steps(
        self, service: int, operation: int, pod: int, at: float, own: float, row: int
    ) -> tuple[float, Outcome]:
        steps = self._landscape.members[service].works[operation].steps
        piece = own / (len(steps) + 1)
        acting, beside, skipped = self._acting, at, -1
        if acting.fails(self._random, Trouble.EXCEPTION, service, operation):
            return self._worked(service, at, piece * 0.5), Outcome.FAILED
        gives_up = acting.fails(self._random, Trouble.WRONG_RETURN, service, operation)
        for number, step in enumerate(steps):
            at = self._worked(service, at, piece)
            if gives_up and number == acting.step:
                return max(at, beside), Outcome.SILENT if acting.noticed else Outcome.OK
            if number == skipped or self._random.random() >= self._chance(step):
                continue
            if step.does is Does.LOOK_UP:
                at = self._asks_store(service, pod, step, at, row)
                saved_ms = step.chance * steps[number + 1].ms
                hit = self._random.random() < step.chance and not acting.misses(service, saved_ms)
                skipped = number + 1 if hit else -1
                continue
            end, outcome = self._takes(service, operation, pod, number, step, at, row)
            if step.parallel:
                beside = max(beside, end)
            else:
                at = end
            if outcome and not step.shielded:
                return max(at, beside), outcome
        return max(self._worked(service, at, piece), beside), Outcome.OK

    @staticmethod
    def _chance(step: Step) -> float:
        return 1.0 if step.does is Does.LOOK_UP else step.chance

    def _takes(
        self, service: int, operation: int, pod: int, number: int, step: Step, at: float, row: int
    ) -> tuple[float, Outcome]:
        """One line of code, as often as it loops and is tried again."""
        if step.does is Does.PUBLISH:
            return self._publishes(service, pod, step, at, row), Outcome.OK
        usual = self._random.randint(1, step.most)
        for _ in range(self._acting.times(service, operation, number, usual, step.ms)):
            if self._spans.in_trace >= MOST_SPANS:
                break
            if step.does is Does.QUERY:
                at = self._asks_store(service, pod, step, at, row)
                continue
            for attempt in range(1 + step.retries):
                at, outcome = self._calls(service, pod, step, at, row)
                if not outcome:
                    break
                if attempt < step.retries:
                    at += self._random.uniform(5, 30)
            if outcome:
                return at, outcome
        return at, Outcome.OK

    def _calls(self, service: int, pod: int, step: Step, at: float, row: int) -> tuple[float, Outcome]:
        """A remote call: ends when it is answered, refused, or not waited for any longer."""
        assert step.target is not None
        callee, parent = step.target[0], self._spans.id_of(row)
        call = -1
        if self._landscape.view.client_spans:
            call = self._spans.open(service, pod, step.name, at, parent, Kind.CLIENT)
            parent = self._spans.id_of(call)
        if self._acting.is_down(callee, at):
            end, outcome = at + self._random.uniform(0.3, 2), Outcome.FAILED
        else:
            done = self._run(step.target, at + self._wire_ms(service, callee, pod), parent, Kind.SERVER)
            end, outcome = done.end + self._wire_ms(callee, service, done.pod), done.outcome
        if step.timeout_ms and end - at > step.timeout_ms:
            end, outcome = at + step.timeout_ms, Outcome.FAILED
        if call >= 0:
            self._close(call, end, outcome)
        return end, outcome

    def _asks_store(self, service: int, pod: int, step: Step, at: float, row: int) -> float:
        took = step.ms * self._random.lognormvariate(0, STORE_SPREAD) * self._weather.factor(service, at)
        took = self._acting.store_ms(service, took)
        took += self._acting.sent_late_ms(self._random, service, -1, pod)
        if self._landscape.view.query_spans:
            query = self._spans.open(service, pod, step.name, at, self._spans.id_of(row), Kind.CLIENT)
            self._close(query, at + took, Outcome.OK)
        return at + took

    def _publishes(self, service: int, pod: int, step: Step, at: float, row: int) -> float:
        """Nobody waits for who takes the message."""
        assert step.target is not None
        sent = self._spans.open(service, pod, step.name, at, self._spans.id_of(row), Kind.PRODUCER)
        self._close(sent, at + PUBLISHING_MS, Outcome.OK)
        taken = at + PUBLISHING_MS + self._random.uniform(1, 20)
        taken += self._acting.queued_ms(self._random, step.target[0])
        if not self._landscape.view.linked:
            self._run(step.target, taken, self._spans.id_of(sent), Kind.CONSUMER)
            return at + PUBLISHING_MS
        link = LinkTo(self._spans.trace_id, self._spans.id_of(sent))
        with self._spans.trace_of_its_own(link):
            self._run(step.target, taken, 0, Kind.CONSUMER)
        return at + PUBLISHING_MS

    def _own_ms(self, service: int, operation: int, pod: int, work: Work, at: float) -> float:
        own = work.own_ms * self._random.lognormvariate(0, work.spread) * self._weather.factor(service, at)
        return self._acting.own_ms(service, operation, pod, at, own)

    def _worked(self, service: int, at: float, time: float) -> float:
        return self._acting.stands_still_until(service, at, at + time)

    def _wire_ms(self, sender: int, receiver: int, pod: int) -> float:
        wire = self._landscape.wire_ms * self._random.lognormvariate(0, WIRE_SPREAD)
        return wire + self._acting.sent_late_ms(self._random, sender, receiver, pod)

    def _close(self, row: int, end: float, outcome: Outcome) -> None:
        self._spans.close(row, end, failed=outcome is Outcome.FAILED)
