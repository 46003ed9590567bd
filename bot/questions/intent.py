"""What a question can mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from analyzers.report_base import Condition, Source


@dataclass(frozen=True)
class Period:
    """A time [start_ns, end_ns), epoch nanoseconds: already absolute."""

    start_ns: int
    end_ns: int
    assumed: bool = field(default=False, compare=False)
    """The question named no period; this is the usual one."""


@dataclass(frozen=True)
class ExplainTrace:
    """Why this one trace took its time."""

    trace_id: str
    """32 lower-case hex digits."""


@dataclass(frozen=True)
class FindSlowest:
    """The slowest traces, and what dominates them."""

    scope: str | None
    """As written: a service, an operation, a route or a word of the business; resolved against what there is."""
    period: Period
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class FindErrors:
    """What failed, by service."""

    scope: str | None
    period: Period
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class FindTraces:
    """The traces of one user, order or request."""

    where: tuple[Condition, ...]
    period: Period
    scope: str | None = None


@dataclass(frozen=True)
class ListOperations:
    """How operations do."""

    scope: str | None
    period: Period


@dataclass(frozen=True)
class ListServices:
    """How services do."""

    period: Period


Measure: TypeAlias = Literal["mean", "p50", "p95", "p99"]


@dataclass(frozen=True)
class Investigate:
    """Why something is slow, or fails, against what is usual."""

    scope: str | None
    """None for the whole system."""
    period: Period
    baseline: Period | None = None
    """What to hold it against; None for what is usual at that time, as far as that is known."""
    where: tuple[Condition, ...] = ()
    measure: Measure = "mean"


@dataclass(frozen=True)
class CompareCohorts:
    """What changed between two periods, or between two versions within one."""

    scope: str | None
    period: Period
    baseline: Period | None = None
    versions: tuple[str, str] | None = None
    """`service.version` of the baseline and of the other, as written (a leading v is not part of it)."""
    where: tuple[Condition, ...] = ()
    measure: Measure = "mean"


@dataclass(frozen=True)
class Help:
    """What can be asked."""


Search: TypeAlias = FindSlowest | FindErrors | FindTraces | ListOperations | ListServices
"""What reads the spans of a period."""

Investigated: TypeAlias = Investigate | CompareCohorts
"""What compares two cohorts of traces."""

Intent: TypeAlias = ExplainTrace | Help | Search | Investigated


@dataclass(frozen=True)
class Understanding:
    """What a question was taken to mean, by what, and how sure that is."""

    intent: Intent
    source: Source = "grammar"
    score: float = 1.0
    """0..1; what the grammar reads is 1."""
