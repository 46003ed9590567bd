"""Trace and span ids, in every way they are written."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analyzers.arrays import Uint64Array

HEX = re.compile(r"[0-9a-fA-F]{1,32}")
UNREADABLE = -1
"""In a column of ids, where 0 already means that there is none."""


def trace_id(text: str | None) -> str | None:
    """32 lower-case hex digits, or None where the text is no trace id.

    Takes hex of up to 32 digits in either case (Jaeger and Tempo drop leading zeros) and the base64 of Tempo's JSON,
    which its padding tells apart.
    """
    digits = _hex_digits(text or "", longest=32)
    return digits.rjust(32, "0") if digits and digits.strip("0") else None


def span_id(text: str | None) -> int:
    """The id as a number; 0 where the text is empty or all zeros, UNREADABLE where it is no span id."""
    if not text:
        return 0
    digits = _hex_digits(text, longest=16)
    return UNREADABLE if digits is None else int(digits, 16)


def span_ids(texts: Sequence[str | None]) -> list[int]:
    """`span_id` of each text."""
    plain = plain_span_ids(texts)
    return [span_id(text) for text in texts] if plain is None else plain.tolist()


def plain_span_ids(texts: Sequence[str | None]) -> Uint64Array | None:
    """The same as numbers, where every id is written with all its 16 digits."""
    try:
        joined = "".join(texts)  # type: ignore[arg-type]  # a None among them raises TypeError
        digits = bytes.fromhex(joined)
    except (TypeError, ValueError):
        return None
    # fromhex skips blanks, so that bad ids come out too short
    if len(joined) != 2 * len(digits) or len(digits) != 8 * len(texts) or set(map(len, texts)) - {16}:  # type: ignore[arg-type]  # no None here
        return None
    return np.frombuffer(digits, ">u8").astype(np.uint64)


def parent_ids(texts: Sequence[str | None]) -> list[int]:
    """`span_id` of each text, quick where many name no parent."""
    named = [text for text in texts if text]
    if len(named) == len(texts):
        return span_ids(texts)
    numbers = iter(span_ids(named))
    return [next(numbers) if text else 0 for text in texts]


def trace_ids(texts: Sequence[str | None]) -> list[str | None]:
    """`trace_id` of each text; equal ids are one object, which makes coding them quick."""
    known = {text: trace_id(text) for text in set(texts)}
    return [known[text] for text in texts]


def _hex_digits(text: str, longest: int) -> str | None:
    if text.endswith("="):
        return _from_base64(text, longest)
    return text.lower() if len(text) <= longest and HEX.fullmatch(text) else None


def _from_base64(text: str, longest: int) -> str | None:
    if len(text) > 24:  # 16 bytes in base64
        return None
    try:
        digits = base64.b64decode(text, validate=True).hex()
    except (binascii.Error, ValueError):
        return None
    return digits if len(digits) in {16, 32} and len(digits) <= longest else None
