"""A history as bytes and back: MessagePack of plain columns, compressed."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import msgspec
import numpy as np
import zstandard

from analyzers.baselines.blocks import Block, Rows
from analyzers.baselines.history import History
from analyzers.minutes import OperationKey

VERSION = 1
MOST_BYTES = 2_000_000_000
"""Unpacked; a thousand operations take 150 MB."""


class UnreadableHistory(ValueError):
    """These bytes are not a history, or that of another version: learn it again."""


class Column(msgspec.Struct, frozen=True, array_like=True):
    """An array, little-endian."""

    kind: str
    shape: tuple[int, ...]
    content: bytes


class Written(msgspec.Struct, frozen=True):
    """A history of which every array is a column."""

    version: int
    operations: list[tuple[str, str, int]]
    first_slot: int
    columns: dict[str, Column]
    blocks: dict[int, dict[str, Column]]
    recent: dict[str, Column]


SINGLE = ("first_seen", "covered", "calls", "spans", "error_ratio", "level")


def encode_history(history: History) -> bytes:
    """As it is kept on disk."""
    written = Written(
        version=VERSION,
        operations=[(key.service, key.operation, key.kind) for key in history.operations],
        first_slot=history.first_slot,
        columns={name: _column(getattr(history, name)) for name in SINGLE},
        blocks={quarter: _columns(block) for quarter, block in sorted(history.blocks.items())},
        recent=_columns(history.recent),
    )
    return zstandard.ZstdCompressor(level=3).compress(msgspec.msgpack.encode(written))


def decode_history(content: bytes) -> History:
    """The history of `encode_history`.

    Raises:
        UnreadableHistory: the bytes are damaged, or of another version.
    """
    try:
        unpacked = zstandard.ZstdDecompressor().decompress(content, max_output_size=MOST_BYTES)
        written = msgspec.msgpack.decode(unpacked, type=Written)
        if written.version != VERSION:
            raise UnreadableHistory(f"This history is of version {written.version}, not {VERSION}.")
        return History(
            operations=tuple(OperationKey(*key) for key in written.operations),
            first_slot=written.first_slot,
            blocks={quarter: Block(**_arrays(block)) for quarter, block in written.blocks.items()},
            recent=Rows(**_arrays(written.recent)),
            **_arrays(written.columns),
        )
    except (zstandard.ZstdError, msgspec.DecodeError, TypeError, ValueError) as exc:
        if isinstance(exc, UnreadableHistory):
            raise
        raise UnreadableHistory("The history kept on disk cannot be read; it is learned again.") from exc


def _column(array: np.ndarray[Any, Any]) -> Column:
    little = array.dtype.newbyteorder("<")
    return Column(little.str, array.shape, np.ascontiguousarray(array, dtype=little).tobytes())


def _columns(owner: Block | Rows) -> dict[str, Column]:
    return {one.name: _column(getattr(owner, one.name)) for one in fields(owner)}


def _arrays(columns: dict[str, Column]) -> dict[str, Any]:
    return {
        name: np.frombuffer(one.content, dtype=np.dtype(one.kind)).reshape(one.shape)
        for name, one in columns.items()
    }
