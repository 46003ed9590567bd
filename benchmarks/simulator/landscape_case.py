"""Cases in larger systems: two windows of a landscape's traffic, and the trouble of the second."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from analyzers.builder import build_table
from analyzers.repair import repair
from benchmarks.simulator.landscape import Does, spans_below
from benchmarks.simulator.passage import Passage
from benchmarks.simulator.placing import draw_trouble
from benchmarks.simulator.spans import Spans
from benchmarks.simulator.ticket_office import ticket_office
from benchmarks.simulator.trouble import CALM, FAILING, Acting, Trouble
from benchmarks.simulator.weather import WINDOW_MS, Weather
from benchmarks.simulator.web_shop import web_shop

if TYPE_CHECKING:
    from collections.abc import Callable

    from analyzers.record import SpanRecord
    from analyzers.repair import Repaired
    from benchmarks.simulator.landscape import Landscape

LANDSCAPES: dict[str, Callable[[Random], Landscape]] = {"ticket office": ticket_office, "web shop": web_shop}
TRIES = 60
FEWEST, MOST = 300, 3_000
"""Requests of a window."""
MOST_RUNS = 25_000
"""Of operations in a window; large requests are fewer."""
FEWEST_TOUCHED = 5
"""Requests; what showed in fewer cannot be told from chance."""
FAINT_OF_ALL, FAINT_OF_TOUCHED = 0.005, 0.05
"""Of the time of requests; trouble that adds less than both is in no answer's reach."""
CHANCE = 1 / 4_000
"""That all requests that were touched lie in the incident; where it is larger no ranks tell them from other slow ones."""
SLOWER, FAILING_MORE = 0.05, 0.01
"""From here on a verdict should tell of it: of the mean, of the share of requests."""


@dataclass(frozen=True)
class LandscapeCase:
    """One case with its truth."""

    baseline: Repaired
    incident: Repaired
    trouble: Trouble
    blamed: tuple[str, ...]
    told_by_spans: bool
    """Spans tell of it: enough requests show it, and it adds enough to them."""
    should_be_told: bool
    """It made requests slower, or fail with a status, by enough for a verdict."""
    landscape: Landscape
    acting: Acting


@dataclass(frozen=True)
class _Window:
    records: list[SpanRecord]
    took_ms: list[float]
    touched_ms: float
    """Of the requests that the trouble touched."""


def landscape_case(seed: int, name: str, kind: Trouble) -> LandscapeCase | None:
    """The case of this seed, always the same; None where such landscapes have no place for the trouble."""
    for attempt in range(TRIES):
        random = Random(f"{seed} {name} {kind} {attempt}")
        landscape = LANDSCAPES[name](random)
        acting = draw_trouble(random, kind, landscape)
        if acting is None:
            continue
        sizes = [_size(random, landscape) for _ in range(2)]
        if kind is Trouble.OTHER_TRAFFIC:
            sizes[1] = min(2 * sizes[1], MOST)
        levels = (1.0, math.exp(random.uniform(-0.1, 0.1)) if kind is Trouble.OTHER_DAY else 1.0)
        baseline = _window(random, landscape, Acting(Trouble.NONE), sizes[0], levels[0], 0)
        incident = _window(random, landscape, acting, sizes[1], levels[1], 1)
        tables = [repair(build_table(one.records)) for one in (baseline, incident)]
        return LandscapeCase(
            tables[0],
            tables[1],
            kind,
            tuple(landscape.members[one].name for one in acting.blamed),
            _told_by_spans(landscape, acting, incident),
            _should_be_told(acting, incident, tables[1], sizes[1] / sum(sizes)),
            landscape,
            acting,
        )
    return None


def _size(random: Random, landscape: Landscape) -> int:
    drawn = round(math.exp(random.uniform(math.log(FEWEST), math.log(MOST))))
    return max(FEWEST, min(drawn, round(MOST_RUNS / spans_below(landscape))))


def _window(
    random: Random, landscape: Landscape, acting: Acting, requests: int, level: float, number: int
) -> _Window:
    spread = 0.9 if acting.kind is Trouble.OTHER_TRAFFIC else 0.3
    mix = [one.weight * random.lognormvariate(0, spread) for one in landscape.entries]
    spans = Spans(random, landscape, (number + 1) * 1_000_000, number * 2 * WINDOW_MS)
    weather = Weather(random, len(landscape.members), level=level)
    passage = Passage(random, landscape, weather, acting, spans)
    took = []
    for one in range(requests):
        entry = random.choices(landscape.entries, mix)[0]
        took.append(passage.request(one, entry, random.uniform(0, WINDOW_MS)))
    return _Window(spans.arrived(), took, sum(took[one] for one in acting.touched))


def _told_by_spans(landscape: Landscape, acting: Acting, incident: _Window) -> bool:
    if acting.kind in CALM:
        return True
    if len(acting.touched) < FEWEST_TOUCHED:
        return False
    if acting.kind is Trouble.UNREACHABLE:
        # Without spans of calls, a callee that is not reached by its only caller is a caller that does not call.
        return landscape.view.client_spans or len(landscape.caller_services(acting.service)) > 1
    step = landscape.members[acting.service].works[acting.operation].steps[acting.step : acting.step + 1]
    if acting.kind in FAILING or (
        acting.kind in (Trouble.MORE_CALLS, Trouble.CACHE_OFF)
        and (landscape.view.query_spans or step[0].does is Does.CALL)
    ):
        return True
    whole_ms = sum(incident.took_ms)
    return (
        acting.added_ms >= FAINT_OF_ALL * whole_ms
        or acting.added_ms >= FAINT_OF_TOUCHED * incident.touched_ms
    )


def _should_be_told(acting: Acting, incident: _Window, spans: Repaired, part: float) -> bool:
    if acting.kind in CALM:
        return False
    whole_ms = sum(incident.took_ms)
    roots = spans.spans.root_row
    failed = float(np.mean(spans.spans.status[roots] == 2)) if len(roots) else 0.0
    waited = acting.kind is not Trouble.QUEUE and part ** len(acting.touched) < CHANCE
    return (waited and acting.added_ms >= SLOWER * whole_ms) or failed >= FAILING_MORE
