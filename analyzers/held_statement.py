"""Which statement holds most of a place: several may share an operation, such as `SELECT shop`."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analyzers.critical_path import CriticalPath
    from analyzers.statements import StatementReader
    from analyzers.table import SpanTable

MOST_STATEMENTS_READ = 200
"""Spans of one place and trace whose statements are read: the ones that took longest."""


def held_statement(
    spans: SpanTable, path: CriticalPath, rows: Sequence[int], operation: str, reader: StatementReader
) -> str | None:
    """The statement, its values masked, whose spans together hold most of the critical path; None without statements."""
    held: Counter[str] = Counter()
    longest = sorted(rows, key=lambda row: (-int(path.own_ns[row]), row))[:MOST_STATEMENTS_READ]
    for row in longest:
        found = reader.find(spans.details.attributes(row), operation)
        if found:
            held[found.text] += int(path.own_ns[row])
    return min(held, key=lambda text: (-held[text], text)) if held else None
