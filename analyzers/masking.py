"""Ids and other values in names: what has to go so that like things look alike."""

from __future__ import annotations

import re

ID = "{id}"

# One part of a path or key, without separators.
LOOKS_LIKE_ID = re.compile(
    r"""
      \d+                          # 42
    | (?:\D*\d){3}.*               # three digits anywhere: dates, order-123, UUIDs, hashes
    | [A-Za-z]+[-_.]\d+            # item-7
    | .*[@%*,;=$+~!|{}()<>"'].*    # mail addresses, encoded text, tuples
    | (?=.*[A-Z])(?=.*\d).{20,}    # tokens: long, and not just words
    | .{81,}
    """,
    re.VERBOSE | re.DOTALL,
)
VERSION = re.compile(r"v\d{1,2}(?:\.\d{1,2})?|.*\{[\w.-]*\}", re.IGNORECASE)


def masked_id(part: str, mask: str = ID) -> str:
    """The part of a path or key, or the mask where it looks like an id. `v1` and `{sku}` stay."""
    if VERSION.fullmatch(part):
        return part
    return mask if LOOKS_LIKE_ID.fullmatch(part[:200]) else part
