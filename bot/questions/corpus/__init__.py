"""Phrasings of every question, in groups of paraphrases: what the classifier learns from and is measured with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
COMMENT = "#"


@dataclass(frozen=True)
class Phrasing:
    """One way to ask for one thing; phrasings of a group say the same in much the same words."""

    text: str
    """With {scope}, {period} and {where} where those stand."""
    label: str
    group: int


def read_corpus(folder: Path = FOLDER) -> tuple[Phrasing, ...]:
    """All phrasings, in the order of the files' names and of their lines. A file is a label, a blank line ends a group."""
    phrasings = []
    group = 0
    for path in sorted(folder.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            text = line.strip()
            if text and not text.startswith(COMMENT):
                phrasings.append(Phrasing(text, path.stem, group))
            group += not text
        group += 1
    return tuple(phrasings)
