"""Traces that may not be whole yet.

The spans of one request come from several processes, each when its exporter next sends. Until then the caller looks as if
it had taken the time, and the failure begun in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analyzers.found import of_traces
from analyzers.unseen_answers import unseen_answers
from analyzers.wording import NS_IN_S, count_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analyzers.arrays import BoolArray
    from analyzers.table import SpanTable

QUIET_S = 5
"""OpenTelemetry's batch span processor sends every 5 s unless it is told otherwise."""
LATE_S = 30
"""A process that has much to do sends later, and a Collector waits for batches of its own."""
QUIET_NS, LATE_NS = QUIET_S * NS_IN_S, LATE_S * NS_IN_S


def whole_traces(spans: SpanTable, now_ns: int) -> tuple[SpanTable, tuple[str, ...]]:
    """The traces, not repaired yet, of which nothing is missed as yet, and what to say of the others.

    Left out are those in which something ended within the last seconds, and those of the last half minute in which a call has
    an answer whose spans are not here. Where that is all of them, they are all there is to answer with.
    """
    moving = _ended_within(spans, QUIET_NS, now_ns)
    late = _of_rows(spans, unseen_answers(spans, _ended_within(spans, LATE_NS, now_ns) & ~moving))
    left_out = moving | late
    if not left_out.any():
        return spans, ()
    if left_out.all():
        of = count_text(len(left_out), "trace")
        when = f"spans within the last {QUIET_S if moving.all() else LATE_S} s"
        return spans, (f"{of} had {when}: more of their spans may be on the way",)
    return of_traces(spans, ~left_out), tuple(_told(int(moving.sum()), int(late.sum())))


def _told(moving: int, late: int) -> Iterator[str]:
    if moving:
        yield (
            f"{_left_out(moving, f'with spans within the last {QUIET_S} s')}: more of their spans may be on the way"
        )
    if late:
        which = f"of the last {LATE_S} s without the spans of what answered a call"
        yield f"{_left_out(late, which)}: they may be on the way"


def _left_out(count: int, which: str) -> str:
    return f"{count_text(count, 'trace')} {which} {'was' if count == 1 else 'were'} left out"


def _ended_within(spans: SpanTable, length_ns: int, now_ns: int) -> BoolArray:
    """Of each trace, whether something in it ended so shortly ago."""
    end_ns = spans.end_ns
    return _of_rows(
        spans, np.flatnonzero((end_ns > now_ns - length_ns) & (end_ns <= now_ns + QUIET_NS)).tolist()
    )


def _of_rows(spans: SpanTable, rows: Sequence[int]) -> BoolArray:
    """Of each trace, whether one of these rows is its."""
    result = np.zeros(len(spans.trace_ids), dtype=np.bool_)
    result[spans.trace[list(rows)]] = True
    return result
