"""Traces that may not be whole yet.

The spans of one request come from several processes, each when its exporter next sends. Until then the caller looks as if
it had taken the time, and the failure begun in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analyzers.found import of_traces
from analyzers.wording import NS_IN_S, count_text

if TYPE_CHECKING:
    from analyzers.table import SpanTable

QUIET_S = 5
"""OpenTelemetry's batch span processor sends every 5 s unless it is told otherwise."""
QUIET_NS = QUIET_S * NS_IN_S


def whole_traces(spans: SpanTable, now_ns: int) -> tuple[SpanTable, tuple[str, ...]]:
    """The traces, not repaired yet, in which nothing ended within the last seconds, and what to say of the others.

    Where all of them are so new, they are all there is to answer with.
    """
    end_ns = spans.end_ns
    moving = np.zeros(len(spans.trace_ids), dtype=np.bool_)
    moving[spans.trace[(end_ns > now_ns - QUIET_NS) & (end_ns <= now_ns + QUIET_NS)]] = True
    count = int(moving.sum())
    if not count:
        return spans, ()
    of = count_text(count, "trace")
    when = f"spans within the last {QUIET_S} s"
    if count == len(moving):
        return spans, (f"{of} had {when}: more of their spans may be on the way",)
    were = "was" if count == 1 else "were"
    return of_traces(spans, ~moving), (
        f"{of} with {when} {were} left out: more of their spans may be on the way",
    )
