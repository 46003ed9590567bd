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
PROBES = 5
MOST_A_WORD = 16
ODD = (
    0x9E3779B97F4A7C15,
    0xC2B2AE3D27D4EB4F,
    0x165667B19E3779F9,
)  # xxHash's 64-bit primes and the golden ratio


class KnownSpans:
    """Ids of trace and span that were added, and by chance a few others."""

    def __init__(self, bits: int = BITS) -> None:
        self._words = np.zeros(2 ** (bits - 6), dtype=np.uint64)
        self.added = 0

    @property
    def crowded(self) -> bool:
        """Whether so many were added that one new span in five looks known."""
        return self.added > len(self._words) * MOST_A_WORD

    def add(self, columns: Mapping[str, np.ndarray[Any, Any]]) -> None:
        word, bits = self._places(span_hash(columns))
        np.bitwise_or.at(self._words, word, bits)
        self.added += len(word)

    def may_hold(self, columns: Mapping[str, np.ndarray[Any, Any]]) -> BoolArray:
        """Of each span, whether it may have been added."""
        word, bits = self._places(span_hash(columns))
        known: BoolArray = (self._words[word] & bits) == bits
        return known

    def _places(self, hashes: Uint64Array) -> tuple[Uint64Array, Uint64Array]:
        """A word for each, and its bits in there: one look into a large memory, not one for each bit."""
        word = hashes & np.uint64(len(self._words) - 1)
        bits = np.zeros(len(hashes), dtype=np.uint64)
        for probe in range(PROBES):
            bits |= np.uint64(1) << ((hashes >> np.uint64(64 - 6 * (probe + 1))) & np.uint64(63))
        return word, bits


def span_hash(columns: Mapping[str, np.ndarray[Any, Any]]) -> Uint64Array:
    """A number for each trace and span id."""
    mixed: Uint64Array = np.zeros(len(columns["span_id"]), dtype=np.uint64)
    for name, odd in zip(("trace_hi", "trace_lo", "span_id"), ODD, strict=True):
        mixed = (mixed ^ columns[name]) * np.uint64(odd)
        mixed ^= mixed >> np.uint64(29)
    return mixed
