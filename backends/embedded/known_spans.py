"""Which spans may be in the store already: a Bloom filter over their ids.

Almost every span that arrives is new. What the filter has not seen needs no look into the table; what it may have
seen does, so that a wrong "may be" costs time and never truth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analyzers.arrays import BoolArray, Uint64Array

BITS = 28  # 32 MiB; 10 million spans make one in a thousand new ones suspicious
PROBES = 3
ODD = (
    0x9E3779B97F4A7C15,
    0xC2B2AE3D27D4EB4F,
    0x165667B19E3779F9,
)  # xxHash's 64-bit primes and the golden ratio


class KnownSpans:
    """Ids of trace and span that were added, and by chance a few others."""

    def __init__(self, bits: int = BITS) -> None:
        self._bits = bits
        self._words = np.zeros(2 ** (bits - 6), dtype=np.uint64)
        self.added = 0

    @property
    def crowded(self) -> bool:
        """Whether so many were added that one new span in six looks known."""
        return self.added > len(self._words) * 16  # a quarter of its bits

    def add(self, columns: Mapping[str, np.ndarray[Any, Any]]) -> None:
        hashes = span_hash(columns)
        for word, bit in self._places(hashes):
            np.bitwise_or.at(self._words, word, bit)
        self.added += len(hashes)

    def may_hold(self, columns: Mapping[str, np.ndarray[Any, Any]]) -> BoolArray:
        """Of each span, whether it may have been added."""
        hashes = span_hash(columns)
        seen = np.ones(len(hashes), dtype=np.bool_)
        for word, bit in self._places(hashes):
            seen &= (self._words[word] & bit) != 0
        return seen

    def _places(self, hashes: Uint64Array) -> list[tuple[Uint64Array, Uint64Array]]:
        step = (hashes >> np.uint64(32)) | np.uint64(1)
        places = [
            (hashes + step * np.uint64(probe)) & np.uint64(2**self._bits - 1) for probe in range(PROBES)
        ]
        return [(place >> np.uint64(6), np.uint64(1) << (place & np.uint64(63))) for place in places]


def span_hash(columns: Mapping[str, np.ndarray[Any, Any]]) -> Uint64Array:
    """A number for each trace and span id."""
    mixed: Uint64Array = np.zeros(len(columns["span_id"]), dtype=np.uint64)
    for name, odd in zip(("trace_hi", "trace_lo", "span_id"), ODD, strict=True):
        mixed = (mixed ^ columns[name]) * np.uint64(odd)
        mixed ^= mixed >> np.uint64(29)
    return mixed
