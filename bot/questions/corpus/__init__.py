"""Phrasings of every question, in groups of paraphrases: what the classifier learns from and is measured with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
COMMENT = "#"
KINDS = " || "
"""Before the kinds that its readers name instead of the file's, the best one first."""


@dataclass(frozen=True)
class Phrasing:
    """One way to ask for one thing; phrasings of a group say the same in much the same words."""

    text: str
    """With {scope}, {period} and {where} where those stand."""
    label: str
    group: int
    also: tuple[str, ...] = ()
    """Other kinds that serve whoever asks as well: two of its three readers named them."""


def read_corpus(folder: Path = FOLDER) -> tuple[Phrasing, ...]:
    """All phrasings, in the order of the files' names and of their lines. A file is a label, a blank line ends a group.

    Where readers who did not know the label see it otherwise, the line says so: `is it slow || why, slowest`.
    """
    phrasings = []
    group = 0
    for path in sorted(folder.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            text = line.strip()
            if text and not text.startswith(COMMENT):
                phrasings.append(_phrasing(text, path.stem, group))
            group += not text
        group += 1
    return tuple(phrasings)


def _phrasing(line: str, label: str, group: int) -> Phrasing:
    text, _, named = line.partition(KINDS)
    best, *also = named.split(", ") if named else (label,)
    return Phrasing(text, best, group, tuple(also))
