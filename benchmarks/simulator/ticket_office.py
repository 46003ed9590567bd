"""Many small services in deep chains behind a gateway, with a few popular entries and many rare ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.simulator.landscape import (
    GRANULES_NS,
    LOST,
    PATHS,
    Does,
    Entry,
    Landscape,
    Member,
    Step,
    View,
    Work,
    names,
    spans_below,
    with_methods,
)

if TYPE_CHECKING:
    from random import Random

MOST_RUNS = 45.0
"""Operations that a request runs, on average; of larger systems another one is drawn."""


def ticket_office(random: Random) -> Landscape:
    """30 to 40 services in seven layers."""
    while True:
        landscape = _drawn(random)
        if spans_below(landscape) <= MOST_RUNS:
            return landscape


def _drawn(random: Random) -> Landscape:
    sizes = (1, 6, 7, 6, 5, 4, 3)
    layers: list[list[int]] = []
    count = 0
    for size in sizes:
        grown = size if size == 1 else size + random.choice((0, 0, 1))
        layers.append(list(range(count, count + grown)))
        count += grown
    members = [
        Member(
            f"{name}-service",
            [_work(random, name, number) for number in range(random.randint(2, 4))],
            random.choice((1, 1, 3)),
        )
        for name in names(random, count)
    ]
    for depth, layer in enumerate(layers):
        for service in layer:
            for work in members[service].works:
                work.steps = _steps(random, members, layers, depth)
    gate = members[layers[0][0]]
    gate.works = []
    entries = []
    for rank in range(random.randint(9, 14)):
        service = random.choice(layers[1])
        operation = random.randrange(len(members[service].works))
        gate.works.append(
            Work(
                f"GET /api/{PATHS[rank]}",
                random.uniform(0.5, 2),
                0.4,
                [Step(Does.CALL, "POST", (service, operation))],
            )
        )
        entries.append(Entry((layers[0][0], rank), 1 / (1 + rank) ** 1.3))
    with_methods(random, members, random.choice((0.0, 0.5, 1.0)))
    view = View(
        kinds=random.random() < 0.6,
        statuses=random.random() < 0.6,
        client_spans=random.random() < 0.5,
        query_spans=random.random() < 0.7,
        granule_ns=random.choice(GRANULES_NS),
        lost=random.choice(LOST),
    )
    return Landscape(
        members,
        entries,
        view,
        random.uniform(0.3, 1.0),
        [random.choice((0.0, 0.0, random.uniform(-2, 2))) for _ in members],
    )


def _work(random: Random, name: str, number: int) -> Work:
    return Work(f"POST /api/v1/{name}/{number}", random.lognormvariate(0.7, 0.9), random.uniform(0.3, 0.8))


def _steps(random: Random, members: list[Member], layers: list[list[int]], depth: int) -> list[Step]:
    steps = []
    if depth + 1 < len(layers):
        for _ in range(random.choice((1, 1, 2, 2, 3)) if depth else 1):
            layer = layers[min(depth + random.choice((1, 1, 1, 2)), len(layers) - 1)]
            service = random.choice(layer)
            steps.append(
                Step(
                    Does.CALL,
                    "POST",
                    (service, random.randrange(len(members[service].works))),
                    chance=random.choice((1.0, 1.0, 0.7, 0.3)),
                    most=random.choice((1, 1, 1, 1, 3)),
                    parallel=random.random() < 0.1,
                    shielded=random.random() < 0.2,
                    timeout_ms=random.choice((0.0, 0.0, 1_500.0)),
                    retries=random.choice((0, 0, 0, 2)),
                )
            )
    if depth > 1 and (random.random() < 0.6 or depth == len(layers) - 1):
        steps.append(
            Step(
                Does.QUERY,
                random.choice(("find", "SELECT", "update")) + f" t{random.randint(1, 9)}",
                ms=random.uniform(0.4, 6),
            )
        )
        if random.random() < 0.25:
            steps.insert(
                -1,
                Step(
                    Does.LOOK_UP, "GET cache", chance=random.uniform(0.7, 0.97), ms=random.uniform(0.1, 0.4)
                ),
            )
    return steps
