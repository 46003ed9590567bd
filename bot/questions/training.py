"""The classifier learnt from the corpus with scikit-learn: the only file that imports it, and no question needs this one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]  # it ships no types
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]  # likewise

from bot.questions.intent_model import NAME, PERIOD, WEIGHT_STEP, WHERE, IntentModel, features
from bot.questions.keywords import kind_told
from bot.questions.known_names import MARK
from bot.questions.shorthand import spelt_out
from bot.questions.spelling import corrected

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.questions.corpus import Phrasing

SLOTS = {"{scope}": NAME, "{period}": PERIOD, "{where}": WHERE}
INVERSE_REGULARISATION = 40.0
LEAST_USED = 2
"""Phrasings in which a feature must stand to be kept."""
TOLERANCE = 1e-4
BEST_SHARE = 0.7
"""Of a phrasing that several kinds serve."""
CHATTER = "chatter"
"""Its words are about anything: any of them may be the name of a service."""


def train(phrasings: Sequence[Phrasing]) -> IntentModel:
    """The model of these phrasings; the same ones give the same model."""
    known = frozenset(
        word for phrasing in phrasings if phrasing.label != CHATTER for word in _known_words(phrasing.text)
    )
    texts, labels, weights = _examples(phrasings, known)
    vectorizer = TfidfVectorizer(
        analyzer=lambda text: features(text[0], known, text[1]), min_df=LEAST_USED, sublinear_tf=True
    )
    regression = LogisticRegression(
        C=INVERSE_REGULARISATION, class_weight="balanced", max_iter=5_000, tol=TOLERANCE
    )
    regression.fit(vectorizer.fit_transform(texts), labels, sample_weight=weights)
    return _model(vectorizer, regression, known)


def _examples(
    phrasings: Sequence[Phrasing], known: frozenset[str]
) -> tuple[list[tuple[str, str | None]], list[str], list[float]]:
    """Masked texts with the kind that their words name, a label and a weight: one for each kind that serves as well."""
    texts, labels, weights = [], [], []
    for phrasing in phrasings:
        read = kind_read(phrasing.text, known)
        for masked in variants(phrasing.text):
            for label, weight in _shares(phrasing).items():
                texts.append((masked, read))
                labels.append(label)
                weights.append(weight)
    return texts, labels, weights


def _shares(phrasing: Phrasing) -> dict[str, float]:
    """How much of a phrasing counts for each kind; the best one for most."""
    if not phrasing.also:
        return {phrasing.label: 1.0}
    rest = (1 - BEST_SHARE) / len(phrasing.also)
    return {phrasing.label: BEST_SHARE, **dict.fromkeys(phrasing.also, rest)}


def variants(text: str) -> tuple[str, ...]:
    """A phrasing with its slots masked; where it has a period also without one, as most people leave it out."""
    masked = normal(text)
    for slot, mask in SLOTS.items():
        masked = masked.replace(slot, mask)
    without = " ".join(masked.replace(PERIOD, "").split())
    return (masked,) if without in {masked, ""} else (masked, without)


def kind_read(text: str, known: frozenset[str]) -> str | None:
    """The kind that the telling words of a phrasing name, as they are read where its place is known."""
    plain = normal(text).replace("{scope}", f"{MARK}0").replace("{period}", " ")
    sentence = " ".join(plain.replace("{where}", " ").split())
    return kind_told(sentence, known, has_conditions="{where}" in text)


def normal(text: str) -> str:
    """A phrasing as a question is before the classifier sees it."""
    return corrected(spelt_out(text.strip(" ?!.,;")))


def _known_words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:'\w+)?", re.sub(r"\{\w+\}", " ", normal(text)).lower())


def _model(vectorizer: Any, regression: Any, known: frozenset[str]) -> IntentModel:
    names = vectorizer.get_feature_names_out().tolist()
    return IntentModel(
        labels=tuple(regression.classes_.tolist()),
        known=known,
        features={name: number for number, name in enumerate(names)},
        idf=np.round(vectorizer.idf_, 9),
        weights=np.rint(regression.coef_.T / WEIGHT_STEP).astype(np.int16),
        bias=np.round(regression.intercept_, 4),
    )
