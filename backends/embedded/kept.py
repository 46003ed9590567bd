"""What became of spans that were handed over to be kept."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kept:
    """What is on the disk now."""

    spans: int
    """Those that were handed over, copies of spans that were there already included."""
    shortened: int = 0
    """Those of them of which something was too long to be kept whole."""
