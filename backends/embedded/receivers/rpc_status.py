"""google.rpc.Status and RetryInfo: how OTLP says what went wrong.

Two small messages, written by hand, since their generated classes come in a package that nothing else here needs.
"""

from __future__ import annotations

from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.duration_pb2 import Duration

INVALID_ARGUMENT, RESOURCE_EXHAUSTED, UNAVAILABLE, UNIMPLEMENTED, INTERNAL = 3, 8, 14, 12, 13
"""Codes of google.rpc.Code."""
RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo"
CODE, MESSAGE, DETAILS, RETRY_DELAY = 0x08, 0x12, 0x1A, 0x0A  # tags: field number and wire type


def status_bytes(code: int, message: str, retry_after_s: float | None = None) -> bytes:
    """A Status; with a RetryInfo where the sender shall try again."""
    body = bytes([CODE, code]) + _field(MESSAGE, message.encode())
    return body if retry_after_s is None else body + _field(DETAILS, _retry_info(retry_after_s))


def status_json(code: int, message: str) -> dict[str, object]:
    """The same for JSON."""
    return {"code": code, "message": message}


def _retry_info(retry_after_s: float) -> bytes:
    delay = Duration()
    delay.FromNanoseconds(int(retry_after_s * 1e9))
    value = _field(RETRY_DELAY, delay.SerializeToString())
    return AnyMessage(type_url=RETRY_INFO, value=value).SerializeToString()


def _field(tag: int, content: bytes) -> bytes:
    return bytes([tag]) + _varint(len(content)) + content


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])
