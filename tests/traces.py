"""Draws traces: an indented picture in, a repaired span table out.

    trace('''
        frontend GET /cart  0..100
          cart  load        10..60    client
          auth  check       40..90    error @pod-2
    ''')

A line is a span: its service, its operation (two spaces or more before what follows), start..end in nanoseconds, then
words in any order: a kind, `error`, `ok`, `@host`, `id=7` (decimal), `parent=9`, `follows=3`, `key=value` attributes,
`weight=4`, `message="pool exhausted"` of the status, `exception="TimeoutError: no answer"`. Quotes keep spaces. Ids count from 1 in the order drawn. The parent is the line above with less indent; `parent=` names another.
Several traces are separated by a line of dashes.
"""

from __future__ import annotations

import math
import re
import shlex
from dataclasses import dataclass, field
from textwrap import dedent
from typing import TYPE_CHECKING

from analyzers.builder import build_table
from analyzers.record import EventRecord, LinkTo, SpanRecord
from analyzers.repair import repair
from analyzers.table import Kind, Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analyzers.repair import Repaired
    from analyzers.table import SpanTable

LINE = re.compile(
    r"^(?P<indent> *)(?P<service>\S+) +(?P<operation>\S.*?) {2,}(?P<start>-?\d+)\.\.(?P<end>-?\d+) *(?P<words>.*)$"
)


@dataclass
class Drawn:
    """What a drawn span carries beyond the columns; reads itself."""

    pairs: dict[str, str] = field(default_factory=dict)
    exceptions: list[EventRecord] = field(default_factory=list)

    def attributes(self, source):
        return tuple(self.pairs.items())

    def events(self, source):
        return tuple(self.exceptions)


def drawn(picture: str, unit_ns: int = 1) -> list[SpanRecord]:
    """The records of a picture whose numbers count `unit_ns` each."""
    records = []
    for number, part in enumerate(re.split(r"^\s*-{3,}\s*$", dedent(picture), flags=re.MULTILINE), start=1):
        records += _one_trace(part, f"{number:032x}", unit_ns, first_id=len(records) + 1)
    return records


def _one_trace(picture: str, trace_id: str, unit_ns: int, first_id: int) -> list[SpanRecord]:
    records: list[SpanRecord] = []
    above: list[tuple[int, int]] = []  # (indent, span id) of the open lines
    for line in dedent(picture).splitlines():
        if not line.strip():
            continue
        match = LINE.match(line)
        assert match, f"not a span: {line!r}"
        indent = len(match["indent"])
        while above and above[-1][0] >= indent:
            above.pop()
        record = _span(match, trace_id, unit_ns, first_id + len(records), above[-1][1] if above else 0)
        above.append((indent, record.span_id))
        records.append(record)
    return records


def _span(match: re.Match[str], trace_id: str, unit_ns: int, span_id: int, parent_id: int) -> SpanRecord:
    more = Drawn()
    record = SpanRecord(
        trace_id=trace_id,
        span_id=span_id,
        parent_id=parent_id,
        service=match["service"],
        operation=match["operation"],
        kind=Kind.UNSPECIFIED,
        status=Status.UNSET,
        start_ns=int(match["start"]) * unit_ns,
        duration_ns=(int(match["end"]) - int(match["start"])) * unit_ns,
        adjusted_count=math.nan,
        source=more,
        reader=more,
    )
    words = match["words"]
    for word in shlex.split(words) if '"' in words else words.split():
        _apply(record, word, more)
    return record


def _apply(record: SpanRecord, word: str, more: Drawn) -> None:
    key, _, value = word.partition("=")
    if word.upper() in Kind.__members__:
        record.kind = Kind[word.upper()]
    elif word.upper() in Status.__members__:
        record.status = Status[word.upper()]
    elif word.startswith("@"):
        record.resource = (("host.name", word[1:]),)
    elif key == "id":
        record.span_id = int(value)
    elif key == "parent":
        record.parent_id = int(value)
    elif key == "follows":
        record.links = (LinkTo(record.trace_id, int(value)),)
    elif key == "weight":
        record.adjusted_count = float(value)
    elif key == "message":
        record.message = value
    elif key == "exception":
        kind, _, text = value.partition(": ")
        pairs = (("exception.type", kind), ("exception.message", text))
        more.exceptions.append(EventRecord(record.start_ns, "exception", pairs))
    else:
        more.pairs[key] = value


def repaired(picture: str, unit_ns: int = 1) -> Repaired:
    """The drawn spans, repaired, with their health."""
    return repair(build_table(drawn(picture, unit_ns)))


def trace(picture: str, unit_ns: int = 1) -> SpanTable:
    """The drawn spans as analyzers take them."""
    return repaired(picture, unit_ns).spans


def row_of(spans: SpanTable, operation: str) -> int:
    """The first row of an operation."""
    return spans.operation.tolist().index(spans.operations.index(operation))


def by_operation(spans: SpanTable, column: Iterable[int]) -> dict[str, int]:
    """A column's values by operation name, for operations that occur once."""
    return {spans.operation_name(row): int(value) for row, value in enumerate(column)}
