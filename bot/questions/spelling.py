"""Slips of the keyboard in the words that tell questions apart, put right; names stay as they are written."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.questions.naming import ALSO_NAMES
from bot.questions.words import is_common

TELLING = frozenset(
    """
    slow slower slowest slowness sluggish error errors exception exceptions failure failures failing failed fails broken crash
    crashes crashing crashed throwing request requests trace traces endpoint endpoints operation operations service services latency
    latencies timeout timeouts bottleneck duration longest taking why what which where when show give list find help compare
    compared cause reason explain yesterday today since last hour hours minutes morning afternoon between before after
    version than with from about doing performing performance user order customer session overview everything anything
    something causing caused causes responsible regression problem problems issue issues happened changed please
    """.split()
)
"""What is put right to, if it is the only one so near."""
SHORTEST = 4
"""Letters from which on two that are swapped, or one that is doubled, are taken for a slip."""
SHORTEST_WRONG_LETTER = 6
SHORTEST_TWO_SLIPS = 10
DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
ANAGRAMS = {"".join(sorted(word)): word for word in TELLING}
VOWELS = re.compile(r"[aeiouy]")
WORD = re.compile(r"(?<![\w./:@=\-'\"{])[^\W\d_]{3,}(?![\w/:@=\-'\"}]|\.\w)")


def corrected(sentence: str) -> str:
    """The sentence with slips in its telling words put right."""
    return WORD.sub(lambda match: _right(match[0]), sentence)


def is_swapped(word: str) -> bool:
    """Whether it has the letters of a telling word in another order."""
    right = ANAGRAMS.get("".join(sorted(word)))
    return right is not None and word != right and word[0] == right[0]


def _right(word: str) -> str:
    lower = word.lower()
    if is_common(lower) or lower in TELLING or lower in ALSO_NAMES:
        return word
    if (short := _shortened(lower)) != lower and (is_common(short) or short in TELLING):
        return short
    return _meant(lower) or word


def _shortened(word: str) -> str:
    """`slooow` as `slow`."""
    once = DRAWN_OUT.sub(r"\1", word)
    return once if is_common(once) or once in TELLING else DRAWN_OUT.sub(r"\1\1", word)


@lru_cache(maxsize=1_000)
def _meant(word: str) -> str | None:
    """The one telling word that this is a slip of."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - only what no rule reads needs it

    if len(word) < SHORTEST:
        return None
    most = 2 if len(word) >= SHORTEST_TWO_SLIPS else 1
    near = sorted(
        (OSA.distance(word, right, score_cutoff=most), right) for right in TELLING if _may_be(word, right)
    )
    best = [right for distance, right in near if distance == near[0][0] <= most]
    return best[0] if len(best) == 1 or (best and _is_swapped(word, best[0])) else None


def _may_be(word: str, right: str) -> bool:
    """Short words differ too little for a wrong letter to be a slip: `cost` is not `most`."""
    return (
        len(word) >= SHORTEST_WRONG_LETTER
        or _is_swapped(word, right)
        or (word[0] == right[0] and _consonants(word) == _consonants(right))
    )


def _is_swapped(word: str, right: str) -> bool:
    return sorted(word) == sorted(right) and len(right) >= SHORTEST and word[0] == right[0]


def _consonants(word: str) -> str:
    """What is left of it without vowels and with no letter twice: people leave out the former and double the latter."""
    return re.sub(r"(.)\1+", r"\1", VOWELS.sub("", word))
