"""What every trace store can be asked, whatever it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from analyzers.minutes import OperationMinutes
    from analyzers.table import SpanTable


@dataclass(frozen=True)
class Capabilities:
    """What a store can be asked; the zero value is the least capable one, which finds a trace by its id."""

    list_services: bool = False
    search: bool = False
    """Spans of a service within a period."""
    search_without_service: bool = False
    search_attributes: bool = False
    """By span attributes, in the store; where False the adapter fetches and filters."""
    search_events: bool = False
    """By attributes of a span's events as well, where the query wants that, and by their names."""
    search_errors: bool = False
    search_duration: bool = False
    search_slowest: bool = False
    """A search can be asked for the slowest traces instead of the newest ones."""
    search_evenly: bool = False
    """A search can be asked for traces from all over the period instead of the newest ones."""
    exhaustive_search: bool = False
    """A search below its limit found everything."""
    whole_periods: bool = False
    """All traces of a period may be asked for at once: they lie on this machine and nobody else waits for it."""
    like_traces: bool = False
    """Beside a trace that was found, some more of its sort may be asked for: that costs little."""
    aggregates: bool = False
    """Histograms made in the store."""
    exemplars: bool = False


@dataclass(frozen=True)
class SpanQuery:
    """Which traces are wanted: those with a span that matches all of this. Whole traces come back.

    The window is half-open and holds the matching span's start.
    """

    start_ns: int
    end_ns: int
    service: str | None = None
    operation: str | None = None
    attributes: tuple[tuple[str, str], ...] = ()
    """Equal to, as text in the canonical form of `SpanReader.attributes`; span or resource attributes. With `search_events`
    a key of EVENT_NAME_KEYS is that, or the name of one of the span's events."""
    in_events: bool = False
    """An attribute may be one of the span's events, too; only with `search_events`."""
    errors_only: bool = False
    min_duration_ns: int = 0
    limit: int = 100
    """At most so many traces."""
    slowest_first: bool = False
    """Of more than the limit keep those with the longest root, not the newest; only with `search_slowest`."""
    evenly: bool = False
    """Of more than the limit keep some from all over the period, whatever they are like and the same each time, not
    the newest; only with `search_evenly`."""


@dataclass(frozen=True)
class Found:
    """Spans as the store gave them: not repaired, possibly none. None is an answer, not an error."""

    spans: SpanTable
    truncated: bool = False
    """There was more than the limit, or than could be read: nothing may be counted from this."""
    unreadable: int = 0
    """Spans or lines that had to be left out."""
    notes: tuple[str, ...] = field(default=())
    """Sentences for the answer: what was left out and why."""
    matching: int | None = None
    """How many traces match in all, whatever the limit; None where the store did not count them."""


@dataclass(frozen=True)
class MinutesQuery:
    """Which histograms are wanted: of all operations, or of a service's, in the minutes that the window touches."""

    start_ns: int
    end_ns: int
    service: str | None = None
    self_time: bool = False
    """Of self time instead of duration."""
    together: bool = False
    """All its minutes as one, the first of them: where only the sum is wanted, that is much less to give."""


class Backend(Protocol):
    """A place where traces live.

    Every method raises a `BackendError` with advice where no answer can be had, `CannotAsk` in particular for what
    the capabilities do not promise.
    """

    @property
    def name(self) -> str:
        """As people call it, without credentials: `jaeger://127.0.0.1:16686`, or the name in the settings."""
        ...

    @property
    def capabilities(self) -> Capabilities: ...

    async def find_trace(self, trace_id: str) -> Found:
        """The spans of one trace, by its 32 lower-case hex digits. No spans: it is not there."""
        ...

    async def find_spans(self, query: SpanQuery) -> Found:
        """The spans of all traces that match."""
        ...

    async def services(self) -> tuple[str, ...]:
        """Names of all services, sorted."""
        ...

    async def operations(self, service: str) -> tuple[str, ...]:
        """Names of all operations of a service, sorted; none for a service that is not there."""
        ...

    async def minutes(self, query: MinutesQuery) -> OperationMinutes:
        """One-minute histograms of operations; only with `aggregates`."""
        ...

    async def aclose(self) -> None:
        """Let go of connections and files."""
        ...


class Progress(Protocol):
    """Told while something takes long; called often, so it must be quick."""

    def __call__(self, doing: str, done: int, total: int | None) -> None:
        """`done` of `total` bytes or spans, where the total is known."""
        ...
