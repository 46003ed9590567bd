"""One file's spans: a document as a whole, or line by line, or message by message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from backends.files.recognition import PROTOBUF, candidates, decode_as, looks_like_json
from backends.files.wording import beginning, unreadable
from backends.formats.decoded import Decoded, NotThisFormat

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from backends.files.decompression import Content
    from backends.files.limits import Limits
    from backends.files.recognition import Format

ANY_JSON = msgspec.json.Decoder(msgspec.Raw)
LINES_TRIED = 1000
"""How far a file that is no document is searched for a first line that is."""
PREFIX = 4
"""Bytes of the length before each message that the Collector writes into a file."""
FIRST_FIELD = b"\n"
"""What each such message begins with: the tag of its only field."""
NO_SPANS = Decoded([])
COMPRESSED_PART = "it is compressed and ends too early"


@dataclass(frozen=True)
class Part:
    """What was read of a document, a line or a message."""

    decoded: Decoded
    place: str = ""
    """Which line or message it is; empty for a document."""
    refusal: str = ""
    """Why the whole part is unreadable."""
    cut_off: bool = False
    """The file ends here, and too early: what would follow is missing."""

    def where(self, name: str) -> str:
        """The part of a file of that name."""
        return f"{name} {self.place}" if self.place else name


class Piece(NamedTuple):
    """What a file consists of where it is no single document."""

    noun: str
    unread: str
    """Why there may be nothing of one."""
    unread_is_last: bool


LINE = Piece("line", "it is too long", unread_is_last=False)
MESSAGE = Piece("message", "it is cut off or damaged", unread_is_last=True)


def read_parts(content: Content, limits: Limits) -> Iterator[Part]:
    """The file's parts, in order.

    Raises:
        UnreadableFile: it is empty, or nothing in it is of a format that is known.
    """
    head = _first_line(content, limits)
    if not head.strip() and not content.ends_early:
        raise unreadable(content.path, "it is empty", "Check how it was saved.")
    if _is_whole_line(head) and (more := _beyond_blanks(content, head)):
        lines = _lines(_chain(more, content), limits)
        yield from _from_pieces(content.path, LINE, candidates(more), lines)
    else:
        yield from _from_document(content, b"".join(_chain(head, content)))
    if content.ends_early:
        yield Part(NO_SPANS, cut_off=True)


def what_is_missing(name: str) -> str:
    """The sentence on a file of that name that is cut off."""
    return f"{name} ends too early: what would follow is missing here."


def _first_line(chunks: Iterable[bytes], limits: Limits) -> bytes:
    """The beginning, up to and with the chunk that ends the first line that is not blank."""
    head, begun = bytearray(), False
    for chunk in chunks:
        head += chunk
        if b"\n" in (chunk if begun else chunk.lstrip()) or len(head) > limits.max_line_bytes:
            break
        begun = begun or bool(chunk.strip())
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


def _beyond_blanks(chunks: Iterable[bytes], head: bytes) -> bytes:
    """The head with as much as it takes to see that something follows the first line; nothing if nothing does."""
    if head.lstrip().partition(b"\n")[2].strip():
        return head
    read = [head]
    for chunk in chunks:
        read.append(chunk)
        if chunk.strip():
            return b"".join(read)
    return b""


def _chain(first: bytes, chunks: Iterable[bytes]) -> Iterator[bytes]:
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


def _from_pieces(
    path: Path, piece: Piece, formats: tuple[Format, ...], pieces: Iterable[tuple[int, bytes | None]]
) -> Iterator[Part]:
    """Each piece by itself, so that a bad one spoils no other; the format of the last good one is tried first."""
    good, refused = False, ""
    for number, data in pieces:
        if data is not None and not data.strip():
            continue
        part, formats = _from_piece(piece, number, data, formats)
        good = good or not part.refusal
        refused = refused or part.refusal
        yield part
    if not good:
        raise unreadable(path, f"none of its {piece.noun}s is a trace; {refused}")


def _from_piece(
    piece: Piece, number: int, data: bytes | None, formats: tuple[Format, ...]
) -> tuple[Part, tuple[Format, ...]]:
    place = f"{piece.noun} {number}"
    if data is None:
        return Part(NO_SPANS, place, piece.unread, cut_off=piece.unread_is_last), formats
    try:
        decoded, known = decode_as(data, formats)
    except NotThisFormat as refusal:
        return Part(NO_SPANS, place, str(refusal)), formats
    return Part(decoded, place), (known, *(other for other in formats if other is not known))


def _from_document(content: Content, data: bytes) -> Iterator[Part]:
    if _is_length_prefixed(data):
        yield from _from_pieces(content.path, MESSAGE, (PROTOBUF,), _messages(data))
        return
    try:
        yield Part(decode_as(data, candidates(data))[0])
    except NotThisFormat as refusal:
        good = _first_good(data)
        if not good:
            raise _refused(content, data, refusal) from refusal
        lines = enumerate(data.split(b"\n"), start=1)
        yield from _from_pieces(content.path, LINE, candidates(good), lines)


def _refused(content: Content, data: bytes, refusal: NotThisFormat) -> Exception:
    if content.ends_early:
        return unreadable(content.path, COMPRESSED_PART, "Copy it again, whole.")
    if looks_like_json(data) or candidates(data):
        return unreadable(content.path, str(refusal))
    return unreadable(content.path, f"it is of no format that is known; it begins with “{beginning(data)}”")


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


def _is_length_prefixed(data: bytes) -> bool:
    """Whether it begins as the Collector's protobuf files do: with a message after its length, or a part of one."""
    if data[:1] == FIRST_FIELD or data[PREFIX : PREFIX + 1] != FIRST_FIELD:
        return False
    # No text begins with a zero. A first message of 16 MiB and more begins with none, and must be whole to be one.
    return data[:1] == b"\0" or PREFIX + int.from_bytes(data[:PREFIX]) <= len(data)


def _messages(data: bytes) -> Iterator[tuple[int, bytes | None]]:
    """Each message with its number; None, at last, for one that is not whole: what follows it cannot be found."""
    number, at = 1, 0
    while at < len(data):
        begin = at + PREFIX
        at = begin + int.from_bytes(data[at:begin])
        if at > len(data) or data[begin : begin + 1] != FIRST_FIELD or at <= begin:
            yield number, None
            return
        yield number, data[begin:at]
        number += 1
