"""Kinds of trouble as they come in running systems, and how each of them acts on time, calls and answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from benchmarks.simulator.weather import WINDOW_MS

if TYPE_CHECKING:
    from random import Random


class Trouble(StrEnum):
    """What happens to one service."""

    CPU = "cpu"
    """Everything that it does takes longer, small things too."""
    CPU_OF_SMALL = "cpu_of_small"
    """The same of a service whose operations take hardly any time."""
    MEMORY = "memory"
    """Memory is short: now and then all of it stands still."""
    LOSS = "loss"
    """Packets are lost and sent again."""
    LOSS_ON_ONE_WAY = "loss_on_one_way"
    SOCKETS = "sockets"
    """Connections are short: part of what goes to it or from it waits."""
    DELAY = "delay"
    """Whatever it sends arrives late."""
    DELAY_AT_ONE_POD = "delay_at_one_pod"
    DISK = "disk"
    """Its store answers late."""
    EXCEPTION = "exception"
    """One operation fails before it has done anything."""
    WRONG_RETURN = "wrong_return"
    """One operation gives up half-way, without a status."""
    UNREACHABLE = "unreachable"
    """Calls to it fail at once, and it sees none of them."""
    TIMEOUT = "timeout"
    """It does not answer in time; callers stop waiting."""
    CACHE_OFF = "cache_off"
    MORE_CALLS = "more_calls"
    RESTART = "restart"
    SLOW_DEPENDENCY = "slow_dependency"
    """A service at the end of chains is slow in all that it does."""
    RARE_OPERATION = "rare_operation"
    ONE_POD = "one_pod"
    PART_OF_TIME = "part_of_time"
    """One operation is slow in the last third of the window."""
    QUEUE = "queue"
    """A consumer is slow, and messages wait for it."""
    NONE = "none"
    OTHER_TRAFFIC = "other_traffic"
    """Nothing is wrong: twice as many requests, of other kinds."""
    OTHER_DAY = "other_day"
    """Nothing is wrong: everything takes up to a tenth longer, or shorter."""


CALM = frozenset({Trouble.NONE, Trouble.OTHER_TRAFFIC, Trouble.OTHER_DAY})
FAILING = frozenset({Trouble.EXCEPTION, Trouble.WRONG_RETURN, Trouble.UNREACHABLE, Trouble.RESTART})
SLOW_ALL_OVER = frozenset({Trouble.CPU, Trouble.CPU_OF_SMALL, Trouble.SLOW_DEPENDENCY, Trouble.QUEUE})
LATE = 0.7
"""Of the window; from then on what lasts a part of it."""


@dataclass
class Acting:
    """One trouble at one service."""

    kind: Trouble
    service: int = -1
    operation: int = -1
    caller: int = -1
    step: int = -1
    strength: float = 0.0
    chance: float = 0.0
    blamed: tuple[int, ...] = ()
    pauses: list[tuple[float, float]] = field(default_factory=list)
    noticed: bool = True
    """Callers of what returns wrongly see it, and stop."""
    request: int = -1
    """The one at work."""
    touched: set[int] = field(default_factory=set)
    """Requests in which it showed."""
    added_ms: float = 0.0

    def own_ms(self, service: int, operation: int, pod: int, at: float, usual_ms: float) -> float:
        """Time of its own of a run that usually takes `usual_ms`."""
        if service != self.service:
            return usual_ms
        more = 0.0
        if self.kind in SLOW_ALL_OVER or (self.kind is Trouble.ONE_POD and pod == 0) or self._is_warming(at):
            more = usual_ms * (self.strength - 1)
        elif operation == self.operation and (
            self.kind is Trouble.RARE_OPERATION
            or (self.kind is Trouble.PART_OF_TIME and at > LATE * WINDOW_MS)
        ):
            more = self.strength
        return usual_ms + (self._acts(more) if more else 0.0)

    def _is_warming(self, at: float) -> bool:
        return self.kind is Trouble.RESTART and self.pauses[0][1] <= at < self.pauses[0][1] + 40_000

    def _acts(self, added_ms: float) -> float:
        self.touched.add(self.request)
        self.added_ms += added_ms
        return added_ms

    def stands_still_until(self, service: int, begin: float, end: float) -> float:
        """The end of work, pauses within it added."""
        if self.kind is not Trouble.MEMORY or service != self.service:
            return end
        for first, last in self.pauses:
            if first <= end and begin < last:
                end += self._acts(last - max(first, begin))
        return end

    def sent_late_ms(  # noqa: PLR0911 - a list of cases
        self, random: Random, sender: int, receiver: int, pod: int
    ) -> float:
        """Of one message from a pod of the sender; the receiver -1 is a store."""
        ends = (sender, receiver)
        if self.service not in ends:
            return 0.0
        match self.kind:
            case Trouble.DELAY | Trouble.DELAY_AT_ONE_POD if sender == self.service:
                late = self.kind is Trouble.DELAY or pod == 0
                return self._acts(self.strength * random.uniform(0.8, 1.2)) if late else 0.0
            case Trouble.LOSS if sender == self.service:
                return self._lost_ms(random)
            case Trouble.LOSS_ON_ONE_WAY if set(ends) == {self.service, self.caller}:
                return self._lost_ms(random)
            case Trouble.SOCKETS if random.random() < self.chance:
                return self._acts(random.uniform(0.2, 1.8) * self.strength)
            case Trouble.CPU | Trouble.CPU_OF_SMALL:
                return self._acts(0.1 * (self.strength - 1))
        return 0.0

    def _lost_ms(self, random: Random) -> float:
        if random.random() >= self.chance:
            return 0.0
        return self._acts(random.choice((200.0, 200.0, 400.0, 1_000.0)) * random.uniform(0.97, 1.05))

    def store_ms(self, service: int, usual_ms: float) -> float:
        if self.kind is Trouble.DISK and service == self.service:
            return usual_ms + self._acts(usual_ms * (self.strength - 1))
        return usual_ms

    def fails(self, random: Random, kind: Trouble, service: int, operation: int) -> bool:
        """This run of an operation is one of those that go wrong."""
        here = kind is self.kind and service == self.service and operation == self.operation
        if not here or random.random() >= self.chance:
            return False
        self._acts(0.0)
        return True

    def is_down(self, service: int, at: float) -> bool:
        if service != self.service:
            return False
        down = self.kind is Trouble.UNREACHABLE or (
            self.kind is Trouble.RESTART and self.pauses[0][0] <= at < self.pauses[0][1]
        )
        if down:
            self._acts(0.0)
        return down

    def stuck_ms(self, random: Random, service: int) -> float:
        stuck = self.kind is Trouble.TIMEOUT and service == self.service and random.random() < self.chance
        return self._acts(random.uniform(4_000, 9_000)) if stuck else 0.0

    def times(self, service: int, operation: int, step: int, usual: int, each_ms: float) -> int:
        """How often a step is taken that usually is so often, of `each_ms` where it asks a store."""
        if self.kind is not Trouble.MORE_CALLS or (service, operation, step) != (
            self.service,
            self.operation,
            self.step,
        ):
            return usual
        times = round(usual * self.strength)
        self._acts((times - usual) * each_ms)
        return times

    def misses(self, service: int, saved_ms: float) -> bool:
        """A cache that saves that much time on average does not."""
        misses = self.kind is Trouble.CACHE_OFF and service == self.service
        if misses:
            self._acts(saved_ms)
        return misses

    def queued_ms(self, random: Random, service: int) -> float:
        late = self.kind is Trouble.QUEUE and service == self.service
        return self._acts(random.uniform(2_000, 9_000)) if late else 0.0
