"""Where a question looks: the words of a person, among the services and operations that there are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from analyzers.report_base import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MOST_CANDIDATES = 3
LEAST_ALIKE = 80.0
"""Of rapidfuzz's 100: one wrong letter in five."""
WORTH_SUGGESTING = 55.0
LONGEST_SCOPE = 200
MANY_NAMES = 20_000
SEPARATORS = re.compile(r"[\s_.\-/:{}<>\[\]()]+")
CASE_CHANGE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
FILLERS = frozenset({"service", "the", "operation", "endpoint", "route", "app", "api"})


@dataclass(frozen=True)
class Ambiguous:
    """Several places are meant equally well: to be asked back."""

    candidates: tuple[Scope, ...]


@dataclass(frozen=True)
class UnknownScope:
    """There is no such place; these are the nearest names."""

    suggestions: tuple[Scope, ...]


Resolved: TypeAlias = Scope | Ambiguous | UnknownScope


def resolve_scope(words: str, names: Sequence[tuple[str, str]]) -> Resolved:
    """The one service or operation that the words mean.

    Tried in this order, services before operations: the exact name, its beginning, words within it, nearly the name.
    Upper and lower case are the same.

    Args:
        names: (service, operation) for all there are; an empty operation for a service of which none is known.
    """
    asked = " ".join(words[:LONGEST_SCOPE].split())
    services = [Scope(service=service) for service in dict.fromkeys(name[0] for name in names)]
    operations = [Scope(service=service, operation=name) for service, name in dict.fromkeys(names) if name]
    for meets in (_exactly, _begins, _contains):
        for places in (services, operations):
            if found := [place for place in places if meets(asked, place)]:
                return _one_of(found)
    return _nearly(asked, (services + operations)[:MANY_NAMES])


def scope_text(scope: Scope) -> str:
    """The scope as a person would write it."""
    return " ".join(part for part in (scope.service, scope.operation) if part)


def _one_of(found: list[Scope]) -> Scope | Ambiguous:
    if len(found) == 1:
        return found[0]
    shortest = sorted(found, key=lambda place: (len(scope_text(place)), scope_text(place)))
    return Ambiguous(tuple(shortest[:MOST_CANDIDATES]))


def _exactly(asked: str, place: Scope) -> bool:
    return asked.lower() in _names(place)


def _begins(asked: str, place: Scope) -> bool:
    """From the beginning, and ending where a word of the name does or in its middle: `pay` is `payment`."""
    return len(asked) >= 2 and any(name.startswith(asked.lower()) for name in _names(place))


def _contains(asked: str, place: Scope) -> bool:
    """All the words asked for are words of the name, a plural being its singular."""
    wanted = _words(asked)
    return bool(wanted) and wanted <= _words(scope_text(place) if place.operation else place.service or "")


def _names(place: Scope) -> tuple[str, ...]:
    """How a place can be written: an operation with and without its service, its method, the slash before it."""
    if place.operation is None:
        return ((place.service or "").lower(),)
    operation = place.operation.lower()
    route = operation.partition(" ")[2] if operation.partition(" ")[2].startswith("/") else operation
    return (
        operation,
        route,
        route.lstrip("/"),
        f"{place.service} {operation}".lower(),
        f"{place.service} {route}".lower(),
    )


def _words(text: str) -> frozenset[str]:
    parts = SEPARATORS.split(CASE_CHANGE.sub(" ", text).lower())
    return frozenset(singular(part) for part in parts if part and part not in FILLERS)


def singular(word: str) -> str:
    """The word without the s of a plural."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _nearly(asked: str, places: list[Scope]) -> Resolved:
    alike = _likeness()
    scored = [
        (max(alike(singular(asked.lower()), singular(name)) for name in _names(place)), place)
        for place in places
    ]
    best = max((score for score, _ in scored), default=0.0)
    if best >= LEAST_ALIKE:
        found = [place for score, place in scored if score == best]
        return _one_of([place for place in found if place.operation is None] or found)
    near = sorted((entry for entry in scored if entry[0] >= WORTH_SUGGESTING), key=_most_alike_first)
    return UnknownScope(tuple(place for _, place in near[:MOST_CANDIDATES]))


def _most_alike_first(entry: tuple[float, Scope]) -> tuple[float, str]:
    return -entry[0], scope_text(entry[1])


def _likeness() -> Callable[[str, str], float]:
    from rapidfuzz.fuzz import ratio  # noqa: PLC0415 - only names that match nothing need it

    return ratio
