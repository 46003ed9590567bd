"""Text as people type and paste it, made plain: one kind of quote, of dash and of space, nothing invisible."""

from __future__ import annotations

import re
import unicodedata

LONGEST_SENTENCE = 1_000
"""Characters of a question in words; longer ones are pasted text, not questions."""

QUOTES = dict.fromkeys("“”„‟«»″〝〞＂", '"') | dict.fromkeys("‘’‚‛′`´＇", "'")
DASHES = dict.fromkeys("‐‑‒–—―−﹣－", "-")
SIGNS = {"≤": "<=", "≥": ">=", "≠": "!=", "±": "+-", "…": " "}
PLAIN = str.maketrans(QUOTES | DASHES | SIGNS)
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
COLOURS = re.compile(r"\x1b\[[0-9;:?]*[A-Za-z]")
"""What terminals colour text with, left in what is copied from them."""
CALLED = re.compile(r"^(?:<@[^>]*>|@?tracewhy\b(?:\s+ask\b)?|/trace\b)[\s,:]*", re.IGNORECASE)
WRAPPED = re.compile(r"^([\"'])([^\"']*)\1$")


def plain_text(text: str) -> str:
    """The text on one line, without its invisible characters, and without the name of the bot before it."""
    compatible = unicodedata.normalize("NFKC", COLOURS.sub(" ", text).translate(PLAIN)).translate(PLAIN)
    visible = "".join(_visible(char) for char in compatible)
    words = CALLED.sub("", " ".join(visible.split()))
    wrapped = WRAPPED.match(words)
    return (wrapped[2] if wrapped else words).strip(" ?!.,;…¿¡")


def _visible(char: str) -> str:
    if char.isspace():
        return " "
    return "" if unicodedata.category(char) in INVISIBLE else char
