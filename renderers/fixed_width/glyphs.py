"""The signs a picture is made of, and what stands for them where a terminal cannot show them."""

from __future__ import annotations

import unicodedata
from dataclasses import astuple, dataclass


@dataclass(frozen=True)
class Glyphs:
    """One cell each, apart from `ellipsis`, `arrow` and the words' own signs."""

    gating: str
    """A stretch on the critical path."""
    beside: str
    """A stretch that nobody waited for, or in which a child was waited for."""
    wire: str
    detached: str
    beyond: str
    """The bar goes on past the picture."""
    slowest: str
    arrow: str
    ellipsis: str
    dot: str
    times: str


UNICODE = Glyphs("━", "─", "┅", "╌", "›", "◀", "→", "…", "·", "×")
ASCII = Glyphs("#", "-", "~", ".", ">", "<", "->", "..", "|", "x")

SPELLED = {
    "━": "#", "─": "-", "┅": "~", "╌": ".", "›": ">", "◀": "<", "→": "->", "…": "...", "·": "|", "×": "x",
    "µ": "u", "μ": "u", "–": "-", "—": "-", "−": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "≥": ">=", "≤": "<=",
    "±": "+-", "•": "*",
}  # fmt: skip


def glyphs_for(encoding: str) -> Glyphs:
    """The signs that a stream of this encoding can carry."""
    return UNICODE if _carries(encoding, "".join(astuple(UNICODE))) else ASCII


def spelled(text: str, encoding: str) -> str:
    """The text with what the encoding cannot carry written otherwise: `→` as `->`, `é` as `e`, the rest as `?`."""
    if text.isascii() or _carries(encoding, text):
        return text
    return "".join(char if _carries(encoding, char) else _in_ascii(char) for char in text)


def _carries(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _in_ascii(char: str) -> str:
    if char in SPELLED:
        return SPELLED[char]
    base = unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode()
    return base if base.isprintable() and base else "?"
