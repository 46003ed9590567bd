"""Which format a file has, told by its content."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from backends.formats.clickhouse_rows import decode_clickhouse_rows
from backends.formats.decoded import NotThisFormat
from backends.formats.jaeger_json import decode_jaeger_json
from backends.formats.otlp_json import decode_otlp_json
from backends.formats.otlp_protobuf import decode_otlp_protobuf
from backends.formats.zipkin_json import decode_zipkin_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backends.formats.decoded import Decoded

HEAD = 1 << 16
"""Bytes that are looked at."""


class Format(NamedTuple):
    """A format and the words by which its documents are told, each certain alone."""

    name: str
    words: tuple[bytes, ...]
    decode: Callable[[bytes], Decoded]


# The order is that of certainty: Zipkin's word is found in OTLP too.
JSON_FORMATS = (
    Format("OTLP/JSON", (b'"resourceSpans"', b'"batches"', b'"scopeSpans"'), decode_otlp_json),
    Format("Jaeger JSON", (b'"traceID"', b'"processes"', b'"operationName"'), decode_jaeger_json),
    Format("ClickHouse JSON rows", (b'"TraceId"',), decode_clickhouse_rows),
    Format("Zipkin JSON", (b'"traceId"', b'"localEndpoint"'), decode_zipkin_json),
)


def _decode_parquet(data: bytes) -> Decoded:
    from backends.formats.parquet import decode_parquet  # noqa: PLC0415 - DuckDB takes 0.1 s to import

    return decode_parquet(data)


PROTOBUF = Format("OTLP protobuf", (), decode_otlp_protobuf)
PARQUET = Format("Parquet", (), _decode_parquet)


def candidates(head: bytes) -> tuple[Format, ...]:
    """The formats that content with this beginning may have, the likeliest first."""
    if head.startswith(b"PAR1"):
        return (PARQUET,)
    # The first field of a protobuf message begins with the byte of a line feed, and may go on with one of a brace.
    binary = (PROTOBUF,) if head[:1] == b"\n" else ()
    if not looks_like_json(head):
        return binary
    certain = [known for known in JSON_FORMATS if any(word in head[:HEAD] for word in known.words)]
    return (*certain, *(known for known in JSON_FORMATS if known not in certain), *binary)


def looks_like_json(head: bytes) -> bool:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"{", b"["}


def decode_as(data: bytes, formats: Sequence[Format]) -> tuple[Decoded, Format]:
    """What the first of the formats that takes the bytes makes of them.

    Raises:
        NotThisFormat: none does; the reason is that of the likeliest.
    """
    refusals = []
    for known in formats:
        try:
            return known.decode(data), known
        except NotThisFormat as refusal:
            refusals.append(NotThisFormat(f"as {known.name}, {refusal}"))
    raise refusals[0] if refusals else NotThisFormat("it is of no format that is known")
