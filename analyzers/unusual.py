"""Operations of a trace that took longer than they do at this hour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from analyzers.minutes import MINUTE_NS, OperationKey, OperationMinutes, minutes_of
from analyzers.report import Quantiles, Unusual
from analyzers.usual import usual_of
from analyzers.wording import count_text

if TYPE_CHECKING:
    from analyzers.report import Breakdown
    from analyzers.same_hours import Days
    from analyzers.table import SpanTable

MOST_UNUSUAL = 10
LONGER_RATIO = 1.5
"""Than p95: one call in twenty takes longer than that on any day."""
LONGER_NS = 1_000_000
LONGER_SHARE = 0.02
"""Of the whole trace; what is less does not matter to it."""


def minute_of(spans: SpanTable) -> tuple[int, int]:
    """The minute in which a trace began, as a period [start_ns, end_ns)."""
    minute = int(spans.start_ns.min()) // MINUTE_NS
    return minute * MINUTE_NS, (minute + 1) * MINUTE_NS


def durations_in(spans: SpanTable) -> OperationMinutes:
    """The trace's own calls as histograms."""
    return minutes_of(spans, spans.duration_ns)


def with_unusual(report: Breakdown, spans: SpanTable, days: Days) -> Breakdown:
    """The breakdown of these spans with what is unusual in it, furthest from its usual p95 first."""
    usual = usual_of(days)
    known = max((one.days for one in usual.values()), default=0)
    if not known:
        return report
    longest = _longest_ns(spans)
    found = [
        Unusual(
            service=key.service,
            operation=key.operation,
            duration_ns=longest[key],
            usual_ns=Quantiles(p50=one.p50_ns, p95=one.p95_ns),
            times_usual=round(longest[key] / max(one.p50_ns, 1), 2),
        )
        for key, one in usual.items()
        if key in longest and one.days and _matters(longest[key], one.p95_ns, report.duration_ns)
    ]
    found.sort(key=lambda one: (-one.duration_ns / max(one.usual_ns.p95, 1), one.service, one.operation))
    note = f"usual is what the same hour of {count_text(known, 'day')} before had"
    return msgspec.structs.replace(
        report, unusual=tuple(found[:MOST_UNUSUAL]), notes=(*report.notes, note) if found else report.notes
    )


def _matters(duration_ns: int, p95_ns: int, whole_ns: int) -> bool:
    more_ns = duration_ns - p95_ns
    return duration_ns >= LONGER_RATIO * p95_ns and more_ns >= max(LONGER_NS, LONGER_SHARE * whole_ns)


def _longest_ns(spans: SpanTable) -> dict[OperationKey, int]:
    """Of each operation, its longest span."""
    longest: dict[OperationKey, int] = {}
    for row in np.argsort(spans.duration_ns, kind="stable").tolist():
        key = OperationKey(spans.service_name(row), spans.operation_name(row), int(spans.kind[row]))
        longest[key] = int(spans.duration_ns[row])
    return longest
