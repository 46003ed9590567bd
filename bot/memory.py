"""Memory that was let go of, given back to the machine instead of being kept for later."""

from __future__ import annotations

import ctypes

ARENA_MAX, MMAP_THRESHOLD = -8, -3  # names of options in glibc's malloc.h
ARENAS = 2
"""glibc makes eight for each core, and what one thread lets go of is of no use to the others."""
LARGE_BYTES = 128 << 10
"""Columns are larger: each is a mapping of its own and gone with its array. glibc raises this as it goes, if not told."""


def hoard_less() -> bool:
    """Tell the allocator, before threads begin; whether there was one to tell (glibc's).

    A million spans asked about in Slack take a tenth less memory so.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library
        return False
    return bool(mallopt(ARENA_MAX, ARENAS)) and bool(mallopt(MMAP_THRESHOLD, LARGE_BYTES))
