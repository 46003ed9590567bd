"""Larger systems by type: what their services do step by step, and which of it can be seen.

Unlike the systems of `system.py` these are drawn after kinds that exist: deep chains of many small services behind a
gateway (`ticket_office.py`), and a shop behind a load generator and a proxy, with queues (`web_shop.py`). Nothing in them
was chosen with a ranking in view.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random


GRANULES_NS = (1_000, 1_000, 1_000_000)
LOST = (0.0, 0.0, 0.005)


class Does(StrEnum):
    """What a step of an operation is."""

    CALL = "call"
    QUERY = "query"
    """To a store of the service's own, which sends no spans."""
    LOOK_UP = "look_up"
    """A cache; on a miss the next step is taken, else it is left out."""
    PUBLISH = "publish"
    """To a queue; nobody waits."""


@dataclass
class Step:
    """One line of code."""

    does: Does
    name: str
    target: tuple[int, int] | None = None
    """(service, operation)"""
    chance: float = 1.0
    most: int = 1
    """Taken between once and so many times."""
    parallel: bool = False
    """Runs beside the next step."""
    ms: float = 0.0
    """Of a store or a cache."""
    shielded: bool = False
    """The caller goes on where the callee fails."""
    timeout_ms: float = 0.0
    """After which the caller stops waiting; 0 for never."""
    retries: int = 0
    """How often a failed call is made again."""


@dataclass
class Work:
    """An operation: own time around its steps."""

    name: str
    own_ms: float
    spread: float
    """Of the logarithm of its own time."""
    steps: list[Step] = field(default_factory=list)
    method: str = ""
    """Of an INTERNAL span around its steps, where it has one."""


@dataclass
class Member:
    """A service with its pods."""

    name: str
    works: list[Work]
    pods: int = 1


@dataclass
class View:
    """What instrumentation shows."""

    kinds: bool
    statuses: bool
    client_spans: bool
    query_spans: bool
    linked: bool = False
    """Consumers begin traces of their own, linked to the producer's."""
    granule_ns: int = 1_000
    """Of the clocks."""
    lost: float = 0.0
    """Share of spans that never arrive."""


@dataclass
class Entry:
    """Where requests come in."""

    target: tuple[int, int]
    weight: float
    wrapped: tuple[int, ...] = ()
    """Services above it that do nothing but pass on: a load generator, an edge proxy."""
    background: bool = False
    """Nobody asked: a job by the clock."""


@dataclass
class Landscape:
    """A system and its usual traffic."""

    members: list[Member]
    entries: list[Entry]
    view: View
    wire_ms: float
    clock_ms: list[float]

    def caller_services(self, callee: int) -> set[int]:
        """Services with a line of code that calls it."""
        return {
            service
            for service, member in enumerate(self.members)
            for work in member.works
            for step in work.steps
            if step.does is Does.CALL and step.target and step.target[0] == callee
        }

    def reached(self) -> dict[tuple[int, int], float]:
        """How often a request runs each operation, on average. Services call later ones only."""
        total = sum(one.weight for one in self.entries)
        runs: dict[tuple[int, int], float] = {}
        for entry in self.entries:
            runs[entry.target] = runs.get(entry.target, 0.0) + entry.weight / total
        for service, member in enumerate(self.members):
            for operation, work in enumerate(member.works):
                for step in work.steps:
                    if step.target:
                        often = runs.get((service, operation), 0.0) * step.chance * (1 + step.most) / 2
                        runs[step.target] = runs.get(step.target, 0.0) + often
        return runs


PATHS = "home list item cart pay login trips seats food notes refund rebook staff routes prices stats".split()
BEGINNINGS = "ba de fi go hu ka le mi no pu ra se ti vo wu za".split()
ENDINGS = "bel dor fex gim hul jen kos lim mar nok pel rus sil tov wex zan".split()


def names(random: Random, count: int) -> list[str]:
    """Words that mean nothing."""
    words = [one + other for one in BEGINNINGS for other in ENDINGS]
    return random.sample(words, count)


def with_methods(random: Random, members: list[Member], share: float) -> None:
    """That share of the operations gets spans of the methods that serve them."""
    for member in members:
        for number, work in enumerate(member.works):
            if random.random() < share:
                work.method = f"{member.name.split('-')[0].capitalize()}.handle{number}"


def spans_below(landscape: Landscape) -> float:
    """Mean number of operations that a request runs."""
    known: dict[tuple[int, int], float] = {}

    def of(place: tuple[int, int]) -> float:
        if place not in known:
            known[place] = 1.0  # circles count once
            steps = landscape.members[place[0]].works[place[1]].steps
            known[place] = 1 + sum(
                step.chance * (1 + step.most) / 2 * (of(step.target) if step.target else 1) for step in steps
            )
        return known[place]

    total = sum(one.weight for one in landscape.entries)
    return sum(one.weight * of(one.target) for one in landscape.entries) / total
