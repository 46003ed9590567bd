"""The classifier as numbers: read from a file without pickle, applied with numpy alone."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.questions.everyday import EVERYDAY
from bot.questions.thesaurus import concept_of
from bot.questions.words import COMMON

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = Path(__file__).parent / "intents.npz"
WORD = re.compile(r"[^\W_]+(?:'\w+)?|[?/]", re.UNICODE)
LETTERS = 4
WORD_LENGTHS = (1, 2, 3)
NAME, PERIOD, WHERE = "<name>", "<period>", "<where>"
"""What stands for a word that is not known, and for what is read by rule."""
WEIGHT_STEP = 1 / 256
"""Weights are kept as whole multiples of this: fine enough for any answer, and a file that compares."""

Int16Array: TypeAlias = NDArray[np.int16]
Float64Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class IntentModel:
    """Logistic regression over TF-IDF of words and of their letters."""

    labels: tuple[str, ...]
    known: frozenset[str]
    """Words that are no names."""
    features: dict[str, int]
    idf: Float64Array
    weights: Int16Array
    """Shape (n_features, n_labels), in steps."""
    bias: Float64Array

    def probabilities(self, masked: str, read: str | None = None) -> dict[str, float]:
        """How likely each label is for a sentence whose period and conditions are masked, and of which the telling words name a kind."""
        named = features(masked, self.known, read)
        counts = Counter(self.features[name] for name in named if name in self.features)
        rows = np.fromiter(counts, np.int64, len(counts))
        values = np.fromiter(counts.values(), np.float64, len(counts))
        values = (1 + np.log(values)) * self.idf[rows] if len(counts) else values
        values /= np.linalg.norm(values) or 1.0
        scores = values @ self.weights[rows].astype(np.float64) * WEIGHT_STEP + self.bias
        likely = np.exp(scores - scores.max())
        return dict(zip(self.labels, (likely / likely.sum()).tolist(), strict=True))


def features(masked: str, known: frozenset[str], read: str | None) -> list[str]:
    """Runs of up to three words, concepts for their words and names hidden; the concepts; runs of letters; and the kind that was read.

    That kind also goes with each concept and each single word, so that what it is worth is learnt: `slow` tells little after `why`.
    """
    words = list(_words(masked))
    general = [_general(word, known) for word in words]
    runs_of = [
        "<s>",
        *(word for n, word in enumerate(general) if word != NAME or general[n - 1 : n] != [NAME]),
        "</s>",
    ]
    runs = [
        " ".join(runs_of[start : start + length])
        for length in WORD_LENGTHS
        for start in range(len(runs_of) - length + 1)
    ]
    concepts = sorted({concept for word in words if (concept := concept_of(word))})
    pairs = [f"{first}&{second}" for n, first in enumerate(concepts) for second in concepts[n + 1 :]]
    told = [
        f"={read}",
        *(f"={read}&{concept}" for concept in concepts),
        *(f"={read}&{word}" for word in sorted(set(runs_of))),
    ]
    return [*runs, *concepts, *pairs, *_letters(words), *told]


def _general(word: str, known: frozenset[str]) -> str:
    if word.startswith("<"):
        return word
    return concept_of(word) or (word if word in known or word in COMMON or word in EVERYDAY else NAME)


def _letters(words: list[str]) -> list[str]:
    return [
        f"#{part[start : start + LETTERS]}"
        for part in (f" {word} " for word in words if not word.startswith("<"))
        for start in range(len(part) - LETTERS + 1)
    ]


def _words(masked: str) -> Iterator[str]:
    for part in masked.lower().split():
        if part in {NAME, PERIOD, WHERE}:
            yield part
        else:
            yield from WORD.findall(part) if not re.search(r"[/_.\-{]\w", part) else [NAME]


def encoded(model: IntentModel) -> bytes:
    """The model as a file; the same model gives the same bytes."""
    file = BytesIO()
    np.savez(
        file,
        labels=_text_array(model.labels),
        known=_text_array(sorted(model.known)),
        features=_text_array(model.features),
        idf=model.idf,
        weights=model.weights,
        bias=model.bias,
    )
    return file.getvalue()


def decoded(content: bytes) -> IntentModel:
    """What `encoded` made."""
    with np.load(BytesIO(content), allow_pickle=False) as arrays:
        return IntentModel(
            labels=_texts(arrays["labels"]),
            known=frozenset(_texts(arrays["known"])),
            features={name: number for number, name in enumerate(_texts(arrays["features"]))},
            idf=arrays["idf"],
            weights=arrays["weights"],
            bias=arrays["bias"],
        )


@lru_cache(maxsize=1)
def shipped_model() -> IntentModel:
    """The model that stands beside this file."""
    return decoded(FILE.read_bytes())


def _text_array(texts: Any) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(texts).encode(), np.uint8)


def _texts(array: NDArray[np.uint8]) -> tuple[str, ...]:
    return tuple(array.tobytes().decode().split("\n"))
