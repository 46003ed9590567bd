"""Spans into the tables, each once: of two copies the one that finished later stays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import duckdb
import numpy as np

from analyzers.minutes import MINUTE_NS
from backends.embedded.known_spans import KnownSpans, span_hash
from backends.embedded.rollup import DURATIONS, Unmerged, add_rollups, take_from_rollups
from backends.embedded.settling import next_round, touch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from analyzers.arrays import Int64Array
    from backends.embedded.encoding import Columns, EncodedSpans

RESOURCES_REMEMBERED = 50_000
"""More than the processes of a large system; a resource that was forgotten is stored once more."""
SPANS_READ_AT_ONCE = 100_000
"""Ten times as many took 110 MiB more while a store of a million was opened."""

STORED = """
SELECT stored.rowid AS stored, twin.row AS row, stored.start_ns + stored.duration_ns >= twin.end_ns AS stays
FROM spans stored JOIN twins twin USING (trace_hi, trace_lo, span_id, kind, service)
"""


@dataclass
class Upsert:
    """What the writer remembers between its transactions; changes only once they are committed."""

    known: KnownSpans = field(default_factory=KnownSpans)
    resources: dict[str, int] = field(default_factory=dict)
    next_resource: int = 0
    unmerged: Unmerged = field(default_factory=lambda: Unmerged(DURATIONS))
    round: int = 0
    """Spans that come now count as the latest of their trace until the next round."""

    @classmethod
    def after(cls, connection: DuckDBPyConnection) -> Upsert:
        """As it must be for what a database holds."""
        found = connection.execute("SELECT coalesce(max(id) + 1, 0) FROM resources").fetchone()
        newest = "SELECT attributes, id FROM resources ORDER BY id DESC LIMIT ?"
        return cls(
            known=known_spans(connection),
            resources=dict(connection.execute(newest, [RESOURCES_REMEMBERED]).fetchall()),
            next_resource=int(found[0]) if found else 0,
            round=next_round(connection),
        )

    def keep(self, connection: DuckDBPyConnection, batches: Sequence[EncodedSpans]) -> None:
        """Store all spans of these batches, or, where it raises, none."""
        new_resources = self._new_resources(batches)
        columns = _without_repeats(self._joined(batches, new_resources))
        connection.execute("BEGIN")
        try:
            columns = self._without_stored(connection, columns)
            added = _insert(connection, columns, new_resources, self.round)
            connection.execute("COMMIT")
        except BaseException:
            give_up(connection)
            raise
        self._remember(columns, new_resources, added)

    def _new_resources(self, batches: Sequence[EncodedSpans]) -> dict[str, int]:
        if len(self.resources) > RESOURCES_REMEMBERED:
            self.resources.clear()
        texts = dict.fromkeys(text for batch in batches for text in batch.resources)
        new = [text for text in texts if text not in self.resources]
        return {text: self.next_resource + number for number, text in enumerate(new)}

    def _joined(self, batches: Sequence[EncodedSpans], new_resources: dict[str, int]) -> Columns:
        ids = self.resources | new_resources if new_resources else self.resources
        resource = [
            np.array([ids[text] for text in batch.resources], dtype=np.int64)[batch.columns["resource"]]
            for batch in batches
        ]
        columns = {
            name: np.concatenate([batch.columns[name] for batch in batches]) for name in batches[0].columns
        }
        return columns | {"resource": np.concatenate(resource)}

    def _without_stored(self, connection: DuckDBPyConnection, columns: Columns) -> Columns:
        """The spans to insert; stored copies that finished earlier are gone after this."""
        suspects = np.flatnonzero(self.known.may_hold(columns))
        if len(suspects) == 0:
            return columns
        twins = {
            name: columns[name][suspects] for name in ("trace_hi", "trace_lo", "span_id", "kind", "service")
        } | {"row": suspects, "end_ns": (columns["start_ns"] + columns["duration_ns"])[suspects]}
        with_view(connection, "twins", twins)
        found = connection.execute(STORED).fetchnumpy()
        connection.unregister("twins")
        stays = np.asarray(found["stays"], dtype=np.bool_)
        _remove(connection, np.asarray(found["stored"])[~stays])
        return _rows(
            columns, np.setdiff1d(np.arange(len(columns["span_id"])), np.asarray(found["row"])[stays])
        )

    def _remember(self, columns: Columns, new_resources: dict[str, int], added: int) -> None:
        self.known.add(columns)
        self.resources |= new_resources
        self.next_resource += len(new_resources)
        self.unmerged.add(added, columns["start_ns"] // MINUTE_NS)


def known_spans(connection: DuckDBPyConnection) -> KnownSpans:
    """A filter that knows the spans of a database and nothing else."""
    known = KnownSpans()
    found = connection.execute("SELECT coalesce(max(rowid), -1) FROM spans").fetchone()
    for begin in range(0, int(found[0]) + 1 if found else 0, SPANS_READ_AT_ONCE):
        some = connection.execute(
            "SELECT trace_hi, trace_lo, span_id FROM spans WHERE rowid >= ? AND rowid < ?",
            [begin, begin + SPANS_READ_AT_ONCE],
        )
        known.add({name: np.asarray(column) for name, column in some.fetchnumpy().items()})
    return known


def with_view(connection: DuckDBPyConnection, name: str, columns: Columns) -> None:
    """Let arrays be read as a table of that name."""
    connection.register(name, columns)


def give_up(connection: DuckDBPyConnection) -> None:
    """End a transaction that failed; one whose commit failed has ended already."""
    try:
        connection.execute("ROLLBACK")
    except duckdb.Error:
        return


def _without_repeats(columns: Columns) -> Columns:
    """One row for each span, the one that finished last; of equal ones the first."""
    hashes = span_hash(columns)
    values, counts = np.unique(hashes, return_counts=True)
    if len(values) == len(hashes):
        return columns
    best: dict[tuple[object, ...], tuple[int, int]] = {}
    repeated = np.flatnonzero(np.isin(hashes, values[counts > 1]))
    end_ns = columns["start_ns"] + columns["duration_ns"]
    for row in repeated.tolist():
        key = tuple(columns[name][row] for name in ("trace_hi", "trace_lo", "span_id", "kind", "service"))
        if key not in best or best[key][0] < end_ns[row]:
            best[key] = (int(end_ns[row]), row)
    kept = [row for _, row in best.values()]
    return _rows(columns, np.union1d(np.setdiff1d(np.arange(len(hashes)), repeated), kept).astype(np.int64))


def _rows(columns: Columns, rows: Int64Array) -> Columns:
    return {name: column[rows] for name, column in columns.items()}


def _remove(connection: DuckDBPyConnection, stored: Int64Array) -> None:
    if len(stored) == 0:
        return
    with_view(connection, "replaced", {"stored": stored})
    take_from_rollups(connection, "(SELECT * FROM spans WHERE rowid IN (SELECT stored FROM replaced))")
    connection.execute("DELETE FROM spans WHERE rowid IN (SELECT stored FROM replaced)")
    connection.unregister("replaced")


def _insert(
    connection: DuckDBPyConnection, columns: Columns, new_resources: dict[str, int], number: int
) -> int:
    """Insert all of them; how many rows the rollups took."""
    if new_resources:
        texts = np.empty(len(new_resources), dtype=object)
        texts[:] = list(new_resources)
        with_view(connection, "named", {"id": np.array(list(new_resources.values())), "attributes": texts})
        connection.execute("INSERT INTO resources BY NAME SELECT * FROM named")
        connection.unregister("named")
    if len(columns["span_id"]) == 0:
        return 0
    with_view(connection, "arrived", columns)
    connection.execute("INSERT INTO spans BY NAME SELECT * FROM arrived")
    added = add_rollups(connection, "arrived")
    touch(connection, "arrived", number)
    connection.unregister("arrived")
    return added
