"""Which word of a sentence is the name of a place: words that are not known, by where they stand, and known ones that stand where only a name can."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.questions.everyday import EVERYDAY
from bot.questions.words import METHODS, MOST_NAME_WORDS, NAME, PLACES, is_name

if TYPE_CHECKING:
    from collections.abc import Callable

ROUTE = re.compile(rf"(?<!\S)(?:{'|'.join(sorted(METHODS))}) /\S*", re.IGNORECASE)
CALLED = re.compile(
    r"\b(?:service|app|operation|endpoint)s? (?:called|named|with the name|by the name of) (?P<name>[\w.\-/]+)",
    re.IGNORECASE,
)
AMOUNT = re.compile(r"\d+(?:\.\d+)?[a-z%]{0,4}", re.IGNORECASE)
"""`5s`, `3rd`, `404s`."""
TOKEN = re.compile(r"[^\s,;?!()\"]+")
ARTICLES = frozenset("the our my your its a an this".split())
AUXILIARY = frozenset(
    "is are was were be been does do did has have had can could will would should isn't aren't wasn't doesn't don't didn't hasn't"
    " can't won't how's what's why's where's who's why makes made make making keeps lets".split()
)
OWNING = frozenset({"has", "had"})
"""After these a name may end the sentence: `which errors has search`."""
ASKED_FOR = frozenset("which what any each every".split())
"""Before `search service` these ask for one of several."""
ALSO_NAMES = frozenset(
    """
    search searches query queries order orders account accounts report reports reporting support product products session sessions
    user users customer customers client clients tenant tenants invoice invoices message messages messaging notification
    notifications alert alerts watch monitor monitoring event events log logs logging email emails mail table tables feed pages
    database db store login status health tracing sampling coffee weather music calendar
    """.split()
)
"""Known words that services are called by as well."""
PEOPLE = frozenset("user users customer customers client clients".split())
"""They are names at the end only: `errors of customers`, but `customers are waiting`."""
COUNTED = frozenset("requests calls traces operations endpoints".split())
"""Before these a word that also is a verb is one: `query traces with`."""
AFTER_A_NAME = frozenset(
    """
    is are was were isn't aren't has have had does doesn't service services slow slower slowest sluggish laggy error errors failing fails failed failure failures
    exceptions timeouts latency latencies p50 p90 p95 p99 broken down timing takes took taking keeps seems feels looks got gets
    red metrics numbers figures throughput regressed degraded became become blip blips spike spikes spiked rps qps slowdown
    it and but when because not crashes crashed crashing times timed traffic stats requests calls traces endpoints operations crawling hanging hangs throws
    """.split()
)
"""What follows a name at the beginning of a sentence: `search is slow`, `search errors`."""
VERB_FOLLOWS = frozenset("to please you i we can could should let don't me us and then".split())
"""After these `search` and `order` are verbs, `report` and `account` are not the name alone."""
PLACED_COMMANDS = frozenset("slowest errors operations why compare".split())
PERIOD_WORDS = frozenset("last since today yesterday now around between this past before after until".split())
SORTING = frozenset("by per grouped and or where with is are was were does did do so vs".split())
CONJUNCTIONS = frozenset("that because whether if".split())
"""After these another sentence begins."""
PLACED = PLACES | {"over", "behind", "towards", "against"}
BENT = re.compile(r"\w{3,}(?:ed|ing|ly|est|ish|ness|ous|ful|able)$", re.IGNORECASE)
"""Most likely a word of English that is only not known; also `shipping`, so where it stands decides."""


@dataclass(frozen=True)
class Group:
    """Neighbouring words that are not known, and what stands before them."""

    words: tuple[str, ...]
    before: str
    """The word before; one further left where that is an article. Empty at the beginning."""
    last: bool
    """Nothing follows but what places something."""

    @property
    def text(self) -> str:
        return " ".join(self.words[:MOST_NAME_WORDS])

    @property
    def placed(self) -> bool:
        """Where a name stands, whatever its letters: after `in`, or after `is`."""
        return self.before in PLACED or self.before in AUXILIARY


def place_within(sentence: str, is_known: Callable[[str], bool]) -> str | None:
    """The one name that the sentence holds: empty for none, None where there are several or more than a name."""
    if called := CALLED.search(sentence):
        return called["name"]
    if route := ROUTE.search(sentence):
        rest = place_within(f"{sentence[: route.start()]} {sentence[route.end() :]}", is_known)
        return None if rest is None else f"{rest} {route[0]}".strip()
    groups = name_groups(sentence, is_known)
    if not groups:
        return name_by_position(sentence)
    if len(groups) > 1:
        placed = [group for group in groups if group.before in PLACED] or [
            group for group in groups if group.placed
        ]
        groups = placed or groups
    if len(groups) != 1:
        return None
    return groups[0].text if len(groups[0].words) == 1 or is_name(list(groups[0].words)) else None


def likely_place(sentence: str, is_known: Callable[[str], bool]) -> str | None:
    """The place that a free sentence most likely speaks of; None where there is none."""
    if place := place_within(sentence, is_known):
        return place
    groups = name_groups(sentence, is_known)
    placed = [group for group in groups if group.before in PLACED] or [
        group for group in groups if group.placed
    ]
    chosen = placed or groups
    return chosen[0].text if chosen else None


def name_groups(sentence: str, is_known: Callable[[str], bool]) -> list[Group]:
    """Runs of words that are not known, without those that are bent as verbs are and stand where no name does."""
    tokens = _tokens(sentence)
    groups: list[Group] = []
    start = 0
    while start < len(tokens):
        end = start
        while end < len(tokens) and _may_be_name(tokens[end], is_known):
            end += 1
        if end > start:
            groups.append(_group(tokens, start, end))
        start = end + 1
    plain = [group for group in groups if not _is_verb(group)]
    straight = [group for group in plain if not _is_bent(group)] or plain
    return [_without_verb(group) for group in straight]


def name_by_position(sentence: str) -> str:
    """A word that is known and names services too, where it stands as a name does; empty where there is none."""
    tokens = _tokens(sentence)
    lower = [token.lower() for token in tokens]
    for n, word in enumerate(lower):
        if word in ALSO_NAMES and _stands_alone(lower, n):
            return tokens[n]
    return ""


def stands_as_name(lower: list[str], n: int) -> bool:
    """Whether a word that a store has as a name, and that is an ordinary one as well, stands where a name does."""
    if _stands_alone(lower, n) or follows_command(lower, n):
        return True
    following = lower[n + 1] if n + 1 < len(lower) else ""
    directly = lower[n - 1] if n else ""
    before = _before(lower, n)
    if lower[n] in PEOPLE:
        return following in AFTER_A_NAME - COUNTED and directly not in ARTICLES | ASKED_FOR
    if before in VERB_FOLLOWS or (not n and following in COUNTED | {"for"}):
        return False
    return following in AFTER_A_NAME or (not following and n > 0)


def follows_command(lower: list[str], n: int) -> bool:
    """In the place of a command that is for the name: `errors shop last 30m`, but not `errors today`."""
    return (
        n == 1 and lower[0] in PLACED_COMMANDS and lower[1] not in PERIOD_WORDS | PLACES | COUNTED | SORTING
    )


def _stands_alone(lower: list[str], n: int) -> bool:
    """Where any word would be a name: before `service`, after `in` at the end, after `is`."""
    following = lower[n + 1] if n + 1 < len(lower) else ""
    before = _before(lower, n)
    if following == "service" and before not in ASKED_FOR:
        return True
    if lower[n] in PEOPLE:
        return before in PLACED and not following
    ends = not following or following in PLACED or following in AFTER_A_NAME
    begins = (not n or before in CONJUNCTIONS) and following in AFTER_A_NAME - COUNTED
    if begins or (n > 0 and before in PLACED and ends):
        return True
    return before in AUXILIARY and (bool(following) or before in OWNING)


def _tokens(sentence: str) -> list[str]:
    tokens = (token.strip(".:'#@").removesuffix("'s") for token in TOKEN.findall(_with_verbs(sentence)))
    return [token for token in tokens if token]


def _with_verbs(sentence: str) -> str:
    """`how's` as two words, so that what follows stands after a verb."""
    return re.sub(r"\b(how|what|why|where|who)'s\b", r"\1 is", sentence, flags=re.IGNORECASE)


def _may_be_name(token: str, is_known: Callable[[str], bool]) -> bool:
    if token.lower() in EVERYDAY or AMOUNT.fullmatch(token) or is_known(token.lower()):
        return False
    return NAME.fullmatch(token) is not None


def _before(tokens: list[str], start: int) -> str:
    place = start - 1
    while place >= 0 and tokens[place].lower() in ARTICLES | {"service", "endpoint", "route"}:
        place -= 1
    return tokens[place].lower() if place >= 0 else ""


def _group(tokens: list[str], start: int, end: int) -> Group:
    last = end == len(tokens) or tokens[end].lower() in PLACED
    return Group(tuple(tokens[start:end]), _before(tokens, start), last)


def _is_verb(group: Group) -> bool:
    """A past form in the middle: `what crashed and vanished`."""
    return _is_bent(group) and group.words[0].lower().endswith(("ed", "ly", "est"))


def _is_bent(group: Group) -> bool:
    """One word, bent as verbs are, in the middle and not where names stand: a name only if nothing else is."""
    bent = len(group.words) == 1 and BENT.match(group.words[0]) is not None
    return bent and bool(group.before) and not group.placed


def _without_verb(group: Group) -> Group:
    """`does inventory expose`: the name, without the verb after it."""
    if len(group.words) == 2 and group.before in AUXILIARY and group.last and group.words[1].islower():
        return Group(group.words[:1], group.before, last=False)
    bent = [word for word in group.words[1:] if BENT.match(word) and word.isalpha()]
    if bent and len(bent) == len(group.words) - 1:
        return Group(group.words[:1], group.before, last=False)
    return group
