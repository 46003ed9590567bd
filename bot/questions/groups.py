"""Groups of people that a question names, such as `for gold users`: which attribute says so only the asker knows."""

from __future__ import annotations

import re

from analyzers.report import Candidate
from bot.questions.not_understood import NotUnderstood

TIERS = "gold silver bronze platinum premium basic free paid paying trial pro plus business enterprise vip beta internal guest standard"
NAMED = re.compile(
    rf"(?<!\w)(?:(?:only|just) )?(?:for|of|by|with|among|from) (?:(?:the|our|all|my|only|just) )*(?P<value>{'|'.join(TIERS.split())})"
    r"(?:[ -]tier)? (?P<noun>user|customer|tenant|account)s?(?!\w)",
    re.IGNORECASE,
)


def refuse_group(words: str) -> None:
    """Asks back which attribute is meant, where the words name a group of people.

    Raises:
        NotUnderstood: they do, with the question as it would be if the attribute were the tier.
    """
    group = NAMED.search(words)
    if group is None:
        return
    rest = " ".join(f"{words[: group.start()]} {words[group.end() :]}".split()).strip(" ,?")
    noun, value = group["noun"].lower(), group["value"].lower()
    joined = "and" if re.search(r"\bwhere\b", rest, re.IGNORECASE) else "where"
    raise unknown_group(noun, value, f"{rest} {joined} {noun}.tier={value}")


def unknown_group(noun: str, value: str, again: str) -> NotUnderstood:
    """What is said where no attribute is known that holds the group; again is the question with a likely one."""
    return NotUnderstood(
        f"Which attribute says that a {noun} is {value} is not known.",
        f"Name it, as in: only where {noun}.tier={value}.",
        (Candidate(text=again, why=f"if the attribute is {noun}.tier"),),
    )
