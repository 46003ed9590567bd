"""Where in a landscape a kind of trouble strikes, and how strongly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.simulator.landscape import Does
from benchmarks.simulator.trouble import CALM, Acting, Trouble
from benchmarks.simulator.weather import WINDOW_MS

if TYPE_CHECKING:
    from random import Random

    from benchmarks.simulator.landscape import Landscape, Step

LEAST, RARE, OFTEN = 0.01, 0.03, 1e9
"""Runs by request of an operation."""
SMALL_MS = 1.5


def draw_trouble(random: Random, kind: Trouble, landscape: Landscape) -> Acting | None:
    """The trouble somewhere; None where the landscape has no place for it."""
    if kind in CALM:
        return Acting(kind)
    places = _places(kind, landscape)
    if not places:
        return None
    # By service first: else the busy ones with many lines of code would have all the trouble.
    service = random.choice(sorted({place[0] for place in places}))
    service, operation, step = random.choice([place for place in places if place[0] == service])
    acting = Acting(kind, service, operation, step=step, blamed=(service,))
    _strengthen(random, acting)
    if kind is Trouble.LOSS_ON_ONE_WAY:
        acting.caller = random.choice(sorted(landscape.caller_services(service)))
        acting.blamed = (service, acting.caller)
    return acting


def _strengthen(random: Random, acting: Acting) -> None:  # noqa: C901, PLR0912 - a list of cases
    match acting.kind:
        case Trouble.CPU:
            acting.strength = random.uniform(1.5, 6)
        case Trouble.CPU_OF_SMALL | Trouble.DISK | Trouble.SLOW_DEPENDENCY:
            acting.strength = random.uniform(4, 20)
        case Trouble.MEMORY:
            acting.pauses = _pauses(random)
        case Trouble.LOSS | Trouble.LOSS_ON_ONE_WAY:
            acting.chance = random.uniform(0.05, 0.2)
        case Trouble.SOCKETS:
            acting.chance, acting.strength = random.uniform(0.1, 0.5), random.uniform(20, 200)
        case Trouble.DELAY | Trouble.DELAY_AT_ONE_POD:
            acting.strength = random.uniform(5, 200)
        case Trouble.EXCEPTION | Trouble.WRONG_RETURN:
            acting.chance = random.choice((0.1, 0.3, 1.0))
            acting.noticed = random.random() < 0.7
        case Trouble.TIMEOUT:
            acting.chance = random.uniform(0.1, 0.6)
        case Trouble.MORE_CALLS:
            acting.strength = random.uniform(4, 15)
        case Trouble.RESTART:
            down = random.uniform(20_000, 120_000)
            acting.pauses = [(down, down + random.uniform(15_000, 30_000))]
            acting.strength = random.uniform(3, 10)
        case Trouble.RARE_OPERATION | Trouble.PART_OF_TIME:
            acting.strength = random.uniform(50, 400)
        case Trouble.ONE_POD | Trouble.QUEUE:
            acting.strength = random.uniform(3, 10)
        case _:
            pass


def _pauses(random: Random) -> list[tuple[float, float]]:
    pauses = []
    at = random.uniform(0, 5_000)
    while at < WINDOW_MS:
        pauses.append((at, at + random.uniform(300, 1_500)))
        at += random.uniform(5_000, 15_000)
    return pauses


def _places(kind: Trouble, landscape: Landscape) -> list[tuple[int, int, int]]:
    """(service, operation, step): every place that requests reach now and then and where the kind can strike."""
    least, most = (LEAST / 3, RARE) if kind is Trouble.RARE_OPERATION else (LEAST, OFTEN)
    consumers = {
        step.target[0]
        for member in landscape.members
        for work in member.works
        for step in work.steps
        if step.does is Does.PUBLISH and step.target
    }
    found = []
    for (service, operation), often in sorted(landscape.reached().items()):
        if not least <= often <= most or (service in consumers) is not (kind is Trouble.QUEUE):
            continue
        steps: list[Step | None] = [*landscape.members[service].works[operation].steps] or [None]
        found += [
            (service, operation, number)
            for number, step in enumerate(steps)
            if _fits(kind, landscape, service, operation, step)
        ]
    return found


def _fits(  # noqa: PLR0911 - a list of cases
    kind: Trouble, landscape: Landscape, service: int, operation: int, step: Step | None
) -> bool:
    member = landscape.members[service]
    does = step.does if step else None
    match kind:
        case Trouble.CPU_OF_SMALL:
            return all(work.own_ms < SMALL_MS for work in member.works)
        case Trouble.LOSS_ON_ONE_WAY | Trouble.UNREACHABLE | Trouble.RESTART | Trouble.TIMEOUT:
            return bool(landscape.caller_services(service))
        case Trouble.DISK:
            return does is Does.QUERY
        case Trouble.MORE_CALLS:
            return does in (Does.CALL, Does.QUERY)
        case Trouble.CACHE_OFF:
            return does is Does.LOOK_UP
        case Trouble.WRONG_RETURN:
            return does is Does.CALL
        case Trouble.SLOW_DEPENDENCY:
            return not any(one.does is Does.CALL for work in member.works for one in work.steps)
        case Trouble.ONE_POD | Trouble.DELAY_AT_ONE_POD:
            return member.pods > 1
        case _:
            return operation >= 0
