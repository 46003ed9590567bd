"""A flat table of spans in Parquet, one row a span.

Needed: `trace_id`, `span_id`, `service`, `operation`, and start and duration as `start_us`, `duration_us` or
`start_ns`, `duration_ns`. Used where there: `parent_span_id`, `kind`, `status`, `is_error`, `status_message`, and
`attributes` as a JSON object, in which resource attributes are told by their names.
"""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import msgspec

from backends.formats.attribute_text import flattened
from backends.formats.columns import UNKNOWN_SERVICE, SpanColumns, records_of
from backends.formats.decoded import Decoded, NotThisFormat, Problems
from backends.formats.flat_resource import RESOURCES_KEPT, SharedResources, is_resource_key
from backends.formats.json_document import decode_part
from backends.formats.sampling_weight import may_say_weights, weigh
from backends.formats.spelling import STATUSES, kinds, statuses

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analyzers.record import EventRecord, Pairs, SpanRecord

TEXTS = (
    "trace_id",
    "span_id",
    "parent_span_id",
    "service",
    "operation",
    "kind",
    "status",
    "status_message",
    "attributes",
)
NEEDED = ("trace_id", "span_id", "service", "operation")
MOST_BYTES = 2 << 30
MEMORY_LIMIT = "1GB"
MAP = msgspec.json.Decoder(dict[str, Any] | None)


class ParquetReader:
    """Reads the JSON of the `attributes` column."""

    def attributes(self, source: str | None) -> Iterator[tuple[str, str]]:
        return ((key, text) for key, text in _pairs(source) if not is_resource_key(key))

    def events(self, source: str | None) -> Iterable[EventRecord]:  # noqa: ARG002 - the protocol's name
        return ()


READER = ParquetReader()


def decode_parquet(data: bytes) -> Decoded:
    """The spans of one Parquet file.

    Raises:
        NotThisFormat: it is damaged, lacks a needed column, or would fill the memory.
    """
    # DuckDB reads Parquet from files only, and takes brackets and stars in a name for patterns: hence our own name.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "spans.parquet"
        path.write_bytes(data)
        try:
            columns = _columns(path)
        except duckdb.Error as error:
            raise NotThisFormat(_problem_of(error)) from error
    problems = Problems()
    records = _records(columns, problems)
    if any(text and may_say_weights(text.encode()) for text in set(columns["attributes"])):
        weigh(records, _said_by)
    return problems.decoded(records)


def _problem_of(error: duckdb.Error) -> str:
    if isinstance(error, duckdb.ConversionException):
        return "it is Parquet, but a column holds other values than a table of spans does"
    if isinstance(error, duckdb.OutOfMemoryException):
        return f"reading it takes more memory than the {MEMORY_LIMIT} allowed"
    return "it begins as a Parquet file does, and is damaged or cut off"


def _said_by(record: SpanRecord) -> dict[str, str]:
    return dict(READER.attributes(record.source))


def _pairs(source: str | None) -> Iterator[tuple[str, str]]:
    return flattened(decode_part(msgspec.Raw((source or "null").encode()), MAP) or {})


def _columns(path: Path) -> dict[str, list[Any]]:
    """Every column that is used, as Python lists; those the file does not have hold None."""
    with duckdb.connect(":memory:", config={"threads": 1, "memory_limit": MEMORY_LIMIT}) as database:
        given = {
            row[0]
            for row in database.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
        }
        missing = [name for name in NEEDED if name not in given]
        if missing or not given & {"start_us", "start_ns"} or not given & {"duration_us", "duration_ns"}:
            wanted = ", ".join((*NEEDED, "start_us", "duration_us"))
            raise NotThisFormat(f"it is Parquet, but not a table of spans: it needs the columns {wanted}")
        _refuse_too_large(database, path, given)
        result = database.execute(f"SELECT {_selected(given)} FROM read_parquet(?)", [str(path)])  # noqa: S608 - our own names
        # By columns: a tuple a row keeps the garbage collector busy for longer than the reading takes.
        return {name: column.tolist() for name, column in result.fetchnumpy().items()}


def _selected(given: set[str]) -> str:
    texts = [f"{name}::VARCHAR AS {name}" if name in given else f"NULL AS {name}" for name in TEXTS]
    times = [_time(what, given) for what in ("start", "duration")]
    return ", ".join(
        (*texts, *times, "is_error::BOOLEAN AS is_error" if "is_error" in given else "NULL AS is_error")
    )


def _time(what: str, given: set[str]) -> str:
    """A time in nanoseconds; what 64 bits do not hold becomes a time that is refused later."""
    ns = f"{what}_ns::HUGEINT" if f"{what}_ns" in given else f"{what}_us::HUGEINT * 1000"
    low, high = -(2**63), 2**63 - 1
    kept = f"least(greatest({ns}, {low}), {high})" if what == "duration" else f"({ns})"
    return (
        f"CASE WHEN {ns} IS NOT NULL AND {kept} BETWEEN {low} AND {high} THEN {kept}::BIGINT END AS {what}_ns"
    )


def _refuse_too_large(database: duckdb.DuckDBPyConnection, path: Path, given: set[str]) -> None:
    """A small file can stand for endless text: one long value, and a number of rows that repeat it."""
    lengths = " + ".join(f"coalesce(strlen({name}::VARCHAR), 0)" for name in TEXTS if name in given)
    query = f"SELECT coalesce(sum({lengths} + 400), 0) FROM read_parquet(?)"  # noqa: S608 - our own names
    row = database.execute(query, [str(path)]).fetchone()
    if row and row[0] > MOST_BYTES:
        raise NotThisFormat(
            f"its rows would take {row[0] >> 20} MiB, more than the {MOST_BYTES >> 20} MiB allowed"
        )


def _records(columns: dict[str, list[Any]], problems: Problems) -> list[SpanRecord]:
    resource_of = _Resources()
    statuses_given = statuses(columns["status"])
    flagged = zip(statuses_given, columns["is_error"], strict=True)
    n_spans = len(columns["trace_id"])
    return records_of(
        SpanColumns(
            trace_id=columns["trace_id"],
            span_id=columns["span_id"],
            parent_id=columns["parent_span_id"],
            service=[name or UNKNOWN_SERVICE for name in columns["service"]],
            operation=[name or "" for name in columns["operation"]],
            kind=kinds(columns["kind"]),
            status=[STATUSES["ERROR"] if is_error else status for status, is_error in flagged],
            start_ns=[-1 if start is None else start for start in columns["start_ns"]],
            duration_ns=[duration or 0 for duration in columns["duration_ns"]],
            message=[message or "" for message in columns["status_message"]],
            resource=[resource_of(text) for text in columns["attributes"]],
            adjusted_count=[math.nan] * n_spans,
            links=[()] * n_spans,
            source=columns["attributes"],
        ),
        READER,
        problems,
    )


class _Resources:
    """One object for resources that are equal, and one reading for attributes that are written alike."""

    def __init__(self) -> None:
        self._shared = SharedResources()
        self._known: dict[str | None, Pairs] = {}

    def __call__(self, text: str | None) -> Pairs:
        pairs = self._known.get(text)
        if pairs is None:
            pairs = self._shared(_pairs(text))
            if len(self._known) < RESOURCES_KEPT:
                self._known[text] = pairs
        return pairs
