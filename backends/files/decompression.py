"""The content of a file, decompressed as far as its own first bytes ask for, and bounded."""

from __future__ import annotations

import gzip
import zlib
from typing import IO, TYPE_CHECKING

import zstandard

from backends.files.wording import unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from backends.files.limits import Limits

GZIP = b"\x1f\x8b"
ZSTD = b"\x28\xb5\x2f\xfd"
CHUNK = 1 << 20
ZSTD_CHUNK = 1 << 10
"""Compressed bytes taken at once: a block of 4 bytes may stand for 128 KiB, so this holds 32 MiB at most."""
ZSTD_WINDOW = 1 << 27  # what `zstd --long` makes, and its own default limit


class Content:
    """The decompressed content of a file, some at a time; `told` hears how many bytes of the file are behind us.

    Raises, while it is iterated over:
        UnreadableFile: it cannot be opened, is damaged, or decompresses to too much.
    """

    def __init__(self, path: Path, limits: Limits, told: Callable[[int], None]) -> None:
        self.path = path
        self.ends_early = False
        """Once all was read: its compression lacks its end, so there was more."""
        self._chunks = self._read(limits, told)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._chunks)

    def _read(self, limits: Limits, told: Callable[[int], None]) -> Iterator[bytes]:
        path, total = self.path, 0
        try:
            with path.open("rb") as file:
                for chunk in _decompressed(file):
                    total += len(chunk)
                    taken = file.tell()
                    _refuse_endless(path, total, taken, limits)
                    told(taken)
                    yield chunk
        except PermissionError as error:
            raise unreadable(path, "permission denied", "Let this program's user read it.") from error
        except (EOFError, _EndsEarly):
            self.ends_early = True
        except (gzip.BadGzipFile, zlib.error, zstandard.ZstdError) as error:
            raise unreadable(
                path, "its compressed content is damaged", "Copy or compress it again."
            ) from error
        except OSError as error:
            raise unreadable(
                path, error.strerror or "the disk does not deliver it", "Check the file."
            ) from error


class _EndsEarly(Exception):
    """A zstd frame has no end."""


def _decompressed(file: IO[bytes]) -> Iterator[bytes]:
    magic = file.read(4)
    file.seek(0)
    if magic.startswith(GZIP):
        with gzip.GzipFile(fileobj=file) as content:
            # read() would lose what it has gathered when it comes upon an end that is too early.
            yield from iter(lambda: content.read1(CHUNK), b"")
    elif magic == ZSTD:
        yield from _from_zstd(file)
    else:
        yield from iter(lambda: file.read(CHUNK), b"")


def _from_zstd(file: IO[bytes]) -> Iterator[bytes]:
    """One frame after the other; zstandard's own reader would not say that the last one lacks its end."""
    decompressor = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW)
    frame = decompressor.decompressobj()
    rest = b""
    while data := rest or file.read(ZSTD_CHUNK):
        if frame.eof:
            frame = decompressor.decompressobj()
        if chunk := frame.decompress(data):
            yield chunk
        rest = frame.unused_data if frame.eof else b""
    if not frame.eof:
        raise _EndsEarly


def _refuse_endless(path: Path, total: int, taken: int, limits: Limits) -> None:
    if total > limits.max_bytes:
        raise unreadable(
            path,
            f"it is larger than {limits.max_bytes >> 20} MiB when decompressed",
            "Split it into smaller files.",
        )
    if total > limits.ratio_from_bytes and total > limits.max_ratio * max(taken, 1):
        raise unreadable(
            path,
            f"it decompresses to more than {limits.max_ratio} times its size, as no traces do",
            "Decompress it yourself if you trust it.",
        )
