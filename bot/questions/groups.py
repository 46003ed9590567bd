"""Groups of people that a question names, such as `for gold users`: which attribute says so only the asker knows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analyzers.report import Candidate
from analyzers.report_base import Condition
from bot.questions.conditions import condition_text
from bot.questions.exclusions import LEFT_OUT_GROUP
from bot.questions.not_understood import NotUnderstood
from bot.questions.words import TIERS

if TYPE_CHECKING:
    from collections.abc import Sequence

NOUN = r"user|customer|tenant|account|member|client"
NAMED = re.compile(
    rf"(?<!\w)(?P<placed>(?:(?:only|just) )?(?:for|of|by|with|among|from) (?:(?:the|our|all|my|only|just) )*)?(?P<value>{'|'.join(sorted(TIERS))})"
    rf"(?:[ -]tier(?: (?P<noun>{NOUN})s?)?| (?P<people>{NOUN})s?)(?!\w)",
    re.IGNORECASE,
)


ANOTHER = rf"(?:(?:{'|'.join(sorted(TIERS))})(?:[ -]tier)?(?: (?:{NOUN})s?)?|\b(?:{NOUN}) \S*\d\S*)"
ANOTHER_BEFORE = re.compile(rf"(?:(?<!\w){ANOTHER},? (?:or|and|nor|&) ?|/|\bor )$", re.IGNORECASE)
ANOTHER_AFTER = re.compile(rf"\s*(?:/|,? (?:or|nor) |,? (?:and|&) (?:{ANOTHER}))", re.IGNORECASE)
ONE_OF_THEM = re.compile(
    r" (?:id |number |no\.? )?#?(?P<value>(?!\d{1,2}:\d|\d+ ?(?:s|m|h|d|min|hours?|days?)\b|\d{4}-)[\w.@+-]*[\d@][\w.@+-]*)",
    re.IGNORECASE,
)
MOST_OFFERED = 3


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
    """The group of people that the words name.

    Raises:
        NotUnderstood: they leave it out, name another one beside it, or one of its people.
    """
    group = NAMED.search(words)
    if group is None:
        return None
    _refuse_more_than(group)
    noun = (group["noun"] or group["people"] or "user").lower()
    kept = "" if group["placed"] else noun + "s"
    rest = " ".join(f"{words[: group.start()]} {kept} {words[group.end() :]}".split()).strip(" ,?")
    return Group(noun, group["value"].lower(), rest)


def _refuse_more_than(group: re.Match[str]) -> None:
    before, after = group.string[: group.start()], group.string[group.end() :]
    noun = (group["noun"] or group["people"] or "user").lower()
    if LEFT_OUT_GROUP.search(before):
        raise NotUnderstood(
            "People of a kind can only be left out by the attribute that tells them.",
            f"Write it as where {noun}.tier!={group['value'].lower()}.",
        )
    if NAMED.search(after) or ANOTHER_BEFORE.search(before) or ANOTHER_AFTER.match(after):
        raise NotUnderstood(
            "Of several kinds of people only one can be asked about.", "Ask about one at a time."
        )
    one = None if group[0].lower().endswith("s") else ONE_OF_THEM.match(after)
    if one:
        raise NotUnderstood(
            f"“{group['value']} {noun} {one['value']}” names people of a kind, and one of them.",
            "Ask about one of these instead.",
            (
                Candidate(
                    text=f"{before}for {noun} {one['value']}{after[one.end() :]}",
                    why=f"about {noun} {one['value']} alone",
                ),
            ),
        )


def narrowed_text(group: Group) -> str:
    """The question as it would be if the attribute were the tier."""
    joined = "and" if re.search(r"\bwhere\b", group.rest, re.IGNORECASE) else "where"
    return f"{group.rest} {joined} {condition_text(group.condition)}"


class UnknownGroup(NotUnderstood):
    """People of a kind are named, and the words do not say which attribute tells them: whoever knows the store may."""

    def __init__(self, noun: str, value: str, again: str) -> None:
        """`again` is the question where the attribute is the tier."""
        super().__init__(
            f"Which attribute says that a {noun} is {value} is not known.",
            f"Name it, as in: only where {noun}.tier={value}.",
            (Candidate(text=again, why=f"if the attribute is {noun}.tier"),),
        )
        self.noun, self.value, self.again = noun, value, again

    def narrowed(self, key: str, value: str) -> str:
        """The question where this attribute tells them, by the value as it is written there."""
        likely = condition_text(Condition(key=f"{self.noun}.tier", op="=", value=self.value))
        return self.again.replace(likely, condition_text(Condition(key=key, op="=", value=value)))

    def among(self, held: Sequence[tuple[str, str]]) -> NotUnderstood:
        """The same where several attributes have that value."""
        keys = " and ".join(key for key, _ in held)
        return NotUnderstood(
            f"“{self.value}” is a value of {keys}.",
            "Ask one of these instead.",
            tuple(
                Candidate(text=self.narrowed(key, value), why=f"by {key}")
                for key, value in held[:MOST_OFFERED]
            ),
        )
