"""Attributes, events and links of a table's spans, coded when first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analyzers.arrays import Int32Array, Int64Array
    from analyzers.batch import SpanBatch
    from analyzers.record import EventRecord, LinkTo, Pairs, SpanRecord


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
    """What a batch carries beyond the columns; row r of the table is `batch[position[r]]`."""

    batch: SpanBatch
    position: Int64Array

    def take(self, rows: Int64Array) -> Details:
        return Details(self.batch, self.position[rows])

    def record(self, row: int) -> SpanRecord:
        """The span as it came."""
        return self.batch[int(self.position[row])]

    def attributes(self, row: int) -> dict[str, str]:
        """One span's attributes; where a key came twice, the last one counts."""
        number = int(self.position[row])
        return dict(self.batch.reader[number].attributes(self.batch.source[number]))

    def events(self, row: int) -> tuple[EventRecord, ...]:
        number = int(self.position[row])
        return tuple(self.batch.reader[number].events(self.batch.source[number]))

    def links(self, row: int) -> tuple[LinkTo, ...]:
        return self.batch.links.get(int(self.position[row]), ())

    @cached_property
    def linked_rows(self) -> tuple[int, ...]:
        """The rows that have links, ascending: few, in most tables none."""
        linked = np.isin(self.position, list(self.batch.links))
        return tuple(np.flatnonzero(linked).tolist())

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
        source, reader = self.batch.source, self.batch.reader
        for row, number in enumerate(self.position.tolist()):
            for key, value in reader[number].attributes(source[number]):
                yield row, key, value


def resource_value(resource: Pairs, keys: Iterable[str]) -> str | None:
    """The value of the first of these keys that the resource has."""
    found = dict(resource)
    return next((found[key] for key in keys if key in found), None)
