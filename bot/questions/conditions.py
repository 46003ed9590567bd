"""What spans must carry: `where http.status_code>=500`, `user.id=42`, and words of the business such as `user 42`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from analyzers.report_base import Condition
from bot.questions.identities import IDENTITIES, PLACES_OF_CLOUD, QUOTED, identity
from bot.questions.not_understood import NotUnderstood

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_CONDITIONS = 10
BUSINESS_WORDS: Mapping[str, str] = {
    "user": "user.id",
    "customer": "customer.id",
    "order": "order.id",
    "session": "session.id",
    "tenant": "tenant.id",
    "account": "account.id",
    "cart": "cart.id",
    "invoice": "invoice.id",
    "product": "product.id",
}
"""What people say, and the attribute that holds it."""

DURATION_KEYS = frozenset({"duration", "latency", "took"})
UNIT_NS = {
    "ns": 1,
    "us": 1_000,
    "ms": 1_000_000,
    "s": 10**9,
    "sec": 10**9,
    "m": 60 * 10**9,
    "min": 60 * 10**9,
    "h": 3_600 * 10**9,
}
LENGTH = re.compile(rf"(?P<number>\d{{1,9}}(?:\.\d{{1,9}})?) ?(?P<unit>{'|'.join(UNIT_NS)})", re.IGNORECASE)
THAN = r"(?:longer than|slower than|more than|over|above)"
LASTS = r"(?:(?:that |which )?(?:(?:are|is|was|were) (?=longer|slower)|(?:takes?|took|taking|lasts?|lasted|lasting) ))?"
SPELT_NUMBERS = {
    "a": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "ten": 10,
    "twenty": 20,
    "thirty": 30,
}
LONGER = re.compile(
    rf"(?<![\w<>=])(?:{LASTS}{THAN} |(?P<op>>=?) ?)(?P<number>\d{{1,9}}(?:\.\d{{1,9}})?|(?:{'|'.join(SPELT_NUMBERS)})(?= )) ?"
    r"(?P<unit>ms|milliseconds?|s|secs?|seconds?)(?!\w)",
    re.IGNORECASE,
)
"""`slower than 2s`, and a bare `> 2s`: a least duration in words."""

CONDITION_ADVICE = (
    'Write it as where user.id=42, where http.status_code>=500 or where customer.tier="gold plus".'
)
OPERATOR = r"==|!=|<=|>=|=|<|>"
COMPARISON = re.compile(
    rf"(?<![\w./])(?P<key>[^\W\d][\w.\-/]{{0,127}}) ?(?P<op>{OPERATOR}) ?(?P<value>{QUOTED}|[^\s,;\"'<>=!]+)"
)
UNFINISHED = re.compile(rf"(?<!-)(?:{OPERATOR})|\bwhere$", re.IGNORECASE)
JOINING = re.compile(
    r"(?<!\w)(?:where|with|having|and|for|of|by|to|from|about|on)\b(?=[\s,]*(?:(?:where|with|having|and)\b|\0|$))",
    re.IGNORECASE,
)
VALUE = rf"(?P<value>{QUOTED}|[\w.:@+\-]*(?:\d|@)[\w.:@+\-]*)"
TIME_LIKE = re.compile(
    r"^\d{1,2}:\d{2}|^\d{4}-\d{2}-\d{2}|^\d+[ap]m$|^v\d|^p\d\d$|^\d+(?:\.\d+)+$", re.IGNORECASE
)
STATUS_LIKE = re.compile(r"[45](?:\d\d(?:'?s)?|xxs?)", re.IGNORECASE)
HOLE = "\0"
"""Stands for a condition that was taken out; plain text has none."""


@dataclass(frozen=True)
class FoundConditions:
    """Conditions in the order written, and the text without them."""

    where: tuple[Condition, ...]
    rest: str
    marked: str
    """The text with a hole for each condition."""
    kept: str
    """As long as the text, with holes for the letters of conditions."""


def find_conditions(text: str, business_words: Mapping[str, str] = BUSINESS_WORDS) -> FoundConditions:
    """The conditions that plain text names.

    Raises:
        NotUnderstood: one has no key or no value, or there are very many.
    """
    found: list[tuple[int, Condition]] = []

    def take_comparison(match: re.Match[str]) -> str:
        condition, kept = _compared(match)
        found.append((match.start(), condition))
        return kept + HOLE * (len(match[0]) - len(kept))

    def take_longer(match: re.Match[str]) -> str:
        unit = "ms" if match["unit"].lower().startswith("m") else "s"
        value = f"{SPELT_NUMBERS.get(match['number'].lower(), match['number'])}{unit}"
        found.append((match.start(), Condition(key="duration", op=match["op"] or ">", value=value)))
        return HOLE.ljust(len(match[0]), HOLE)

    def take_business_word(match: re.Match[str]) -> str:
        if TIME_LIKE.match(match["value"]) or _is_status(match["word"], match["value"]):
            return match[0]
        key = business_words[match["word"].lower()]
        found.append((match.start(), Condition(key=key, op="=", value=_bare(match["value"]))))
        return HOLE.ljust(len(match[0]), HOLE)

    def take_identity(match: re.Match[str]) -> str:
        condition = identity(match)
        if TIME_LIKE.match(condition.value) or _is_status(condition.key.partition(".")[0], condition.value):
            return match[0]
        found.append((match.start(), condition))
        return HOLE * len(match[0])

    rest = LONGER.sub(take_longer, COMPARISON.sub(take_comparison, text))
    for pattern in IDENTITIES:
        rest = pattern.sub(take_identity, rest)
    if business_words:
        rest = _business_pattern(business_words).sub(take_business_word, rest)
    if UNFINISHED.search(rest):
        raise NotUnderstood(f"A condition in “{text[:60]}” has no key or no value.", CONDITION_ADVICE)
    if len(found) > MOST_CONDITIONS:
        raise NotUnderstood(
            f"There are {len(found)} conditions; at most {MOST_CONDITIONS} are read.", CONDITION_ADVICE
        )
    where = tuple(condition for _, condition in sorted(found, key=lambda place: place[0]))
    for condition in where:
        _refuse_upper_limit(condition)
    marked = re.sub(f"{HOLE}+", f" {HOLE} ", rest)
    return FoundConditions(where, _joined(rest) if where else text, " ".join(marked.split(" ")), rest)


def matches(attributes: Mapping[str, str], condition: Condition) -> bool:
    """Whether a span with these attributes meets it.

    `=` is equal as text, `!=` is there and another text; the others compare numbers, and what is no number meets none.
    """
    actual = attributes.get(condition.key)
    if actual is None:
        return False
    if condition.op in {"=", "!="}:
        return (actual == condition.value) == (condition.op == "=")
    left, right = _number(actual), _number(condition.value)
    if left is None or right is None:
        return False
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[condition.op]


def compares_no_number(condition: Condition) -> bool:
    """Whether nothing can meet it, since it asks for more or less than something that is no number."""
    return condition.op not in {"=", "!="} and _number(condition.value) is None


def least_duration_ns(condition: Condition) -> int | None:
    """Nanoseconds that a span must take by a condition such as `duration>2s`; None where it is one on an attribute.

    Only what has a unit is a length of time; `duration>2` compares an attribute of that name.
    """
    length = LENGTH.fullmatch(condition.value)
    if condition.key.lower() not in DURATION_KEYS or condition.op not in {">", ">="} or length is None:
        return None
    limit_ns = int(Decimal(length["number"]) * UNIT_NS[length["unit"].lower()])
    return limit_ns + (condition.op == ">")


def _compared(match: re.Match[str]) -> tuple[Condition, str]:
    """The condition of a comparison, and the word before it that is no part of it: of `checkout > 2s` the place."""
    key, operator, value = match["key"], match["op"].replace("==", "="), _bare(match["value"])
    if (
        operator in {">", ">="}
        and LENGTH.fullmatch(value)
        and "." not in key
        and key.lower() not in DURATION_KEYS
    ):
        return Condition(key="duration", op=operator, value=value), f"{key} "
    return Condition(key=key, op=operator, value=value), ""


def _is_status(word: str, value: str) -> bool:
    """Whether it is a status that something of that name answers, as in `session 503s` and `cart 500`: no cart is called so."""
    return STATUS_LIKE.fullmatch(value) is not None and (word.lower() == "cart" or not value.isdigit())


def _refuse_upper_limit(condition: Condition) -> None:
    if (
        condition.key.lower() in DURATION_KEYS
        and condition.op not in {">", ">="}
        and LENGTH.fullmatch(condition.value)
    ):
        raise NotUnderstood(
            f"“{condition.key}{condition.op}{condition.value}” cannot be looked for: only a least duration can.",
            "Write it as duration>2s or duration>=500ms.",
        )


def is_narrowing(condition: Condition) -> bool:
    """Whether it says where or how slow, rather than whose: no traces are found by it alone."""
    return least_duration_ns(condition) is not None or condition.key in PLACES_OF_CLOUD


def condition_text(condition: Condition) -> str:
    """The condition as one writes it; it reads back as itself."""
    value = condition.value
    plain = re.fullmatch(r"[^\W_][\w/@-]*(?:\.[\w/@-]+)*", value)
    quote = "'" if '"' in value else '"'
    return f"{condition.key}{condition.op}{value if plain else f'{quote}{value}{quote}'}"


def _business_pattern(business_words: Mapping[str, str]) -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in sorted(business_words, key=len, reverse=True))
    return re.compile(
        rf"(?<![\w.])(?P<word>{words})(?: (?:id|number|no\.?|nr\.?))?(?: |: ?| ?#)#?{VALUE}", re.IGNORECASE
    )


def _bare(value: str) -> str:
    return value[1:-1] if value[0] in "\"'" else value.rstrip(".?:") or value


def _number(text: str) -> Decimal | None:
    if len(text) > 40:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _joined(rest: str) -> str:
    """The text around the holes, without the words that joined the conditions."""
    while (shorter := JOINING.sub("", rest)) != rest:
        rest = shorter
    return " ".join(rest.replace(HOLE, " ").split()).strip(" ,;")
