"""Instants in the reader's own zone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import tzinfo


def local_time(instant: str, zone: tzinfo) -> str:
    """`2026-11-22 15:05:11 CET` from an RFC 3339 instant with nanoseconds; the text itself where it is none."""
    try:
        read = datetime.fromisoformat(instant).astimezone(zone)
    except (ValueError, OverflowError):
        return instant
    return f"{read:%Y-%m-%d %H:%M:%S} {read.tzname() or ''}".rstrip()
