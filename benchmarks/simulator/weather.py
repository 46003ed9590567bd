"""How quick the machines are while a window lasts: slow noise that requests of one moment share."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

WINDOW_MS = 240_000.0
STEP_MS = 2_000.0
STEPS = round(WINDOW_MS / STEP_MS)
COMMON_SPREAD, OWN_SPREAD = 0.04, 0.05
"""Of the logarithm of how long things take, from minute to minute: of all services alike, of each by itself."""
OTHER_DAY = 0.03
"""The same from window to window, of each service."""


class Weather:
    """A factor for what any service does at any moment."""

    def __init__(self, random: Random, n_services: int, *, level: float = 1.0) -> None:
        """`level`: of all services in the whole window."""
        common = _walk(random, random.uniform(0.0, COMMON_SPREAD))
        self._factor = []
        for _ in range(n_services):
            own, day = _walk(random, random.uniform(0.0, OWN_SPREAD)), random.gauss(0, OTHER_DAY)
            self._factor.append([level * math.exp(day + a + b) for a, b in zip(common, own, strict=True)])

    def factor(self, service: int, at_ms: float) -> float:
        return self._factor[service][min(max(int(at_ms / STEP_MS), 0), STEPS - 1)]


def _walk(random: Random, spread: float) -> list[float]:
    """Noise that remembers about half a minute."""
    kept = math.exp(-STEP_MS / random.uniform(10_000, 60_000))
    at = random.gauss(0, spread)
    values = []
    for _ in range(STEPS):
        values.append(at)
        at = kept * at + math.sqrt(1 - kept * kept) * random.gauss(0, spread)
    return values
