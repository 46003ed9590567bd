"""Reports: what an answer is before anyone renders it. The JSON of these models is the public form.

A report is a plain value: it can be kept, and rendered again tomorrow in another format. Times in text are RFC 3339 with
nanoseconds in UTC, `*_ns` are integers, `share` and `*_ratio` lie in 0..1. Keys stay once published; a
change of meaning raises the number in `SCHEMA`.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from analyzers.investigation_report import Compare, Why
from analyzers.report_base import Condition, Edge, Model, Place, Report, Role


class ServiceShare(Model, frozen=True, kw_only=True):
    """What one service did within the trace."""

    service: str
    spans: int
    self_time_ns: int
    """Time in which its spans ran and none of their children did, summed over spans."""
    critical_ns: int
    """Its own part of the critical path, time on the wire not included."""
    errors: int


class WireShare(Model, frozen=True, kw_only=True):
    """Time on the critical path between two services: network, queues, connection pools, proxies."""

    caller: str
    callee: str
    critical_ns: int


class Segment(Model, frozen=True, kw_only=True):
    """A stretch of the critical path: until it ends, the root cannot."""

    span_id: str
    service: str
    operation: str
    offset_ns: int
    """From the root's start."""
    duration_ns: int
    wire: Edge | None = None


class Bottleneck(Model, frozen=True, kw_only=True):
    """The operation, or the way between two services, that holds most of the critical path."""

    span_id: str
    """The span with the largest part of it."""
    service: str
    operation: str
    critical_ns: int
    share: float
    statement: str | None = None
    count: int = 1
    """How many spans share its time, those beside the critical path too; 1 where one of them took nearly all of it."""
    wire: Edge | None = None
    is_root: bool = False
    """It is the root itself, not what has the same name beneath it."""


class Saving(Model, frozen=True, kw_only=True):
    """How much sooner the trace would have ended if an operation took no time of its own."""

    service: str
    operation: str
    saved_ns: int
    is_root: bool = False
    """It is the root itself, not what has the same name beneath it."""


class Pattern(Model, frozen=True, kw_only=True):
    """A known way to lose time, found in the trace."""

    pattern: str
    service: str
    operation: str
    count: int
    saved_ns: int
    """About what mending it would save."""
    detail: str


class SpanError(Model, frozen=True, kw_only=True):
    """A failed span, or one whose child failed without failing it."""

    span_id: str
    service: str
    operation: str
    role: Role
    victim: bool = False
    """Whoever called it had given it up: what it is said to propagate came from above."""
    type: str | None = None
    message: str | None = None


class Quantiles(Model, frozen=True, kw_only=True):
    """Quantiles of a duration, usually."""

    p50: int
    p95: int


class Unusual(Model, frozen=True, kw_only=True):
    """An operation that took longer than it does at this hour."""

    service: str
    operation: str
    duration_ns: int
    usual_ns: Quantiles
    times_usual: float


class Detached(Model, frozen=True, kw_only=True):
    """Work that the root's end did not wait for: shown, never charged."""

    span_id: str
    service: str
    operation: str
    after_root_ns: int
    """From the root's end to the span's start; negative where it began before."""
    queued_ns: int | None = None
    """From the end of its producer's span to its start; null where it is not known to have lain in a queue."""
    why: str


class Stretch(Model, frozen=True, kw_only=True):
    """A piece of time."""

    offset_ns: int
    """From the root's start."""
    duration_ns: int


class WaterfallRow(Model, frozen=True, kw_only=True):
    """One line of the picture: a span, several alike, the way between services, or what was left out."""

    what: Literal["span", "alike", "wire", "detached", "more"]
    depth: int
    service: str
    operation: str
    callee: str | None = None
    """For `wire`, the service at the other end."""
    count: int = 1
    """Spans that the row stands for; for `alike` without those beneath them."""
    offset_ns: int
    """From the root's start; may be negative."""
    duration_ns: int
    critical_ns: int = 0
    """What of the critical path is this row's own."""
    path: tuple[Stretch, ...] = ()
    """Where that lies, in time order; pieces closer together than a picture can show are joined."""
    failed: bool = False
    slowest: bool = False
    """This row is the bottleneck."""
    remark: str | None = None


class Breakdown(Report, frozen=True, kw_only=True, tag="breakdown"):
    """Where the time of one trace went."""

    trace_id: str
    started_at: str | None = None
    root: Place | None = None
    duration_ns: int = 0
    span_count: int = 0
    services: tuple[ServiceShare, ...] = ()
    wire: tuple[WireShare, ...] = ()
    critical_path: tuple[Segment, ...] = ()
    bottleneck: Bottleneck | None = None
    savings: tuple[Saving, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    errors: tuple[SpanError, ...] = ()
    unusual: tuple[Unusual, ...] = ()
    detached: tuple[Detached, ...] = ()
    waterfall: tuple[WaterfallRow, ...] = ()


class MainPlace(Model, frozen=True, kw_only=True):
    """The place that holds most of a trace's critical path."""

    service: str
    operation: str
    share: float
    statement: str | None = None
    count: int = 1
    """How many spans share its time, those beside the critical path too; 1 where one of them took nearly all of it."""
    wire: Edge | None = None
    """Where it is the way between two services."""


class TraceSummary(Model, frozen=True, kw_only=True):
    """One trace of a list."""

    trace_id: str
    start: str
    duration_ns: int
    service: str
    """Of the root."""
    operation: str
    error: bool
    """The root failed."""
    bottleneck: MainPlace | None = None


class Dominator(Model, frozen=True, kw_only=True):
    """A place that holds much of several traces."""

    service: str
    operation: str
    share: float
    """Of the critical time of all the traces listed."""
    traces: int
    """In how many of them no other place holds more."""
    statement: str | None = None
    wire: Edge | None = None


class Slowest(Report, frozen=True, kw_only=True, tag="slowest"):
    """The slowest traces of a period, and what dominates them."""

    traces: tuple[TraceSummary, ...] = ()
    dominated_by: tuple[Dominator, ...] = ()
    searched: int = 0
    """How many traces of the period these are the slowest of, adjusted for sampling; 0 where the store cannot tell."""


class ErrorGroup(Model, frozen=True, kw_only=True):
    """Failures of one kind that began in one service."""

    type: str | None
    template: str
    """The message, what varies replaced by <*>."""
    count: int
    """Traces, adjusted."""
    first: str
    last: str
    exemplars: tuple[str, ...]


class ServiceErrors(Model, frozen=True, kw_only=True):
    """Failures in one service; counts are traces, adjusted, each once per role."""

    service: str
    traces: int
    origin: int
    propagated: int
    handled: int
    groups: tuple[ErrorGroup, ...] = ()


class Errors(Report, frozen=True, kw_only=True, tag="errors"):
    """What failed in a period, by the service in which it began."""

    services: tuple[ServiceErrors, ...] = ()


class Find(Report, frozen=True, kw_only=True, tag="find"):
    """The traces that carry what was asked for."""

    traces: tuple[TraceSummary, ...] = ()
    matched_on: tuple[Condition, ...] = ()


class OperationRow(Model, frozen=True, kw_only=True):
    """How one operation, or service, does now."""

    service: str
    operation: str | None
    """null in a list of services."""
    kind: str | None
    calls: int
    """Adjusted."""
    error_ratio: float
    p50_ns: int
    p95_ns: int
    p99_ns: int
    usual_p95_ns: int | None = None
    status: Literal["normal", "slower", "errors", "new", "quiet"] = "normal"


class Operations(Report, frozen=True, kw_only=True, tag="operations"):
    """The operations of a service, or of all."""

    rows: tuple[OperationRow, ...] = ()


class Services(Report, frozen=True, kw_only=True, tag="services"):
    """All services."""

    rows: tuple[OperationRow, ...] = ()


class Candidate(Model, frozen=True, kw_only=True):
    """One way to ask again."""

    text: str
    """A command, `tracewhy ask ...`."""
    why: str


class Choice(Report, frozen=True, kw_only=True, tag="choice"):
    """The question asked back."""

    candidates: tuple[Candidate, ...] = ()


class Failure(Report, frozen=True, kw_only=True, tag="error"):
    """No answer, and why."""

    problem: str
    advice: str


AnyReport: TypeAlias = (
    Breakdown | Slowest | Errors | Find | Operations | Services | Why | Compare | Choice | Failure
)
