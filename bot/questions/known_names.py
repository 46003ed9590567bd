"""Names that a store is known to have, found in a question before anything else is read, and hidden while it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analyzers.report import Candidate
from bot.questions.conditions import find_conditions
from bot.questions.everyday import EVERYDAY
from bot.questions.groups import UnknownGroup
from bot.questions.intent import ExplainTrace, Help, ListServices
from bot.questions.moments import WEEKDAY
from bot.questions.naming import ALSO_NAMES, follows_command, stands_as_name
from bot.questions.not_understood import NotUnderstood
from bot.questions.scope import singular
from bot.questions.words import METHODS, PLACES, is_common

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.questions.intent import Intent

MARK = "known_name_"
"""With a number after it this stands for a name: no reader takes it for another word, and no slip is found in it."""
HIDDEN = re.compile(rf"{MARK}(\d+)")
SHORTEST_SLIP = 5
SHORTEST_BEGINNING = 4
MOST_NAMES_FOR_SLIPS = 2_000
"""Every one is compared with every word that is not known."""
MOST_WORDS = 4
"""Of a name as it is written in a sentence."""
NEVER_BEGINS = PLACES | {
    *"over during around between before after until till since while without within against towards behind".split(),
    *"request trace call span transaction operation endpoint route service response query thing one".split(),
    *"slow slowest error failure exception crash timeout problem issue fault find help why compare".split(),
    *"second minute hour day week weekend month quarter year time period moment noon midnight lunch last past".split(),
    *"morning afternoon evening night today yesterday tomorrow now this next previous".split(),
}
"""Words that say what, when or how: one of them is not the half of a name, as `monday` of `monday-sync`."""
WEEKDAY_ALONE = re.compile(WEEKDAY, re.IGNORECASE)
TOKEN = re.compile(r"[^\s,;?!()\"]+")
POSSESSIVE = re.compile(r"'s$|'$")
SEPARATORS = re.compile(r"[-_ ]+")
PLAIN_WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True)
class Hidden:
    """A sentence with a mark for each name that it holds."""

    words: str
    names: tuple[str, ...] = ()
    """By the number of their marks, as the store has them."""

    def shown(self, text: str) -> str:
        """The text with its marks replaced by the names."""
        return HIDDEN.sub(lambda match: self.names[int(match[1])], text)

    def intent(self, intent: Intent) -> Intent:
        """The intent with its place named."""
        if isinstance(intent, ExplainTrace | Help | ListServices) or intent.scope is None:
            return intent
        return replace(intent, scope=self.shown(intent.scope))

    def not_understood(self, exc: NotUnderstood) -> NotUnderstood:
        """The same said with names."""
        if isinstance(exc, UnknownGroup):
            return UnknownGroup(exc.noun, exc.value, self.shown(exc.again))
        candidates = tuple(Candidate(text=self.shown(one.text), why=one.why) for one in exc.candidates)
        return NotUnderstood(self.shown(exc.problem), self.shown(exc.advice), candidates)


def hide_names(words: str, names: Sequence[tuple[str, str]]) -> Hidden:
    """The sentence with every name in it hidden, the longest first; what stands in a condition is no name.

    A plural is its singular, and `order service` is `order-service`, but `payment-gateway` is not `payment`. A name that is an
    ordinary word as well, such as `search`, is one only where a name can stand.
    """
    if not names or MARK in words:
        return Hidden(words)
    written = _ways_to_write(names)
    visible = _without_conditions(words)
    tokens = list(TOKEN.finditer(visible))
    found: list[str] = []
    parts: list[str] = []
    done = at = 0
    while at < len(tokens):
        length, name = _name_at(visible, tokens, at, written)
        if name:
            number = found.index(name) if name in found else len(found)
            parts += [words[done : tokens[at].start()], f"{MARK}{number}"]
            done = tokens[at + length - 1].start() + len(_bare(tokens[at + length - 1][0]))
            found += [name] if number == len(found) else []
        at += length
    return _one_place(Hidden("".join([*parts, words[done:]]), tuple(found)), names)


def _one_place(hidden: Hidden, names: Sequence[tuple[str, str]]) -> Hidden:
    """A service and an operation of it are one place, wherever they stand: `waiting for the cart, show GET /cart`."""
    for service, operation in (hidden.names, hidden.names[::-1]) if len(hidden.names) == 2 else ():
        if (service, operation) in names:
            return Hidden(HIDDEN.sub(f"{MARK}0", hidden.words), (f"{service} {operation}",))
    return hidden


def is_hidden(word: str) -> bool:
    """Whether it is the mark of a name."""
    return HIDDEN.fullmatch(word) is not None


def has_hidden(sentence: str) -> bool:
    """Whether a name is hidden in it."""
    return HIDDEN.search(sentence) is not None


def has_more(scope: str | None) -> bool:
    """Whether a place is the mark of a name with other words around it."""
    return bool(scope) and has_hidden(scope or "") and HIDDEN.sub("", scope or "").strip() != ""


def hidden_place(sentence: str) -> str | None:
    """The marks of the one place that the sentence holds; None where they are of several."""
    marks = list(dict.fromkeys(match[0] for match in HIDDEN.finditer(sentence)))
    return " ".join(marks) if len(marks) <= 1 else None


def _without_conditions(words: str) -> str:
    """The sentence with blanks where a condition holds what could be a name: `cart 42`, `service=payment`."""
    try:
        marked = find_conditions(words).kept
    except NotUnderstood:
        return words
    return marked


def _name_at(
    sentence: str, tokens: list[re.Match[str]], at: int, written: dict[str, str]
) -> tuple[int, str | None]:
    """How many tokens from here are a name, and which; one and none where they are not."""
    lower = [_bare(token[0]).lower() for token in tokens]
    for length in range(min(MOST_WORDS, len(tokens) - at), 0, -1):
        run = tokens[at : at + length]
        text = " ".join(_bare(token[0]).lower() for token in run)
        gaps = sentence[run[0].start() : run[-1].end()].split()
        name = (
            written.get(text)
            or written.get(singular(text))
            or (_slip(text, written) if length == 1 else None)
        )
        if name is None or len(gaps) != length:
            continue
        ordinary = length == 1 and _is_ordinary(text)
        if ordinary and text not in written:
            continue
        if text not in written and _slip(text, written):
            return length, name
        if not ordinary or stands_as_name(lower, at):
            return length, name
    return 1, _begun(lower, at, written)


def _begun(lower: list[str], at: int, written: Mapping[str, str]) -> str | None:
    """The one name that an ordinary word after a command is the beginning of: `slowest check`."""
    word = lower[at]
    if len(word) < SHORTEST_BEGINNING or not _is_ordinary(word) or not follows_command(lower, at):
        return None
    if {word, singular(word)} & NEVER_BEGINS or WEEKDAY_ALONE.fullmatch(word):
        return None
    begun = {name for way, name in written.items() if way.startswith(word)}
    return begun.pop() if len(begun) == 1 else None


def _slip(word: str, written: Mapping[str, str]) -> str | None:
    """The one name that this word is with two letters swapped, or one left out or doubled; no word that is right itself."""
    if (
        len(written) > MOST_NAMES_FOR_SLIPS
        or len(word) < SHORTEST_SLIP
        or not PLAIN_WORD.fullmatch(word)
        or _is_ordinary(word)
    ):
        return None
    near = {name for way, name in written.items() if _is_slip(word, way)}
    return near.pop() if len(near) == 1 else None


def _is_slip(word: str, right: str) -> bool:
    if (
        word == right
        or word[0] != right[:1]
        or abs(len(word) - len(right)) > 1
        or not PLAIN_WORD.fullmatch(right)
    ):
        return False
    if len(word) == len(right):
        differing = [n for n, (one, other) in enumerate(zip(word, right, strict=True)) if one != other]
        return len(differing) == 2 and differing[1] == differing[0] + 1 and sorted(word) == sorted(right)
    shorter, longer = sorted((word, right), key=len)
    return any(longer[:n] + longer[n + 1 :] == shorter for n in range(len(longer)))


def _is_ordinary(word: str) -> bool:
    return any(one in ALSO_NAMES or one in EVERYDAY or is_common(one) for one in (word, singular(word)))


def _bare(token: str) -> str:
    return POSSESSIVE.sub("", token.rstrip(".:'"))


def _ways_to_write(names: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Each way to write a name, in small letters, and the name; services before operations."""
    written: dict[str, str] = {}
    services = list(dict.fromkeys(name[0] for name in names))
    written.update({service.lower(): service for service in reversed(services)})
    for service in services:
        for way in (SEPARATORS.sub(" ", service.lower()), singular(service.lower())):
            written.setdefault(way, service)
    for service, operation in dict.fromkeys(names):
        for way in _ways_of_operation(operation.lower()):
            written.setdefault(way, operation)
            written.setdefault(f"{service.lower()} {way}", f"{service} {operation}")
    return written


def _ways_of_operation(operation: str) -> Iterator[str]:
    """Not those that are a plain word: `create` in a sentence is seldom an operation."""
    if operation and not PLAIN_WORD.fullmatch(operation):
        yield operation
        method, _, route = operation.partition(" ")
        if method in METHODS and route.startswith("/") and len(route) > 1:
            yield route
