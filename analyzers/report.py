"""Reports: what an answer is before anyone renders it. The JSON of these models is the public form.

A report is a plain value: it can be kept, and rendered again tomorrow in another format. Times in text are RFC 3339 with
nanoseconds in UTC, `*_ns` are integers, `share` and `*_ratio` lie in 0..1. Keys stay once published; a
change of meaning raises the number in `SCHEMA`.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

SCHEMA = "tracewhy.report/1"

Confidence: TypeAlias = Literal["high", "medium", "low", "none"]
Source: TypeAlias = Literal["grammar", "classifier", "context"]
Role: TypeAlias = Literal["origin", "propagated", "handled"]


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """What every part of a report is: a frozen value whose fields have names."""


class Scope(Model, frozen=True, kw_only=True):
    """Where a question looks; null stands for anywhere."""

    service: str | None = None
    operation: str | None = None


class Condition(Model, frozen=True, kw_only=True):
    """One `where` of a question."""

    key: str
    op: str
    value: str


class Understood(Model, frozen=True, kw_only=True):
    """What the words were taken to mean, and by what."""

    kind: str
    scope: Scope | None = None
    where: tuple[Condition, ...] = ()
    trace_id: str | None = None
    source: Source = "grammar"
    score: float = 1.0


class Window(Model, frozen=True, kw_only=True):
    """A period [start, end)."""

    start: str
    end: str


class TraceHealth(Model, frozen=True, kw_only=True):
    """What was wrong with the traces an answer stands on, counted. Travels with every answer."""

    traces: int = 0
    spans: int = 0
    """As received, duplicates included."""
    orphans: int = 0
    """Spans whose parent was not received."""
    multi_root: int = 0
    """Traces with more than one span without a parent."""
    rootless: int = 0
    """Traces in which every span names a parent."""
    duplicates: int = 0
    """Spans received more than once; the copies were dropped."""
    cycles: int = 0
    """Circles of parents that had to be cut."""
    negative_durations: int = 0
    """Spans that end before they start, now of no duration."""
    absurd_durations: int = 0
    """Spans longer than seven days, cut to the time in which the rest of their trace ran."""
    doubtful_durations: int = 0
    """Traces whose root came with such a duration, or in a breakdown the span that holds most: what is told of it is made from the others."""
    unanswered_calls: int = 0
    """Calls without a server span where others from the same caller to the same callee have one."""
    absent_calls: int = 0
    """Calls that the same operation makes in all other traces it was compared with, and not in this one."""
    compared_with: int = 0
    """Other traces of the same sort that one trace was held against, to see what it misses; 0 where there are too few, or nothing that they all do could be missed in it."""
    skew_corrected: int = 0
    """Spans that were moved because their host's clock was off."""
    doubtful_clocks: int = 0
    """Traces with spans that were so moved, and may still be off by enough to change the answer."""
    incomplete: int = 0
    """Traces of which spans are missing, as far as can be seen."""
    unreadable: int = 0
    """Spans, lines or records that could not be read and were left out."""
    truncated: bool = False
    """The store held more than it gave."""
    weighted: bool = False
    """The spans say how many others each stands for."""


NO_HEALTH = TraceHealth()


class Asked(Model, frozen=True, kw_only=True):
    """The question that an analysis answers; every report repeats it."""

    question: str
    asked_at: str
    backend: str | None = None
    understood: Understood | None = None


class Report(Model, frozen=True, kw_only=True, tag_field="kind"):
    """What every answer has."""

    schema: str = SCHEMA
    question: str
    asked_at: str
    backend: str | None = None
    understood: Understood | None = None
    window: Window | None = None
    baseline_window: Window | None = None
    headline: str
    """One sentence a person can act on; it stands alone."""
    confidence: Confidence
    notes: tuple[str, ...] = ()
    health: TraceHealth = NO_HEALTH


class Place(Model, frozen=True, kw_only=True):
    """An operation of a service."""

    service: str
    operation: str


class Edge(Model, frozen=True, kw_only=True):
    """From one service to another."""

    caller: str
    callee: str


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
