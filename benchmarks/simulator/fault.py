"""What can be wrong with a simulated system, and who is to blame."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from benchmarks.simulator.system import Way

if TYPE_CHECKING:
    from random import Random

    from benchmarks.simulator.system import System


class Kind(StrEnum):
    """One way to break a service."""

    OWN_CODE = "own_code"
    CPU = "cpu"
    NETWORK = "network"
    POOL_WAIT = "pool_wait"
    MORE_CALLS = "more_calls"
    ERRORS = "errors"
    SLOW_DATABASE = "slow_database"
    TWO = "two"
    NONE = "none"


@dataclass(frozen=True)
class Fault:
    """One broken thing; which of the fields count depends on the kind."""

    kind: Kind
    service: int
    operation: int = 0
    call: int = 0
    strength: float = 1.0
    """Milliseconds, a factor or a chance."""


@dataclass(frozen=True)
class Broken:
    """All that is broken in one case."""

    kind: Kind
    faults: tuple[Fault, ...]
    blamed: tuple[int, ...]
    """Services; of a wait between two, both."""


SINGLE = tuple(kind for kind in Kind if kind not in (Kind.TWO, Kind.NONE))


def random_fault(random: Random, system: System, kind: Kind) -> Broken | None:
    """The fault somewhere in the system; None where it has no place for it."""
    if kind is Kind.NONE:
        return Broken(kind, (), ())
    if kind is Kind.TWO:
        pair = [random_fault(random, system, random.choice((Kind.OWN_CODE, Kind.NETWORK))) for _ in range(2)]
        if None in pair or pair[0].blamed == pair[1].blamed:  # type: ignore[union-attr] # None is ruled out first
            return None
        return Broken(
            kind,
            tuple(f for one in pair if one for f in one.faults),
            tuple(s for one in pair if one for s in one.blamed),
        )
    places = _places(system, kind)
    if not places:
        return None
    service, operation, call = random.choice(places)
    fault = Fault(kind, service, operation, call, _strength(random, kind))
    blamed: tuple[int, ...] = (service,)
    if kind is Kind.POOL_WAIT:
        target = system.services[service][operation].calls[call].target
        blamed = (service, target[0]) if target else (service,)
    return Broken(kind, (fault,), blamed)


def _strength(random: Random, kind: Kind) -> float:
    match kind:
        case Kind.OWN_CODE | Kind.NETWORK | Kind.POOL_WAIT:
            return random.uniform(20, 300)
        case Kind.CPU:
            return random.uniform(3, 15)
        case Kind.MORE_CALLS | Kind.SLOW_DATABASE:
            return random.uniform(8, 30)
        case _:
            return random.uniform(0.1, 0.6)


def _places(system: System, kind: Kind) -> list[tuple[int, int, int]]:
    """(service, operation, call) at which the kind can strike."""
    everywhere = [
        (service, operation)
        for service, operations in enumerate(system.services)
        for operation in range(len(operations))
    ]
    if kind in (Kind.OWN_CODE, Kind.CPU, Kind.ERRORS):
        return [(service, operation, 0) for service, operation in everywhere]
    if kind is Kind.NETWORK:
        return [(service, operation, 0) for service, operation in everywhere if service]
    ways = {
        Kind.POOL_WAIT: (Way.REMOTE,),
        Kind.MORE_CALLS: (Way.REMOTE, Way.DATABASE),
        Kind.SLOW_DATABASE: (Way.DATABASE,),
    }[kind]
    return [
        (service, operation, number)
        for service, operation in everywhere
        for number, call in enumerate(system.services[service][operation].calls)
        if call.way in ways and call.chance == 1
    ]
