"""JSON that strangers wrote: quick where it is as it should be, patient where a part of it is not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

import msgspec

from backends.formats.decoded import NotThisFormat, TooMuch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backends.formats.decoded import Problems

T = TypeVar("T")
NOTHING = msgspec.Raw(b"null")
"""What a part that is left raw holds where the document does not have it."""
ANYTHING = msgspec.json.Decoder()
ESCAPE = re.compile(rb"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|u[dD][89a-fA-F]..|.)", re.DOTALL)
"""Every escape of a JSON string in turn, so that an escaped backslash is never taken for the start of one."""
STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
"""One that nothing ends is all the rest, or each quote within it would be the start of another search to the end."""
MOST_COMMAS = 1_000_000
"""Of a request. Each stands between two members or elements, which take some 20 bytes in an exporter's JSON and 2 in a bomb's."""


def refuse_too_many(data: bytes) -> None:
    """Read on only where this says nothing.

    Raises:
        TooMuch: it has more members and elements than are read at a time.
    """
    if data.count(b",") > MOST_COMMAS and STRING.sub(b"", data).count(b",") > MOST_COMMAS:
        raise TooMuch(f"more than {MOST_COMMAS:,} members and elements")


def decode_json(data: bytes | msgspec.Raw, decoder: msgspec.json.Decoder[T]) -> T:
    """The document as the decoder's type.

    Raises:
        msgspec.ValidationError: it is JSON, but some part has another type.
        NotThisFormat: it is not JSON.
    """
    try:
        return decoder.decode(data)
    except msgspec.ValidationError:
        raise
    except RecursionError as error:
        raise NotThisFormat("it is nested too deeply") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return _decode_mended(bytes(data), decoder, error)


def decode_each(
    raws: Iterable[msgspec.Raw], decoder: msgspec.json.Decoder[T], problems: Problems
) -> Iterator[T]:
    """Those parts that have the decoder's type; the others are counted."""
    for raw in raws:
        try:
            yield decode_json(raw, decoder)
        except msgspec.ValidationError as error:
            problems.add(f"a field has the wrong type: {error}")
        except NotThisFormat as error:
            problems.add(f"it cannot be read: {error}")


def decode_part(raw: msgspec.Raw, decoder: msgspec.json.Decoder[T]) -> T | None:
    """The part as the decoder's type, or None where it is of another."""
    try:
        return decode_json(raw, decoder)
    except (msgspec.ValidationError, NotThisFormat):
        return None


def why_no_json(data: bytes) -> str:
    """Why this is no JSON at all, as the end of a sentence on it; empty where it is."""
    try:
        data.decode()
        decode_json(data, ANYTHING)
    except msgspec.ValidationError:  # a number that is larger than any
        return ""
    except UnicodeDecodeError as error:
        return f"it is not UTF-8 (byte {error.start})"
    except NotThisFormat as error:
        return str(error)
    return ""


def _decode_mended(data: bytes, decoder: msgspec.json.Decoder[T], first: Exception) -> T:
    """A second try without what breaks strings, but not the document: bad UTF-8, half surrogates, a byte order mark."""
    try:
        return decoder.decode(_mended(data))
    except msgspec.ValidationError:
        raise
    except RecursionError as error:
        raise NotThisFormat("it is nested too deeply") from error
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise NotThisFormat(_in_words(first)) from first


def _mended(data: bytes) -> bytes:
    text = data.decode("utf-8-sig", errors="replace").encode()
    return ESCAPE.sub(lambda match: b"\\ufffd" if len(match[0]) == 6 else match[0], text)


def _in_words(error: Exception) -> str:
    text = str(error)
    if "truncated" in text:
        return "it ends in the middle of a JSON value"
    position = re.search(r"\(byte \d+\)", text)
    return f"it is not valid JSON {position[0]}" if position else "it is not valid JSON"
