"""What is said in the thread of an answer: `and yesterday?`, `only for user 42`, `errors?`, as whole questions."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analyzers.report_base import Condition
from bot.questions.conditions import find_conditions
from bot.questions.groups import UnknownGroup
from bot.questions.intent import CompareCohorts, Investigate
from bot.questions.investigation_words import measure_alone
from bot.questions.investigations import compared_words
from bot.questions.moments import DAY
from bot.questions.not_understood import NotUnderstood
from bot.questions.parse import parse, parse_by_grammar
from bot.questions.plain_text import plain_text
from bot.questions.plan import conditions_text
from bot.questions.scope import scope_text
from bot.questions.slots import read_slots
from bot.questions.thesaurus import concept_of
from bot.questions.versions import VERSION_WORD, VERSIONS
from bot.questions.words import scope_named

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from analyzers.report_base import Understood
    from bot.questions.intent import Intent, Measure

LONGEST = 200
"""Characters of a follow-up; what is longer is a question of its own, or talk."""
FOLLOWED = ("slowest", "errors", "find", "operations", "services", "why", "compare")
UNNARROWED = ("operations", "services")
"""Kinds without conditions."""

ASIDE = r"(?:and|but|also|ok|okay|now|then|so|hm+|please|pls|same|again|instead|(?:what|how) about|(?:can|could) (?:you|i|we)|show|list|give|get|see|do|try|check|me|us|the same|it|that|this|them|those)"
LEAD = re.compile(rf"^(?:{ASIDE}(?!\w)[ ,:]*)+", re.IGNORECASE)
KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("errors", re.compile(r"(?:(?:any|the|only|just|what|which|were there|are there) )*(?:errors?|errs?|failures?|exceptions?|500s|5xx|failed|failing|fails?|(?:failed|failing) (?:ones?|requests?|traces?))(?: there| then| too)?", re.IGNORECASE)),
    ("slowest", re.compile(r"(?:(?:any|the|only|just|what|which|was|were|is|are) )*slow(?:est|er)?(?: (?:ones?|requests?|traces?))?(?: there| then| too)?", re.IGNORECASE)),
    ("why", re.compile(r"(?:but )?(?:why|how come|root cause|what(?:'s| is| was)? (?:the cause|caused|causing)|investigate)(?: (?:is|was|are|were|it|that|this|they|so|though|slow|slower|slowness|the slowness|failing|of))*", re.IGNORECASE)),
    ("operations", re.compile(r"(?:(?:the|which|by|per) )*(?:operations?|ops|endpoints?|routes?)", re.IGNORECASE)),
    ("services", re.compile(r"(?:(?:the|which|all|by|per) )*services?", re.IGNORECASE)),
)  # fmt: skip
AGAINST = re.compile(
    r"^(?:(?:compare|compared|comparison|diff|difference)(?: (?:it|that|this|them))? (?:to|with|against)|vs\.?|versus|against|than|relative to) (?P<against>.+)$",
    re.IGNORECASE,
)
BASELINE = re.compile(rf"^(?:with |to )?(?P<against>last week|a week ago|{DAY})$", re.IGNORECASE)
"""What a comparison is to be held against instead: `with monday`, `and last week?`."""
JOINING = re.compile(
    r"(?<!\w)(?:only|just|for|of|in|on|at|by|from|with|where|the|about|during|over|not|except|excluding|without|requests?|traces?|ones?|those|and)(?!\w)",
    re.IGNORECASE,
)
EXCEPT = re.compile(r"(?<!\w)(?:not|except|excluding|exclude|without|but not)(?!\w)", re.IGNORECASE)
GROUP = re.compile(
    r"(?:only|just)(?: (?:for|the))* (?P<value>[\w-]{2,40}) (?P<noun>users?|customers?|tenants?|accounts?)",
    re.IGNORECASE,
)
PLACED = re.compile(r"^(?:only |just |for |in |of |on |at |from |the |about )*", re.IGNORECASE)
EVERYWHERE = re.compile(
    r"(?:(?:for|in|of|across) )?(?:the )?(?:overall|everywhere|everything|all services|all of them|whole system|in total)",
    re.IGNORECASE,
)

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
CARDINALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
LAST = -1
SHOW = r"(?:show|open|explain|expand|see|give|get|display|view|pick|take|break down|details? (?:of|on|for)|more (?:about|on)|what about|how about)"
NTH = re.compile(
    rf"(?:please )?(?:and )?(?P<show>{SHOW}(?: me| us)? )?(?P<the>the |trace |request |number |no\.? ?|nr\.? ?|# ?)*"
    rf"(?:(?P<ordinal>{'|'.join(ORDINALS)}|last)|(?P<digits>\d{{1,3}})(?P<suffix>st|nd|rd|th)?|(?P<cardinal>{'|'.join(CARDINALS)}))"
    r"(?P<one> (?:one|trace|request|result|row))?(?: please)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Asked:
    """A question in parts, as they were written."""

    kind: str
    scope: str
    where: tuple[Condition, ...]
    when: str
    against: str = ""
    versions: tuple[str, str] | None = None
    measure: Measure = "mean"

    def text(self) -> str:
        """The question as one types it."""
        kind = self.kind
        if self.where and kind in UNNARROWED:
            kind = "find"
        where = conditions_text(self.where)
        scope = "" if kind == "services" else self.scope
        if kind == "find":
            return _spaced("find", where, "in" if scope else "", scope, self.when)
        if kind in {"why", "compare"}:
            measure = "" if self.measure == "mean" else f"{self.measure} of" if scope else self.measure
            return _spaced(kind, measure, scope, self._sides(), f"where {where}" if where else "")
        return _spaced(kind, scope, self.when, f"where {where}" if where else "")

    def _sides(self) -> str:
        versions = "version {} vs version {}".format(*self.versions) if self.versions else ""
        return _spaced(versions, self.when, f"vs {self.against}" if self.against else "")


def follow_up(
    text: str, previous_question: str, previous: Understood, now: datetime, zone: tzinfo
) -> str | None:
    """The whole question that a follow-up means; None where it is none.

    What it names replaces the same part of the question before, and the rest is kept: a period, a place (`and payment?`),
    a kind (`errors?`), a condition (of the same attribute it takes the place), what to compare with. Only what consists of
    nothing else is a follow-up, so that people may talk in a thread. A period is kept as it was written: `last 30m` are
    the 30 minutes before the follow-up.

    Raises:
        NotUnderstood: it names a group, as in `only gold users`, and nothing says in which attribute that stands.
    """
    words = plain_text(text)
    if not words or len(words) > LONGEST or previous.kind not in FOLLOWED or nth_trace(text) is not None:
        return None
    try:
        asked = _asked_before(previous_question, previous, now, zone)
        changed = _changed(words, asked, now, zone, in_question="?" in text)
    except NotUnderstood:
        changed = None
    if changed is None:
        return _of_group(words, previous, previous_question, now, zone)
    return _readable(changed, now, zone)


def nth_trace(text: str) -> int | None:
    """Which of the traces listed above is meant, from 1 on, the last one being -1; None for other words."""
    match = NTH.fullmatch(plain_text(text)[:LONGEST])
    if match is None or not any(match[part] for part in ("show", "the", "one", "suffix")):
        return None
    if match["digits"]:
        return int(match["digits"]) or None
    word = (match["ordinal"] or match["cardinal"]).lower()
    if word == "last":
        return LAST
    return (ORDINALS if match["ordinal"] else CARDINALS).index(word) + 1


def _readable(asked: _Asked, now: datetime, zone: tzinfo) -> str | None:
    """The question as text that the rules read; a baseline that does not go with a new period is left out."""
    for one in (asked, replace(asked, against="") if asked.kind == "why" else asked):
        try:
            if parse_by_grammar(one.text(), now=now, zone=zone):
                return one.text()
        except NotUnderstood:
            continue
    return None


def _asked_before(question: str, previous: Understood, now: datetime, zone: tzinfo) -> _Asked:
    named = scope_text(previous.scope) if previous.scope else ""
    try:
        intent: Intent | None = parse(question, now=now, zone=zone).intent
    except NotUnderstood:
        intent = None
    words = plain_text(question)
    where = getattr(intent, "where", previous.where)
    scope = getattr(intent, "scope", None) or named
    if isinstance(intent, Investigate | CompareCohorts):
        when, against = compared_words(words, now=now, zone=zone)
        versions = intent.versions if isinstance(intent, CompareCohorts) else None
        return _Asked(previous.kind, scope, where, when, against, versions, intent.measure)
    when = read_slots(words, now=now, zone=zone).when.words if intent else ""
    return _Asked(previous.kind, scope, where, when)


def _changed(words: str, asked: _Asked, now: datetime, zone: tzinfo, *, in_question: bool) -> _Asked | None:
    """The question with what the words name put in; None where they name nothing, or more than that."""
    lead = LEAD.match(words)
    rest = words[lead.end() :].strip() if lead else words
    if versions := VERSIONS.search(rest):
        return _between_versions(rest, versions, asked)
    if asked.kind in {"why", "compare"} and (measure := measure_alone(rest)):
        return replace(asked, measure=measure)
    if against := AGAINST.match(rest) or (
        BASELINE.match(rest) if asked.kind == "compare" and asked.against else None
    ):
        found = find_conditions(against["against"])
        kind = (
            "why" if asked.kind == "why" and not rest.lower().startswith(("compare", "diff")) else "compare"
        )
        where = _merged(asked.where, found.where)
        return replace(asked, kind=kind, against=found.rest, versions=None, where=where)
    slots = read_slots(rest, now=now, zone=zone)
    changed = replace(asked, when=slots.when.words or asked.when, where=_with(asked.where, slots.where, rest))
    named = slots.when.words or slots.where
    sentence = slots.sentence
    if not JOINING.sub(" ", sentence).strip(" ,"):
        return changed if named else None
    return _of_kind(sentence, changed) or _in_place(sentence, changed, certain=bool(lead) or in_question)


def _of_kind(sentence: str, asked: _Asked) -> _Asked | None:
    for kind, pattern in KINDS:
        if pattern.fullmatch(sentence.strip(" ,")):
            where = () if kind in UNNARROWED else asked.where
            kept = asked if kind in {"why", "compare"} else replace(asked, against="", measure="mean")
            return replace(kept, kind=kind, where=where, versions=None)
    return None


def _in_place(sentence: str, asked: _Asked, *, certain: bool) -> _Asked | None:
    if EVERYWHERE.fullmatch(sentence):
        return replace(asked, scope="")
    placed = PLACED.match(sentence)
    bare = sentence[placed.end() :] if placed else sentence
    name = scope_named(bare)
    talk = any(concept_of(part.lower()) for part in bare.split()) and not bare.lower().endswith(" service")
    if not name or talk or not (certain or len(bare) < len(sentence)):
        return None
    kind = "operations" if asked.kind == "services" else asked.kind
    return replace(asked, scope=name, kind=kind)


def _between_versions(rest: str, versions: re.Match[str], asked: _Asked) -> _Asked | None:
    around = f"{rest[: versions.start()]} {rest[versions.end() :]}"
    if re.sub(r"compare|diff|versions?|releases?|of|between|the", " ", around, flags=re.IGNORECASE).strip():
        return None
    first, second = (VERSION_WORD.sub("", versions[side]) for side in ("first", "second"))
    return replace(asked, kind="compare", versions=(first, second), against="")


def _with(before: tuple[Condition, ...], new: tuple[Condition, ...], words: str) -> tuple[Condition, ...]:
    """The conditions of before with the new ones, turned round where the words leave them out."""
    if EXCEPT.search(words):
        new = tuple(
            Condition(key=one.key, op="!=" if one.op == "=" else one.op, value=one.value) for one in new
        )
    return _merged(before, new)


def _merged(before: tuple[Condition, ...], new: tuple[Condition, ...]) -> tuple[Condition, ...]:
    keys = {one.key for one in new}
    return (*(one for one in before if one.key not in keys), *new)


def _of_group(words: str, previous: Understood, question: str, now: datetime, zone: tzinfo) -> str | None:
    """`only gold users`: of an attribute of users that was asked about before, else asked back."""
    group = GROUP.fullmatch(words)
    if group is None:
        return None
    noun, value = group["noun"].lower().rstrip("s"), group["value"]
    asked = _asked_before(question, previous, now, zone)
    keys = [one.key for one in asked.where if one.key.startswith(f"{noun}.") and not one.key.endswith(".id")]
    if len(keys) == 1:
        condition = Condition(key=keys[0], op="=", value=value)
        return _readable(replace(asked, where=_merged(asked.where, (condition,))), now, zone)
    tier = Condition(key=f"{noun}.tier", op="=", value=value)
    again = replace(asked, where=_merged(asked.where, (tier,))).text()
    raise UnknownGroup(noun, value, again)


def _spaced(*parts: str) -> str:
    return " ".join(part for part in parts if part)


__all__ = ["follow_up", "nth_trace"]
