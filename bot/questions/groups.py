"""Groups of people that a question names, such as `for gold users`: which attribute says so only the asker knows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analyzers.report import Candidate, Condition
from bot.questions.conditions import condition_text
from bot.questions.not_understood import NotUnderstood

TIERS = "gold silver bronze platinum premium basic free paid paying trial pro plus business enterprise vip beta internal guest standard"
NAMED = re.compile(
    rf"(?<!\w)(?P<placed>(?:(?:only|just) )?(?:for|of|by|with|among|from) (?:(?:the|our|all|my|only|just) )*)?(?P<value>{'|'.join(TIERS.split())})"
    r"(?:[ -]tier)? (?P<noun>user|customer|tenant|account)s?(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Group:
    """People of one kind, and the question without them."""

    noun: str
    value: str
    rest: str

    @property
    def condition(self) -> Condition:
        """What says so if the attribute is the tier."""
        return Condition(key=f"{self.noun}.tier", op="=", value=self.value)


def find_group(words: str) -> Group | None:
    """The group of people that the words name."""
    group = NAMED.search(words)
    if group is None:
        return None
    kept = "" if group["placed"] else group["noun"] + "s"
    rest = " ".join(f"{words[: group.start()]} {kept} {words[group.end() :]}".split()).strip(" ,?")
    return Group(group["noun"].lower(), group["value"].lower(), rest)


def narrowed_text(group: Group) -> str:
    """The question as it would be if the attribute were the tier."""
    joined = "and" if re.search(r"\bwhere\b", group.rest, re.IGNORECASE) else "where"
    return f"{group.rest} {joined} {condition_text(group.condition)}"


def unknown_group(noun: str, value: str, again: str) -> NotUnderstood:
    """What is said where no attribute is known that holds the group; again is the question with a likely one."""
    return NotUnderstood(
        f"Which attribute says that a {noun} is {value} is not known.",
        f"Name it, as in: only where {noun}.tier={value}.",
        (Candidate(text=again, why=f"if the attribute is {noun}.tier"),),
    )
