"""Parents and kinds of many spans at once, by the few texts in which a document writes them.

A text is read as JSON the first time it comes; the same text elsewhere is recognised by its bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from backends.formats.byte_windows import ByteWindows
from backends.formats.identity import UNREADABLE, span_id
from backends.formats.jaeger_span import Reference, facts_of, referred, tag_pairs
from backends.formats.sampling_weight import may_say_weights
from backends.formats.spelling import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analyzers.record import LinkTo
    from analyzers.table import BoolArray, Int8Array, Int64Array, Uint64Array
    from backends.formats.byte_windows import Texts
    from backends.formats.jaeger_span import Facts

REFERENCES = msgspec.json.Decoder(list[Reference] | None, strict=False)
KIND_KEY = b'"span.kind"'
OTHER_FACTS = (b'"error"', b'"otel.status_')
TEXTS_KEPT = 16


class OddDocument(Exception):
    """Something in it takes reading span by span."""


class Layout(NamedTuple):
    """How a document writes the one reference that most spans have: to a parent in their own trace."""

    length: int
    trace_at: int
    trace_length: int
    parent_at: int
    constant: tuple[tuple[int, bytes], ...]
    """What stands around the two ids, and where."""

    def rows_of(self, windows: ByteWindows, own_trace_ids: Texts) -> Int64Array:
        """The pieces that are such a reference."""
        rows = np.flatnonzero(windows.end - windows.begin == self.length)
        begin = windows.begin[rows]
        same: BoolArray = windows.at(begin + self.trace_at, self.trace_length) == own_trace_ids[rows]
        for at, text in self.constant:
            same &= windows.equal(begin + at, text)
        found: Int64Array = rows[same]
        return found


def layout_of(raw: msgspec.Raw, own_trace_id: str) -> Layout | None:
    """The layout of this reference, unless it is of another kind, or the ids cannot be told apart from the rest."""
    parent, links = referred(own_trace_id, REFERENCES.decode(raw))
    text, trace, span = bytes(raw), own_trace_id.encode(), (parent or "").encode()
    if links or len(span) != 16 or text.count(trace) != 1 or text.count(span) != 1:
        return None
    trace_at, parent_at = text.index(trace), text.index(span)
    (first, first_end), (last, last_end) = sorted(
        ((trace_at, trace_at + len(trace)), (parent_at, parent_at + len(span)))
    )
    constant = ((0, text[:first]), (first_end, text[first_end:last]), (last_end, text[last_end:]))
    return Layout(len(text), trace_at, len(trace), parent_at, constant)


class ParentTexts:
    """Reads the references of spans, block by block."""

    def __init__(self) -> None:
        self._layout: Layout | None = None

    def read(
        self, references: Sequence[msgspec.Raw], trace_ids: Texts, out: Uint64Array
    ) -> dict[int, tuple[LinkTo, ...]]:
        """Fill in the parents' ids; what else is referred to comes back as links, by row.

        Raises:
            OddDocument: a parent's id is no span id.
            msgspec.DecodeError: something that is no reference stands among them.
        """
        windows = _windows(references)
        unread = ~windows.equal(windows.begin, b"[]\0")
        self._layout = self._layout or self._learnt(references, trace_ids, unread)
        if self._layout:
            rows = self._layout.rows_of(windows, trace_ids)
            out[rows] = _numbers(windows.at(windows.begin[rows] + self._layout.parent_at, 16))
            unread[rows] = False
        links = {}
        for row in np.flatnonzero(unread).tolist():
            parent, linked = referred(trace_ids[row].decode(), REFERENCES.decode(references[row]))
            out[row] = _number(parent)
            if linked:
                links[row] = linked
        return links

    def _learnt(
        self, references: Sequence[msgspec.Raw], trace_ids: Texts, unread: BoolArray
    ) -> Layout | None:
        row = int(np.argmax(unread)) if len(unread) else 0
        return layout_of(references[row], trace_ids[row].decode()) if unread[row] else None


def _windows(pieces: Sequence[msgspec.Raw]) -> ByteWindows:
    windows = ByteWindows(pieces)
    if len(windows.end) != len(pieces):
        raise OddDocument  # a zero byte within a string
    return windows


def _number(text: str | None) -> int:
    number = span_id(text)
    if number == UNREADABLE:
        raise OddDocument
    return number


def _numbers(texts: Texts) -> Uint64Array:
    try:
        digits = bytes.fromhex(texts.tobytes().decode("ascii"))
        return np.frombuffer(digits, ">u8", count=len(texts)).astype(np.uint64)
    except ValueError as error:  # of too few bytes too: fromhex skips blanks
        raise OddDocument from error


class KindTag(NamedTuple):
    """A tag as it is written."""

    text: bytes
    key_at: int
    kind: int


class KindTexts:
    """Reads kind, status and message out of tags, block by block."""

    def __init__(self) -> None:
        self._known: list[KindTag] = []

    def read(self, tags: Sequence[msgspec.Raw], out_kind: Int8Array) -> dict[int, Facts]:
        """Fill in the kinds of those spans that say no more; the facts of the others come back, by row.

        Raises:
            OddDocument: some span may say how many others it stands for.
        """
        windows = _windows(tags)
        if may_say_weights(windows.text):
            raise OddDocument
        row, key = _kind_keys(windows)
        out_kind[:] = UNKNOWN
        other = set().union(*(windows.holding(needle) for needle in OTHER_FACTS))
        other |= set(row[1:][row[1:] == row[:-1]].tolist())
        left = ~np.isin(row, list(other)) if other else np.ones(len(row), dtype=np.bool_)
        row, key = row[left], key[left]
        for tag in self._known:
            row, key = _recognised(tag, windows, row, key, out_kind)
        while len(row):
            tag_or_none = self._learnt(tags[row[0]])
            if tag_or_none is None:
                other.add(int(row[0]))
                row, key = row[1:], key[1:]
            else:
                row, key = _recognised(tag_or_none, windows, row, key, out_kind)
        return {number: facts_of(tags[number]) for number in other}

    def _learnt(self, raw: msgspec.Raw) -> KindTag | None:
        """The tag of kind among these, if it alone decides."""
        if len(self._known) >= TEXTS_KEPT:
            return None
        tags = bytes(raw)
        at = tags.index(KIND_KEY)
        begin = tags.rfind(b"{", 0, at)
        text = tags[begin : tags.find(b"}", at) + 1]
        alone = msgspec.Raw(b"[" + text + b"]")
        facts = facts_of(alone)
        if facts != facts_of(raw) or "span.kind" not in dict(tag_pairs(alone)):
            return None
        self._known.append(KindTag(text, at - begin, facts.kind))
        return self._known[-1]


def _kind_keys(windows: ByteWindows) -> tuple[Int64Array, Int64Array]:
    """Where a key of kind stands, and in which piece: looked for by its rarest character."""
    dots = np.flatnonzero(windows.bytes == ord("."))
    keys = dots[windows.bytes[dots + 1] == ord("k")] - KIND_KEY.index(b".")
    keys = keys[windows.equal(keys, KIND_KEY)]
    return windows.piece_of(keys), keys


def _recognised(
    tag: KindTag, windows: ByteWindows, row: Int64Array, key: Int64Array, out_kind: Int8Array
) -> tuple[Int64Array, Int64Array]:
    """Fill in the kind where this tag stands; the other rows come back."""
    same = windows.equal(key - tag.key_at, tag.text)
    out_kind[row[same]] = tag.kind
    return row[~same], key[~same]
