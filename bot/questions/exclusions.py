"""What a question leaves out, or asks for one of several of: said to be impossible, rather than taken for its opposite."""

from __future__ import annotations

import re

from bot.questions.conditions import HOLE, find_conditions
from bot.questions.everyday import EVERYDAY
from bot.questions.not_understood import NotUnderstood
from bot.questions.words import TIERS, is_common

PLACED = r"(?:for|of|by|with|among|from|in|on|at|to|the|our|all|any|only|just|where|those|calls|requests|traces|service)"
CERTAIN = (
    r"(?:except(?:ing)?|excluding|exclude|besides|other than|(?:apart|aside) from|ignoring|ignore|leaving out|but not"
    r"|(?:all|everything|everyone|everybody|anything|everywhere|anywhere|every \w+) but|not (?:in|of|from|for|at))"
)
LEAVING_OUT = rf"(?<![\w-])(?:{CERTAIN}|without|(?<!is )(?<!are )(?<!was )(?<!does )(?<!do )(?<!did )(?<!can )(?<!has )(?<!why )(?:but )?not|non)"
LEFT_OUT_GROUP = re.compile(rf"{LEAVING_OUT}[ -](?:{PLACED} )*$", re.IGNORECASE)
LEFT_OUT_CONDITION = re.compile(rf"{LEAVING_OUT} (?:{PLACED} )*{HOLE}", re.IGNORECASE)
# The mark of known_names.py, which reads groups as well.
LEFT_OUT_MARK = re.compile(rf"{LEAVING_OUT} (?:{PLACED} )*(?=known_name_)", re.IGNORECASE)
LEFT_OUT_NAME = re.compile(
    rf"(?<![\w-]){CERTAIN} (?:{PLACED} )*(?P<name>[a-z][\w.-]*)(?![\w-])", re.IGNORECASE
)
"""Where no names are known, what only leaves out is enough, and the word after it no other one."""
EITHER = re.compile(rf"{HOLE},? or (?:{PLACED} )*{HOLE}", re.IGNORECASE)


def refuse_left_out(words: str) -> None:
    """Holds what the words leave out, and what they ask for either of.

    Args:
        words: with the known names hidden, where some are known.

    Raises:
        NotUnderstood: it cannot be looked for, with what can.
    """
    try:
        found = find_conditions(words)
    except NotUnderstood:
        return  # said where the conditions are read
    if LEFT_OUT_CONDITION.search(found.kept):
        raise NotUnderstood(
            "What is to be left out must be told by its attribute.", "Write it as where user.id!=42."
        )
    named = LEFT_OUT_NAME.search(found.kept)
    if LEFT_OUT_MARK.search(found.kept) or (named and not _is_ordinary(named["name"].lower())):
        raise NotUnderstood(
            "A place cannot be left out of a question.",
            "Ask about the one that is meant, or about all there is.",
        )
    held = [(one.key, one.value) for one in found.where if one.op == "="]
    if EITHER.search(found.kept) or len(dict(held)) < len(set(held)):
        raise NotUnderstood(
            "One span cannot carry both, and either of two cannot be looked for.", "Ask about one at a time."
        )


def _is_ordinary(word: str) -> bool:
    return word in EVERYDAY or word in TIERS or is_common(word)
