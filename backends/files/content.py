"""One file's spans: a document as a whole, or line by line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from backends.files.recognition import PROTOBUF, candidates, decode_as, looks_like_json
from backends.files.wording import beginning, unreadable
from backends.formats.decoded import Decoded, NotThisFormat

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from backends.files.limits import Limits
    from backends.files.recognition import Format

ANY_JSON = msgspec.json.Decoder(msgspec.Raw)
LINES_TRIED = 1000
"""How far a file that is no document is searched for a first line that is."""
PREFIX = 4
"""Bytes of the length before each message that the Collector writes into a file."""
NO_SPANS = Decoded([])


@dataclass(frozen=True)
class Part:
    """What was read of a document or of a line."""

    decoded: Decoded
    line: int | None = None
    refusal: str = ""
    """Why the whole line is unreadable."""


def read_parts(path: Path, chunks: Iterator[bytes], limits: Limits) -> Iterator[Part]:
    """The file's parts, in order.

    Raises:
        UnreadableFile: it is empty, or nothing in it is of a format that is known.
    """
    head = _first_line(chunks, limits)
    if not head.strip():
        raise unreadable(path, "it is empty", "Check how it was saved.")
    if _is_whole_line(head) and (more := _beyond_blanks(chunks, head)):
        yield from _from_lines(path, more, _lines(_chain(more, chunks), limits))
    else:
        yield from _from_document(path, head + b"".join(chunks))


def _first_line(chunks: Iterator[bytes], limits: Limits) -> bytes:
    """The beginning, up to and with the chunk that ends the first line that is not blank."""
    head = bytearray()
    for chunk in chunks:
        head += chunk
        if (b"\n" in chunk and b"\n" in head.lstrip()) or len(head) > limits.max_line_bytes:
            break
    return bytes(head)


def _is_whole_line(head: bytes) -> bool:
    """Whether the first line is JSON by itself."""
    if not looks_like_json(head):
        return False
    try:
        ANY_JSON.decode(head.lstrip().partition(b"\n")[0])
    except (ValueError, RecursionError):
        return False
    return b"\n" in head.lstrip()


def _beyond_blanks(chunks: Iterator[bytes], head: bytes) -> bytes:
    """The head with as much as it takes to see that something follows the first line; nothing if nothing does."""
    while not head.lstrip().partition(b"\n")[2].strip():
        chunk = next(chunks, b"")
        if not chunk:
            return b""
        head += chunk
    return head


def _chain(first: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from chunks


def _lines(chunks: Iterable[bytes], limits: Limits) -> Iterator[tuple[int, bytes | None]]:
    """Each line with its number; None for a line that is too long to be kept."""
    number, pending, too_long = 1, bytearray(), False
    for chunk in chunks:
        first, *others = chunk.split(b"\n")
        pending += first
        for other in others:
            yield number, None if too_long else bytes(pending)
            number, pending, too_long = number + 1, bytearray(other), False
        if len(pending) > limits.max_line_bytes:
            pending, too_long = bytearray(), True
    if pending or too_long:
        yield number, None if too_long else bytes(pending)


def _from_lines(path: Path, head: bytes, lines: Iterable[tuple[int, bytes | None]]) -> Iterator[Part]:
    """Each line by itself, so that a bad one spoils no other; the format of the last good one is tried first."""
    formats = candidates(head)
    good, refused = False, ""
    for number, line in lines:
        if line is not None and not line.strip():
            continue
        part, formats = _from_line(number, line, formats)
        good = good or not part.refusal
        refused = refused or part.refusal
        yield part
    if not good:
        raise unreadable(path, f"none of its lines is a trace; {refused}")


def _from_line(
    number: int, line: bytes | None, formats: tuple[Format, ...]
) -> tuple[Part, tuple[Format, ...]]:
    if line is None:
        return Part(NO_SPANS, number, "it is too long"), formats
    try:
        decoded, known = decode_as(line, formats)
    except NotThisFormat as refusal:
        return Part(NO_SPANS, number, str(refusal)), formats
    return Part(decoded, number), (known, *(other for other in formats if other is not known))


def _from_document(path: Path, data: bytes) -> Iterator[Part]:
    messages = _length_prefixed(data)
    if messages:
        for message in messages:
            yield Part(_decoded(path, message, (PROTOBUF,)))
        return
    try:
        yield Part(decode_as(data, candidates(data))[0])
    except NotThisFormat as refusal:
        good = _first_good(data)
        if not good:
            raise _refused(path, data, refusal) from refusal
        yield from _from_lines(path, good, enumerate(data.split(b"\n"), start=1))


def _decoded(path: Path, data: bytes, formats: tuple[Format, ...]) -> Decoded:
    try:
        return decode_as(data, formats)[0]
    except NotThisFormat as refusal:
        raise _refused(path, data, refusal) from refusal


def _refused(path: Path, data: bytes, refusal: NotThisFormat) -> Exception:
    if looks_like_json(data) or candidates(data):
        return unreadable(path, str(refusal))
    return unreadable(path, f"it is of no format that is known; it begins with “{beginning(data)}”")


def _first_good(data: bytes) -> bytes:
    """The first line from which spans can be read, where a file begins with one from which none can."""
    for line in data.split(b"\n", LINES_TRIED)[:LINES_TRIED]:
        if looks_like_json(line):
            try:
                decoded, _ = decode_as(line, candidates(line))
            except NotThisFormat:
                continue
            if decoded.records:
                return line
    return b""


def _length_prefixed(data: bytes) -> list[bytes]:
    """The messages of the Collector's protobuf files, each after its length; none where it is no such file."""
    messages, at = [], 0
    while at + PREFIX < len(data):
        length = int.from_bytes(data[at : at + PREFIX])
        message = data[at + PREFIX : at + PREFIX + length]
        if len(message) < length or message[:1] != b"\n":
            return []
        messages.append(message)
        at += PREFIX + length
    return messages if at == len(data) else []
