"""Attributes, events and links of a table's spans, coded when first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from analyzers.record import EventRecord, LinkTo, Pairs, SpanRecord
    from analyzers.table import Int32Array, Int64Array


@dataclass(frozen=True)
class AttributeTriples:
    """Every attribute of every span as (row, key, value) codes, by row, in the order they came."""

    row: Int32Array
    key: Int32Array
    value: Int32Array
    keys: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True)
class Details:
    """What the records carry beyond the columns; row r of the table is `records[position[r]]`."""

    records: Sequence[SpanRecord]
    position: Int64Array

    def take(self, rows: Int64Array) -> Details:
        return Details(self.records, self.position[rows])

    def record(self, row: int) -> SpanRecord:
        return self.records[int(self.position[row])]

    def attributes(self, row: int) -> dict[str, str]:
        """One span's attributes; where a key came twice, the last one counts."""
        record = self.record(row)
        return dict(record.reader.attributes(record.source))

    def events(self, row: int) -> tuple[EventRecord, ...]:
        record = self.record(row)
        return tuple(record.reader.events(record.source))

    def links(self, row: int) -> tuple[LinkTo, ...]:
        return self.record(row).links

    @cached_property
    def linked_rows(self) -> tuple[int, ...]:
        """The rows that have links, ascending: few, in most tables none."""
        linked = {number for number, record in enumerate(self.records) if record.links}
        return (
            tuple(row for row, number in enumerate(self.position.tolist()) if number in linked)
            if linked
            else ()
        )

    @cached_property
    def triples(self) -> AttributeTriples:
        """All attributes as codes, so that statistics over them are array operations."""
        keys: dict[str, int] = {}
        values: dict[str, int] = {}
        coded = [
            (row, keys.setdefault(key, len(keys)), values.setdefault(value, len(values)))
            for row, key, value in self._all_attributes()
        ]
        columns = np.array(coded, dtype=np.int32).reshape(-1, 3)
        return AttributeTriples(columns[:, 0], columns[:, 1], columns[:, 2], tuple(keys), tuple(values))

    def _all_attributes(self) -> Iterator[tuple[int, str, str]]:
        for row, number in enumerate(self.position.tolist()):
            record = self.records[number]
            for key, value in record.reader.attributes(record.source):
                yield row, key, value


def resource_value(resource: Pairs, keys: Iterable[str]) -> str | None:
    """The value of the first of these keys that the resource has."""
    found = dict(resource)
    return next((found[key] for key in keys if key in found), None)
