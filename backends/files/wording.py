"""Names and beginnings of files, fit to be shown, and the errors that show them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backends.errors import UnreadableFile

if TYPE_CHECKING:
    from pathlib import Path

READABLE = (
    "OTLP (JSON, JSON lines or protobuf), Jaeger JSON, Zipkin v2 JSON, ClickHouse JSON rows or Parquet, "
    "plain or compressed with gzip or zstd"
)
LONGEST_NAME = 200
BEGINNING = 40


PASSWORD = re.compile(r"(?<=:)[^/@]*(?=@)")


def shown(text: str) -> str:
    """Without control characters and other tricks on terminals, not too long; an address without its password."""
    text = PASSWORD.sub("…", text)
    clean = "".join(character if character.isprintable() else "·" for character in text[: LONGEST_NAME + 1])
    return clean if len(clean) <= LONGEST_NAME else clean[:LONGEST_NAME] + "…"


def beginning(data: bytes) -> str:
    """How a file begins, for a person to recognise it by."""
    return shown(data[:BEGINNING].decode("utf-8", errors="replace"))


def unreadable(
    path: Path, problem: str, advice: str = f"Give a file of traces: {READABLE}."
) -> UnreadableFile:
    return UnreadableFile(f"The file {shown(str(path))} cannot be read: {problem}.", advice)
