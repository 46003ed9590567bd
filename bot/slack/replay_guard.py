"""A signed request is taken once: whoever repeats one that they saw is refused."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

VALID_S = 300.0
"""Slack: older requests are refused for their timestamp alone."""
MARGIN_S = 60.0
"""For clocks that differ: a timestamp may lie ahead of ours."""
MOST_KEPT = 200_000


class ReplayGuard:
    """Signatures of the last minutes."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._taken_s: OrderedDict[str, float] = OrderedDict()

    def admits(self, signature: str) -> bool:
        """Whether the signature is new; from now on it is not."""
        now_s = self._clock()
        self._forget(now_s - 2 * VALID_S - MARGIN_S)
        if signature in self._taken_s or len(self._taken_s) >= MOST_KEPT:
            return False
        self._taken_s[signature] = now_s
        return True

    def _forget(self, before_s: float) -> None:
        while self._taken_s and next(iter(self._taken_s.values())) < before_s:
            self._taken_s.popitem(last=False)
