"""Text from traces and people on its way into Slack: cut first, escaped once, at the last moment.

Most of it goes where Slack reads nothing out of it: into rich text and plain text. Only the fallback of a message and the
lines with times are Slack's own markup; there `escaped` is what keeps a span from mentioning anybody.
"""

from __future__ import annotations

import json
import unicodedata

ELLIPSIS = "…"
DEAREST_CHARACTER = 3
"""How many characters of JSON a character may cost on average before a text is cut earlier: `\\u672c` costs 6."""
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"


def escaped(text: str) -> str:
    """The text as Slack's markup shows it unchanged. Applied once, to what is already cut."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def json_length(value: object) -> int:
    """Characters of the value as JSON in ASCII, which is what the client sends."""
    return len(json.dumps(value))


def cut(text: str, most: int) -> str:
    """The text without blanks around it, at most so many characters long, fewer where they are dear in JSON."""
    text = text.strip()
    cost, dearest = 0, most * DEAREST_CHARACTER
    for at, char in enumerate(text):
        cost += len(json.dumps(char)) - 2
        if at >= most or cost > dearest:
            return _without_half_character(text[: max(0, at - 1)]) + ELLIPSIS
    return text


def _without_half_character(text: str) -> str:
    """Without accents and joiners at the end whose letter may have been cut."""
    return text.rstrip().rstrip("\u200d\ufe0f")


def isolated(text: str) -> str:
    """The text with its right-to-left letters kept from turning around the figures beside them."""
    if text.isascii() or not any(unicodedata.bidirectional(char) in {"R", "AL", "AN"} for char in text):
        return text
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"
