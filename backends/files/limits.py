"""How much of strangers' files is read before we say that it is too much."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Bounds on what is read; each ends in an error or a note in words."""

    max_bytes: int = 2048 * MIB
    """Of one file, after decompression."""
    max_ratio: int = 250
    """Of decompressed to compressed bytes, once `ratio_from_bytes` came out. Traces shrink to a 10th or a 60th."""
    ratio_from_bytes: int = 64 * MIB
    max_line_bytes: int = 64 * MIB
    max_files: int = 10_000
    max_spans: int = 5_000_000
    """In one answer; what is beyond is left out, and the answer marked as truncated."""
