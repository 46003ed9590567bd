"""What a detector saw: a plain value that says what, since when, how much, how sure, and why in words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FindingKind(StrEnum):
    """What is not as usual."""

    SLOWER = "slower"
    ERRORS = "errors"
    TRAFFIC_LOST = "traffic lost"
    TRAFFIC_DOUBLED = "traffic doubled"
    VANISHED = "vanished"


@dataclass(frozen=True)
class Finding:
    """One operation that is not as usual; figures are nanoseconds, shares or calls, as its kind says.

    For `slower` they are p95, or the median where that changed more; for `errors` shares of calls; otherwise calls in
    five minutes.
    """

    service: str
    operation: str
    span_kind: int
    kind: FindingKind
    what: str
    """`p95` or `p50`, `error_ratio`, `calls`: what the figures are of."""
    since_ns: int
    """When it began, to five minutes."""
    until_ns: int
    """The end of the last slot that was looked at."""
    baseline: float
    now: float
    q_value: float
    """The share of false findings to expect, were all as sure as this one told; of a whole week, of all operations."""
    reason: str
    """The evidence, as a sentence without a full stop."""
    learning: bool = False
    """What is usual is known from a few days only."""

    @property
    def effect(self) -> float:
        """How many times the usual figure."""
        return self.now / self.baseline if self.baseline else float("inf")
