"""The spans that stand in the text of Jaeger's JSON, with their texts as codes, still as they are written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

import msgspec
import numpy as np

from analyzers.coded import Coded
from backends.formats import jaeger_places as place
from backends.formats.jaeger_places import find_spans
from backends.formats.jaeger_span import TagsAndLogs
from backends.formats.json_document import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzers.arrays import Int32Array, Int64Array

    Places = np.ndarray[tuple[int, int], np.dtype[np.int64]]


class OddDocument(Exception):
    """Something in it takes reading span by span."""


class FoundSpans:
    """What `find_spans` noted of a document, which must be well-formed.

    Raises:
        OddDocument: in its constructor, where something takes more than looking.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        text = np.frombuffer(data, np.uint8)
        words = np.ndarray((max(len(data) - 7, 0),), "<i8", data, strides=(1,))
        # As many as there can be at most; memory that is never written to is never there.
        most_spans, most_traces = len(data) // place.SMALLEST_SPAN + 1, len(data) // place.SMALLEST_TRACE + 1
        found = np.empty(most_spans * place.WIDTH, np.int64)
        trace = np.empty(most_spans, np.int32)
        processes = np.empty(most_traces * 2, np.int64)
        texts = np.empty((most_spans * place.TEXTS_A_SPAN + 1) * 2, np.int64)
        texts[:2] = 0  # the code 0 is that of no text
        count, slots = np.zeros(place.N_COUNTS, np.int64), np.zeros(place.SLOTS, np.int32)
        if find_spans(text, words, found, trace, processes, texts, count, slots) == place.ODD:
            raise OddDocument
        n_spans, n_traces, n_texts = count.tolist()
        self._columns = found[: n_spans * place.WIDTH].reshape(n_spans, place.WIDTH)
        self._texts = texts[: (n_texts + 1) * 2].reshape(n_texts + 1, 2)
        self._processes = processes[: n_traces * 2]
        self.trace: Int32Array = trace[:n_spans].copy()
        """The number of each span's trace in the document."""

    def __len__(self) -> int:
        return len(self._columns)

    def numbers(self, field: int) -> Int64Array:
        return self._columns[:, field].copy()

    def texts(self, field: int) -> Coded[bytes]:
        """The JSON that stands in this field; no text where there is none."""
        code = self.numbers(field)
        used = np.flatnonzero(np.bincount(code, minlength=len(self._texts)))
        number = np.empty(len(self._texts), np.int32)
        number[used] = np.arange(len(used))
        begins, ends = self._texts[used].T.tolist()
        return Coded(number[code], tuple(map(self._cut, begins, ends)))

    def pieces(self, field: int) -> Iterator[tuple[int, bytes]]:
        """Row and JSON of the spans that have something in this field, for fields in which few have."""
        for row in np.flatnonzero(self._columns[:, field + 1]).tolist():
            begin, end = self._columns[row, field : field + 2].tolist()
            yield row, self._cut(begin, end)

    def processes(self) -> Iterator[bytes]:
        """The processes of each trace, as JSON."""
        places = self._processes.tolist()
        return map(self._cut, places[::2], places[1::2])

    def _cut(self, begin: int, end: int) -> bytes:
        return self._data[begin:end]

    def sources(self) -> Sources:
        return Sources(self._data, self._columns[:, place.TAGS : place.LOGS + 2].copy())


class Sources(Sequence[TagsAndLogs]):
    """Tags and logs of each span, cut out of the document when somebody asks."""

    def __init__(self, data: bytes, places: Places) -> None:
        self._data = data
        self._places = places

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[TagsAndLogs]:
        return (self._cut(*places) for places in self._places.tolist())

    @overload
    def __getitem__(self, row: int) -> TagsAndLogs: ...
    @overload
    def __getitem__(self, row: slice) -> Sources: ...
    def __getitem__(self, row: int | slice) -> TagsAndLogs | Sources:
        if isinstance(row, slice):
            return Sources(self._data, self._places[row])
        return self._cut(*self._places[row].tolist())

    def _cut(self, tags: int, tags_end: int, logs: int, logs_end: int) -> TagsAndLogs:
        return TagsAndLogs(self._raw(tags, tags_end), self._raw(logs, logs_end))

    def _raw(self, begin: int, end: int) -> msgspec.Raw:
        return msgspec.Raw(self._data[begin:end]) if end else NOTHING
