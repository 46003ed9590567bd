"""A system of services, drawn at random: who calls whom, how long everything takes, and what of it can be seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random


class Way(StrEnum):
    """How a call is made, and by which spans it shows."""

    REMOTE = "remote"
    DATABASE = "database"
    """A client span of the caller's; the database itself sends none."""
    QUEUE = "queue"
    """Nobody waits."""


@dataclass
class Call:
    """One line of an operation's code."""

    way: Way
    target: tuple[int, int] | None
    """(service, operation); None for databases."""
    name: str
    chance: float = 1.0
    loops: float = 1.0
    """Mean number of times."""
    parallel: bool = False
    """Runs beside the next line."""
    time_ms: float = 0.0
    """Of a database."""


@dataclass
class Operation:
    """A unit of work of a service."""

    name: str
    own_ms: float
    spread: float
    """Of the logarithm of its own time."""
    calls: list[Call] = field(default_factory=list)
    inner: bool = False
    """Has an INTERNAL span within."""


@dataclass
class Instrumentation:
    """What spans show of the truth."""

    kinds: bool = True
    client_spans: bool = True
    statuses: bool = True
    sampled: float = 1.0
    says_weight: bool = True
    missing: float = 0.0
    """Share of spans that never arrive."""


@dataclass
class System:
    """Services by number; the first is entered from outside."""

    services: list[list[Operation]]
    names: list[str]
    wire_ms: float
    traffic: list[float]
    """Weights of the operations of service 0."""
    seen: Instrumentation
    clock_ms: list[float]


WORDS = "ant bee cat dog elk fox gnu hen ibis jay kite lynx mole newt owl pike quail ray seal toad".split()


def random_system(random: Random) -> System:
    """Four to sixteen services in layers, each operation with its own habits."""
    n_services = random.randint(4, 16)
    services = [_operations(random, entry=number == 0) for number in range(n_services)]
    for number in range(n_services):
        for operation in services[number]:
            operation.calls = _calls(random, services, number)
    _reach_all(random, services)
    skew_ms = random.choice((0.0, 0.0, 3.0))
    return System(
        services=services,
        names=random.sample(WORDS, n_services),
        wire_ms=random.uniform(0.2, 1.5),
        traffic=[random.uniform(0.3, 1.0) for _ in services[0]],
        seen=_instrumentation(random),
        clock_ms=[random.uniform(-skew_ms, skew_ms) for _ in range(n_services)],
    )


def _instrumentation(random: Random) -> Instrumentation:
    return Instrumentation(
        kinds=random.random() < 0.7,
        client_spans=random.random() < 0.75,
        statuses=random.random() < 0.7,
        sampled=random.choice((1.0, 1.0, 0.1)),
        says_weight=random.random() < 0.7,
        missing=random.choice((0.0, 0.0, 0.01)),
    )


def _operations(random: Random, *, entry: bool) -> list[Operation]:
    number = random.randint(2, 4) if entry else random.randint(1, 3)
    return [
        Operation(f"op {one}", random.uniform(0.5, 12), random.uniform(0.2, 0.6), inner=random.random() < 0.3)
        for one in range(number)
    ]


def _calls(random: Random, services: list[list[Operation]], caller: int) -> list[Call]:
    """Only later services are called, so that no request goes in circles."""
    later = range(caller + 1, len(services))
    calls = []
    for target in random.sample(later, min(len(later), random.choice((0, 1, 1, 2, 2, 3)))):
        operation = random.randrange(len(services[target]))
        calls.append(
            Call(
                way=Way.QUEUE if random.random() < 0.1 else Way.REMOTE,
                target=(target, operation),
                name=f"call {target}.{operation}",
                chance=random.choice((1.0, 1.0, 0.6)),
                loops=random.choice((1.0, 1.0, 1.0, 3.0)),
                parallel=random.random() < 0.25,
            )
        )
    if random.random() < 0.5:
        calls.append(
            Call(
                Way.DATABASE,
                None,
                f"SELECT {random.choice(WORDS)}",
                chance=random.choice((1.0, 0.3)),  # the rest is in a cache
                time_ms=random.uniform(0.5, 8),
            )
        )
    random.shuffle(calls)
    return calls


def _reach_all(random: Random, services: list[list[Operation]]) -> None:
    """Every service and operation has a caller."""
    called = {call.target for operations in services for one in operations for call in one.calls}
    for service in range(1, len(services)):
        for operation in range(len(services[service])):
            if (service, operation) not in called:
                caller = random.choice(services[random.randrange(service)])
                caller.calls.append(
                    Call(
                        Way.REMOTE,
                        (service, operation),
                        f"call {service}.{operation}",
                        random.choice((1.0, 0.6)),
                    )
                )
