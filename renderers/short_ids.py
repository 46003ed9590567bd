"""Trace ids cut short, where many stand in a narrow column."""

from __future__ import annotations

LENGTH = 8


def short_trace_id(trace_id: str) -> str:
    """The first digits that tell traces apart: ids of 64 bits are filled up with zeros, which all have in common."""
    return (
        (trace_id.lstrip("0") or trace_id)[:LENGTH]
        if trace_id.startswith("0" * LENGTH)
        else trace_id[:LENGTH]
    )
