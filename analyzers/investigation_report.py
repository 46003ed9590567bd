"""Reports of two cohorts of traces compared: why something is slow or fails, and what changed. See `analyzers.report`."""

from __future__ import annotations

from typing import Literal, TypeAlias

from analyzers.report_base import Confidence, Model, Report, Scope

Verdict: TypeAlias = Literal["slower", "faster", "not_slower", "more_errors", "cannot_tell"]
ChangeKind: TypeAlias = Literal["self_time", "wire", "queue", "errors", "calls", "new", "gone"]


class Change(Model, frozen=True, kw_only=True):
    """How the duration of the requests asked about changed; all figures adjusted for sampling."""

    baseline_ns: int
    incident_ns: int
    delta_ns: int
    ci95_ns: tuple[int, int]
    """95 % interval of the change, by bootstrap over traces."""
    traces: tuple[int, int]
    """Received in the baseline and in the incident window, before adjusting."""
    measure: Literal["mean", "p50", "p95", "p99"] = "mean"
    effective_traces: tuple[float, float] | None = None
    """How many equally weighted traces the cohorts are worth; null where they are not weighted."""
    error_ratio: tuple[float, float] = (0.0, 0.0)
    """Share of requests that failed, in the baseline and in the incident window."""


class Part(Model, frozen=True, kw_only=True):
    """What one place contributes to the change; the parts sum to it exactly."""

    service: str
    operation: str
    caller: str | None = None
    """Where the time is on the wire from it."""
    delta_ns: int
    more_calls_ns: int
    slower_calls_ns: int
    new_ns: int
    gone_ns: int


class Cause(Model, frozen=True, kw_only=True):
    """A place that a person can open, and why it is thought to be the cause."""

    service: str
    operation: str | None
    caller: str | None = None
    change: ChangeKind
    delta_ns: int
    share: float
    confidence: Confidence
    evidence: tuple[str, ...] = ()


class SharedAttribute(Model, frozen=True, kw_only=True):
    """A value that slow or failing requests share more often than chance explains."""

    key: str
    value: str
    where: str
    """The service whose spans or resource carry it, or `request` for the entry span."""
    lift: float
    """How many times more often among the slow than among the others."""
    coverage_ratio: float
    """Share of the slow that carry it."""
    q_value: float
    """After Benjamini-Hochberg over all values tested."""
    incident_without_ns: int
    """What the incident window's measure would be without the requests that carry it."""
    same_as: tuple[str, ...] = ()
    """Other values that the same requests carry: `k8s.pod.name=payment-3 of payment`."""


class Exemplars(Model, frozen=True, kw_only=True):
    """Traces kept as evidence."""

    slow: tuple[str, ...] = ()
    normal: tuple[str, ...] = ()


class Impact(Model, frozen=True, kw_only=True):
    """Who feels the change without being its cause."""

    service: str
    operation: str
    delta_ns: int


class Spread(Model, frozen=True, kw_only=True):
    """How long requests spent at the first cause's place: of those that passed it, what share in which bin."""

    service: str
    operation: str | None
    caller: str | None = None
    edges_ns: tuple[int, ...]
    """Ascending; a bin lies between each two."""
    baseline: tuple[float, ...]
    incident: tuple[float, ...]
    requests: tuple[int, int]
    """Received, in the baseline and in the incident window."""


class Investigation(Report, frozen=True, kw_only=True):
    """Two cohorts of traces compared: what changed, where it comes from, and who feels it."""

    scope: Scope | None = None
    verdict: Verdict
    change: Change | None = None
    """null where there is nothing to compare."""
    parts: tuple[Part, ...] = ()
    """Largest first, whatever its sign."""
    causes: tuple[Cause, ...] = ()
    """Best first."""
    services_ranked: tuple[str, ...] = ()
    """Every service seen, most to least suspect."""
    attributes: tuple[SharedAttribute, ...] = ()
    exemplars: Exemplars = Exemplars()
    impact: tuple[Impact, ...] = ()
    spread: Spread | None = None
    """null where the first cause is no place at which time is spent."""


class Why(Investigation, frozen=True, kw_only=True, tag="why"):
    """Why something is slow, or fails, against what is usual."""


class Compare(Investigation, frozen=True, kw_only=True, tag="compare"):
    """What changed between two periods or two versions."""
