"""How long what was sent lay in a queue before somebody took it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.table import NO_PARENT, Kind

if TYPE_CHECKING:
    from analyzers.table import SpanTable


def queued_ns(spans: SpanTable, row: int) -> int | None:
    """From the end of the producer's span to the start of this one, which took what that sent.

    None where the span above is no producer's, so that one cannot see when it was sent, and where both ran at the same time.
    """
    parent = int(spans.parent_row[row])
    if parent == NO_PARENT or spans.kind[parent] != Kind.PRODUCER:
        return None
    lay_ns = int(spans.start_ns[row] - spans.end_ns[parent])
    return lay_ns if lay_ns > 0 else None
