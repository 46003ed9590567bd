"""What every report has, and what several of them say: see `analyzers.report`."""

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
