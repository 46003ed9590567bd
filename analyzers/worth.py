"""How much of a trace is worth telling of."""

from __future__ import annotations

WORTH_SHARE = 0.02
"""A saving below a fiftieth of the trace disappears in how much requests vary anyway ..."""
WORTH_NS = 100_000_000
"""... unless it is a tenth of a second, which a waiting person feels."""


def is_worth_telling(part_ns: int, whole_ns: int) -> bool:
    """Whether so much of a trace that took `whole_ns` makes a difference."""
    return part_ns > 0 and (part_ns >= WORTH_NS or part_ns >= WORTH_SHARE * whole_ns)
