"""Answers and errors as they travel between the owner of a store and those who ask it: MessagePack."""

from __future__ import annotations

import msgspec
import numpy as np

from analyzers.builder import build_table
from analyzers.minutes import OperationKey, OperationMinutes
from backends import errors
from backends.embedded.api.wire_spans import WireSpans, from_wire, to_wire
from backends.embedded.refusal import StoreBusy, StoreFull
from backends.errors import BackendError
from backends.interface import Found

MSGPACK = "application/msgpack"
COLUMNS = {
    "operation": "<i4",
    "minute": "<i8",
    "bucket": "<i2",
    "calls": "<f8",
    "errors": "<f8",
    "spans": "<i8",
}
LONGEST_SPANS = 20 << 20
"""Bytes of spans in one request."""


class WireFound(msgspec.Struct, frozen=True):
    """An answer to `find_trace` or `find_spans`."""

    found: WireSpans
    truncated: bool
    unreadable: int
    notes: tuple[str, ...]
    matching: int | None = None


class WireMinutes(msgspec.Struct, frozen=True):
    """An answer to `minutes`: the columns as their bytes, lowest first."""

    operations: tuple[OperationKey, ...]
    columns: dict[str, bytes]


class WireError(msgspec.Struct, frozen=True):
    """Why there is no answer: the name of a BackendError, and its words."""

    kind: str
    problem: str
    advice: str
    retry_after_s: float | None = None


def found_to_wire(found: Found) -> WireFound:
    details = found.spans.details
    return WireFound(
        to_wire(details.batch.take(details.position)),
        found.truncated,
        found.unreadable,
        found.notes,
        found.matching,
    )


def found_from_wire(wire: WireFound) -> Found:
    return Found(
        build_table(from_wire(wire.found)), wire.truncated, wire.unreadable, wire.notes, wire.matching
    )


def minutes_to_wire(minutes: OperationMinutes) -> WireMinutes:
    columns = {name: getattr(minutes, name).astype(kind).tobytes() for name, kind in COLUMNS.items()}
    return WireMinutes(minutes.operations, columns)


def minutes_from_wire(wire: WireMinutes) -> OperationMinutes:
    columns = {name: np.frombuffer(wire.columns[name], kind) for name, kind in COLUMNS.items()}
    return OperationMinutes(wire.operations, **columns)


def error_to_wire(error: BackendError) -> WireError:
    return WireError(type(error).__name__, error.problem, error.advice, getattr(error, "retry_after_s", None))


def error_from_wire(wire: WireError) -> BackendError:
    """The error as it was raised by the owner; of a kind that is not known, a plain one."""
    if wire.retry_after_s is not None:
        return (
            StoreFull(wire.retry_after_s)
            if wire.kind == StoreFull.__name__
            else StoreBusy(wire.retry_after_s)
        )
    kind = getattr(errors, wire.kind, None)
    known = kind if isinstance(kind, type) and issubclass(kind, BackendError) else BackendError
    return known(wire.problem, wire.advice)
