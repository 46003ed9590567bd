"""Text from traces and people made harmless: the one place where every field of a report is cleaned.

A span name can hold an escape sequence that clears the screen, a newline that forges a line of the answer, or a
character that reverses what follows it. All of them become visible instead of taking effect.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, TypeVar

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_TEXT = 2_000
"""Characters kept of any one text: nobody reads more of a statement in a terminal."""

HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Controls, formats (bidi overrides, zero-width joiners), surrogates, private and unassigned, line separators."""

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

T = TypeVar("T")


def cleaned(value: T, spelled: Callable[[str], str] = str) -> T:
    """The report, or any part of one, with every text in it cleaned and then spelled as the reader's terminal can."""
    return with_every_text(value, lambda text: spelled(clean_text(text)))


def with_every_text(value: T, change: Callable[[str], str]) -> T:
    """The value with every text in it changed, however deep it stands."""
    return _changed(value, change)  # type: ignore[return-value] # a report stays a report, a text a text


def _changed(value: object, change: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_changed(item, change) for item in value)
    if isinstance(value, msgspec.Struct):
        parts = {name: _changed(getattr(value, name), change) for name in value.__struct_fields__}
        # Nearly all texts are clean, and a critical path may have a million parts: only what changed is made anew.
        if any(part is not getattr(value, name) for name, part in parts.items()):
            return msgspec.structs.replace(value, **parts)
    return value


def clean_text(text: str) -> str:
    """The text with nothing in it that acts on a terminal, at most `LONGEST_TEXT` long.

    Control characters show as their pictures (`␛`, `␊`), other hidden ones as `�`, every kind of space as one
    space; an accent with nothing under it gets a dotted circle, or it would sit on what stands before.
    """
    if len(text) > LONGEST_TEXT:
        text = text[: LONGEST_TEXT - 1] + "…"
    # What Python calls printable holds nothing hidden and no space but the usual one; nearly every text is.
    shown = text if text.isprintable() else "".join(map(_shown, text))
    return f"◌{shown}" if shown and unicodedata.category(shown[0]).startswith("M") else shown


def _shown(char: str) -> str:
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if is_hidden(char):
        return REPLACEMENT
    return " " if unicodedata.category(char) == "Zs" else char


def is_hidden(char: str) -> bool:
    """Whether it acts on a terminal or on the characters beside it instead of showing."""
    return unicodedata.category(char) in HIDDEN
