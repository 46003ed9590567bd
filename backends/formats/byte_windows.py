"""Texts of one length at many places of a buffer, compared all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import msgspec

    from analyzers.table import BoolArray, Int64Array

Texts: TypeAlias = np.ndarray[tuple[int], np.dtype[np.bytes_]]


class ByteWindows:
    """Pieces of JSON, one after the other, each ended by a zero byte, which JSON never has."""

    def __init__(self, pieces: Sequence[msgspec.Raw]) -> None:
        self.text = b"\0".join([*pieces, b""])
        self.bytes = np.frombuffer(self.text, np.uint8)
        self.end: Int64Array = np.flatnonzero(self.bytes == 0)
        self.begin = np.concatenate(([0], self.end[:-1] + 1))[: len(pieces)]

    def at(self, begins: Int64Array, length: int) -> Texts:
        """The bytes from each of these places on, all of which must lie within the buffer."""
        windows: Texts = np.ndarray(
            (max(len(self.text) - length + 1, 0),), f"S{length}", self.text, strides=(1,)
        )
        return windows[begins]

    def piece_of(self, places: Int64Array) -> Int64Array:
        """The number of the piece in which each place lies."""
        return np.searchsorted(self.end, places)

    def holding(self, needle: bytes) -> set[int]:
        """The numbers of the pieces that hold this text, for texts that few hold."""
        found = []
        # From the end, since that search is much quicker than the one from the beginning.
        at = self.text.rfind(needle)
        while at >= 0:
            found.append(at)
            at = self.text.rfind(needle, 0, at)
        return set(self.piece_of(np.array(found, dtype=np.int64)).tolist())

    def equal(self, begins: Int64Array, text: bytes) -> BoolArray:
        """Whether this text begins at each of these places, which need not lie within the buffer."""
        inside = (begins >= 0) & (begins <= len(self.text) - len(text))
        if inside.all():
            same: BoolArray = self.at(begins, len(text)) == text
            return same
        inside[inside] = self.at(begins[inside], len(text)) == text
        return inside
