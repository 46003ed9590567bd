"""A shop behind a load generator and an edge proxy: remote calls in pairs of spans, queues, jobs by the clock."""

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
    with_methods,
)

if TYPE_CHECKING:
    from random import Random

LOADER, PROXY, FRONT = 0, 1, 2


def web_shop(random: Random) -> Landscape:
    """13 to 18 services; the first two are above every request."""
    count = random.randint(13, 18)
    consumers = list(range(count - 2, count))
    leaves = list(range(count - 7, count - 2))
    middle = list(range(FRONT + 1, count - 7))
    words = names(random, count)
    members = [Member(word, [], random.choice((1, 1, 3))) for word in words]
    for service in (*leaves, *middle, *consumers):
        members[service].works = [
            _work(random, words[service], number) for number in range(random.randint(1, 3))
        ]
    for service in (*leaves, *consumers):
        for work in members[service].works:
            work.steps = _store(random)
    for service in middle:
        for work in members[service].works:
            work.steps = [
                _call(random, members, random.choice(leaves)) for _ in range(random.randint(0, 3))
            ] + _store(random)
    # One of them gathers much and publishes: the checkout of such shops.
    hub = members[middle[0]].works[0]
    hub.steps = [
        _call(random, members, one) for one in random.sample(leaves + middle[1:], min(6, len(leaves)))
    ]
    hub.steps += [Step(Does.PUBLISH, "orders publish", (one, 0)) for one in consumers]
    front = members[FRONT]
    entries = []
    for rank in range(random.randint(6, 9)):
        steps = [_call(random, members, random.choice(middle + leaves)) for _ in range(random.randint(1, 4))]
        if rank == 4:
            steps.append(Step(Does.CALL, "call hub", (middle[0], 0)))
        front.works.append(Work(f"GET /api/{PATHS[rank]}", random.uniform(1, 5), 0.4, steps))
        entries.append(Entry((FRONT, rank), 1 / (1 + rank), (LOADER, PROXY)))
    members[PROXY].works = [Work("ingress", 0.3, 0.4)]
    members[LOADER].works = [Work("GET", 0.3, 0.4)]
    for service in random.sample(middle + leaves, 2):
        members[service].works.append(Work("refresh", random.uniform(5, 400), 0.6, _store(random)))
        entries.append(Entry((service, len(members[service].works) - 1), 0.08, background=True))
    with_methods(random, members[FRONT:], random.choice((0.0, 0.3)))
    view = View(
        kinds=random.random() < 0.75,
        statuses=random.random() < 0.75,
        client_spans=random.random() < 0.8,
        query_spans=random.random() < 0.8,
        linked=random.random() < 0.4,
        granule_ns=random.choice(GRANULES_NS),
        lost=random.choice(LOST),
    )
    return Landscape(members, entries, view, random.uniform(0.3, 1.0), [0.0] * count)


def _work(random: Random, name: str, number: int) -> Work:
    return Work(f"{name}.Service/Op{number}", random.lognormvariate(0.5, 1.0), random.uniform(0.3, 0.8))


def _store(random: Random) -> list[Step]:
    if random.random() < 0.4:
        return []
    query = Step(Does.QUERY, f"SELECT t{random.randint(1, 9)}", ms=random.uniform(0.4, 5))
    if random.random() < 0.35:
        return [
            Step(Does.LOOK_UP, "HGET", chance=random.uniform(0.7, 0.97), ms=random.uniform(0.1, 0.4)),
            query,
        ]
    return [query]


def _call(random: Random, members: list[Member], service: int) -> Step:
    return Step(
        Does.CALL,
        f"call {members[service].name}",
        (service, random.randrange(len(members[service].works))),
        chance=random.choice((1.0, 1.0, 0.7)),
        most=random.choice((1, 1, 1, 4)),
        parallel=random.random() < 0.2,
        shielded=random.random() < 0.2,
        timeout_ms=random.choice((0.0, 0.0, 2_000.0)),
        retries=random.choice((0, 0, 0, 2)),
    )
