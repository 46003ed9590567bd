"""What a question means: read by rules, and where these do not tell, with the names and values that a store holds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec

from analyzers.report_base import Understood
from backends.errors import BackendError
from bot.questions.groups import UnknownGroup
from bot.questions.intent import ExplainTrace, Help
from bot.questions.kinds import CAN_BE_ASKED
from bot.questions.not_understood import NotUnderstood
from bot.questions.parse import overlooks, parse_by_grammar, parse_freely
from bot.services.groups import keys_holding, tells_people
from bot.services.search import is_place, known_names, place_words, service_names, understood_search
from bot.services.trace_file import names_file

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime, tzinfo

    from backends.interface import Backend
    from bot.questions.intent import Investigated, Search

BREAKDOWN = "breakdown"
HELP = "help"


class KindNotAllowed(NotUnderstood):
    """It is understood, and a question of a kind that may not be asked here."""

    def __init__(self) -> None:
        super().__init__(
            "Nobody may ask a question of that kind here.", "Ask for help to see which are answered."
        )


@dataclass(frozen=True)
class Meaning:
    """What a question was taken to mean, before anything is looked up."""

    understood: Understood
    file: str | None = None
    """The trace file that the question names."""
    search: Search | Investigated | None = None
    """What is asked of a period, or of two."""


async def understood_among(
    store: Callable[[], Backend | None],
    text: str,
    now: datetime,
    zone: tzinfo,
    *,
    files: bool = True,
    kinds: frozenset[str] = frozenset(),
    values: bool = True,
) -> Meaning:
    """What the question means; where rules alone do not tell, or tell a place that is none, read again with the store's names.

    People of a kind, such as gold users, are told by the attribute that has this value in the store, where it is one.

    Without `values` no span is read for that, and it is asked back. However it was read: where `kinds` names some, it is one of these or help.

    Raises:
        NotUnderstood: it means nothing that can be answered, or what may not be asked.
    """
    asked = _Text(store, text, now, zone, files, kinds)
    try:
        meaning = await _understood_by_names(asked)
    except UnknownGroup as exc:
        backend = store() if values else None
        if backend is None:
            raise
        meaning = await _understood_by_names(await _of_known_people(asked, exc, backend))
    _refuse_kind(meaning, kinds)
    return meaning


def kind_asked(text: str, now: datetime, zone: tzinfo) -> str:
    """The kind of question that rules and words tell without a store, also where it is about people of a kind.

    Raises:
        NotUnderstood: they tell none.
    """
    try:
        return understand(text, now, zone, files=False).understood.kind
    except UnknownGroup as exc:
        return understand(exc.again, now, zone, files=False).understood.kind


def _refuse_kind(meaning: Meaning, kinds: frozenset[str]) -> None:
    if kinds and meaning.understood.kind not in kinds | {HELP}:
        raise KindNotAllowed


@dataclass(frozen=True)
class _Text:
    """What was asked, and how it may be read."""

    store: Callable[[], Backend | None]
    text: str
    now: datetime
    zone: tzinfo
    files: bool
    kinds: frozenset[str]


async def _of_known_people(asked: _Text, unknown: UnknownGroup, backend: Backend) -> _Text:
    """The same of the people who have the one attribute that tells them.

    Raises:
        UnknownGroup: none does, or several do.
    """
    held = await keys_holding(backend, unknown.value, asked.now)
    if not held:
        raise unknown
    likely = [pair for pair in held if tells_people(pair[0])]
    if len(likely) != 1:
        raise unknown.among(likely or held) from unknown
    return replace(asked, text=unknown.narrowed(*likely[0]), files=False)


async def _understood_by_names(asked: _Text) -> Meaning:
    first, unread = _first_reading(asked)
    if first is not None and await _is_meant(first, asked):
        return first
    second = await _second_reading(asked)
    if second is not None:
        return second
    if first is None:
        raise unread or NotUnderstood(f"“{asked.text[:60]}” is no question.", CAN_BE_ASKED)
    return first


async def _is_meant(meaning: Meaning, asked: _Text) -> bool:
    """Whether rules alone read it, and its place is one that there is; where it names none, no service may stand in its words."""
    if meaning.search is None:
        return True
    if meaning.understood.source != "grammar":
        return False
    backend = asked.store()
    if backend is None:
        return True
    words = place_words(meaning.search)
    if words is not None:
        return await is_place(backend, words)
    return not overlooks(meaning.search, asked.text, await service_names(backend))


def _first_reading(asked: _Text) -> tuple[Meaning | None, NotUnderstood | None]:
    try:
        return understand(asked.text, asked.now, asked.zone, files=asked.files), None
    except NotUnderstood as exc:
        return None, exc


async def _second_reading(asked: _Text) -> Meaning | None:
    """What the question means with the names of the store; None where there are none, or that kind may not be asked.

    Raises:
        NotUnderstood: with them it means nothing, or several things.
    """
    try:
        backend = asked.store()
        names = await known_names(backend) if backend is not None else []
    except BackendError:
        return None
    if not names:
        return None
    meaning = understand(asked.text, asked.now, asked.zone, files=False, names=names)
    return meaning if not asked.kinds or meaning.understood.kind in asked.kinds else None


def understand(
    text: str,
    now: datetime,
    zone: tzinfo,
    *,
    files: bool = True,
    names: Sequence[tuple[str, str]] = (),
) -> Meaning:
    """What the question means. With `files`, a path of one is a question where the grammar finds none.

    Raises:
        NotUnderstood: it means nothing that can be answered.
    """
    try:
        understanding = parse_by_grammar(text, now=now, zone=zone, names=names)
    except NotUnderstood:
        if not files or names_file(text) is None:
            raise
        understanding = None
    if understanding is None:
        file = names_file(text) if files else None
        if file is not None:
            return Meaning(Understood(kind=BREAKDOWN), file)
        understanding = parse_freely(text, now=now, zone=zone, names=names)
    match understanding.intent:
        case Help():
            return Meaning(Understood(kind=HELP))
        case ExplainTrace(trace_id):
            return Meaning(Understood(kind=BREAKDOWN, trace_id=trace_id))
        case search:
            told = msgspec.structs.replace(
                understood_search(search), source=understanding.source, score=understanding.score
            )
            return Meaning(told, search=search)
