"""One question answered: understood, looked up, analysed, as a report."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Protocol

import msgspec

from analyzers.breakdown import break_down, with_reading
from analyzers.repair import repair
from analyzers.report import Asked, Candidate, Choice, Failure, Understood
from backends.errors import BackendError
from bot.questions.groups import UnknownGroup
from bot.questions.intent import ExplainTrace, Help
from bot.questions.kinds import CAN_BE_ASKED
from bot.questions.not_understood import NotUnderstood
from bot.questions.parse import overlooks, parse_by_grammar, parse_freely
from bot.services.command import as_commands
from bot.services.groups import keys_holding
from bot.services.like_traces import NO_OTHERS, beside_others, find_others
from bot.services.search import (
    answer_search,
    is_place,
    known_names,
    place_words,
    service_names,
    understood_search,
)
from bot.services.trace_file import explain_file, names_file
from bot.services.unusual import beside_usual

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime, tzinfo

    from analyzers.repair import Repaired
    from analyzers.report import AnyReport, Breakdown
    from backends.interface import Backend, Found
    from bot.questions.intent import Investigated, Search
    from bot.services.like_traces import Others

ANSWERED, ASKED_BACK = 0, 2
BREAKDOWN = "breakdown"

EXAMPLES = (
    Candidate(
        text="tracewhy ask 4bf92f3577b34da6a3ce929d0e0e4736 --backend jaeger://localhost:16686",
        why="where the time of one trace went, from a trace store",
    ),
    Candidate(text="tracewhy ask trace.json", why="the same for a file: OTLP, Jaeger or Zipkin JSON"),
    Candidate(text="tracewhy demo", why="a small shop under load on this machine, broken, and asked why"),
)


class Stores(Protocol):
    """Where traces can be looked up."""

    def default(self) -> Backend | None:
        """The store to ask where the question names none; None if none is configured.

        Raises:
            BackendError: its address cannot be used, or it is not clear which it is.
        """
        ...

    def at(self, url: str) -> Backend:
        """The store behind a URL or a path.

        Raises:
            BackendError: the address cannot be used.
        """
        ...


@dataclass(frozen=True)
class Answer:
    """A report, and the exit status of a command that prints it."""

    report: AnyReport
    exit_status: int


@dataclass(frozen=True)
class Meaning:
    """What a question was taken to mean, before anything is looked up."""

    understood: Understood
    file: str | None = None
    """The trace file that the question names."""
    search: Search | Investigated | None = None
    """What is asked of a period, or of two."""


async def ask(
    text: str,
    stores: Stores,
    asked_at: datetime,
    zone: tzinfo = UTC,
    *,
    files: bool = True,
    kinds: frozenset[str] = frozenset(),
) -> Answer:
    """The answer to a question, its times meant in the zone; what goes wrong on the way is an answer too.

    Without `files` a question names none: whoever asks from elsewhere is not to learn which there are. Where `kinds` names some,
    no other one is read into a text only because of the names that the store has.
    """
    asked, file = Asked(question=text, asked_at=instant(asked_at)), None
    try:
        meaning = await understood_among(stores.default, text, asked_at, zone, files=files, kinds=kinds)
        asked, file = msgspec.structs.replace(asked, understood=meaning.understood), meaning.file
        return await _answer(meaning, stores, asked, asked_at.astimezone(zone))
    except NotUnderstood as exc:
        return Answer(not_understood(_with_store(asked, stores, file), exc), ASKED_BACK)
    except BackendError as exc:
        return Answer(failure(_with_store(asked, stores, file), exc.problem, exc.advice), exc.exit_status)


def _with_store(asked: Asked, stores: Stores, file: str | None) -> Asked:
    return msgspec.structs.replace(asked, backend=store_name(stores, file))


def store_name(stores: Stores, file: str | None = None) -> str | None:
    """The store that was to be asked, or the file; None where its address cannot be used, or there is none."""
    try:
        backend = stores.default() if file is None else stores.at(file)
    except BackendError:
        return None
    return None if backend is None else backend.name


async def understood_among(
    store: Callable[[], Backend | None],
    text: str,
    now: datetime,
    zone: tzinfo,
    *,
    files: bool = True,
    kinds: frozenset[str] = frozenset(),
) -> Meaning:
    """What the question means; where rules alone do not tell, or tell a place that is none, read again with the store's names.

    People of a kind, such as gold users, are told by the attribute that has this value in the store, where it is one.

    Raises:
        NotUnderstood: it means nothing that can be answered.
    """
    try:
        return await _understood_by_names(store, text, now, zone, files=files, kinds=kinds)
    except UnknownGroup as exc:
        backend = store()
        held = await keys_holding(backend, exc.value, now) if backend else []
        if not held:
            raise
        if len(held) > 1:
            raise exc.among(held) from exc
        return await _understood_by_names(store, exc.narrowed(*held[0]), now, zone, files=False, kinds=kinds)


async def _understood_by_names(
    store: Callable[[], Backend | None],
    text: str,
    now: datetime,
    zone: tzinfo,
    *,
    files: bool,
    kinds: frozenset[str],
) -> Meaning:
    first, unread = _first_reading(text, now, zone, files=files)
    if first is not None and await _is_meant(first, store, text):
        return first
    second = await _second_reading(store(), text, now, zone, kinds)
    if second is not None:
        return second
    if first is None:
        raise unread or NotUnderstood(f"“{text[:60]}” is no question.", CAN_BE_ASKED)
    return first


async def _is_meant(meaning: Meaning, store: Callable[[], Backend | None], text: str) -> bool:
    """Whether rules alone read it, and its place is one that there is; where it names none, no service may stand in its words."""
    if meaning.search is None:
        return True
    if meaning.understood.source != "grammar":
        return False
    backend = store()
    if backend is None:
        return True
    words = place_words(meaning.search)
    if words is not None:
        return await is_place(backend, words)
    return not overlooks(meaning.search, text, await service_names(backend))


def _first_reading(
    text: str, now: datetime, zone: tzinfo, *, files: bool
) -> tuple[Meaning | None, NotUnderstood | None]:
    try:
        return understand(text, now, zone, files=files), None
    except NotUnderstood as exc:
        return None, exc


async def _second_reading(
    backend: Backend | None, text: str, now: datetime, zone: tzinfo, kinds: frozenset[str]
) -> Meaning | None:
    """What the question means with the names of the store; None where there are none, or that kind may not be asked.

    Raises:
        NotUnderstood: with them it means nothing, or several things.
    """
    try:
        names = await known_names(backend) if backend is not None else []
    except BackendError:
        return None
    if not names:
        return None
    meaning = understand(text, now, zone, files=False, names=names)
    return meaning if not kinds or meaning.understood.kind in kinds else None


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
            return Meaning(Understood(kind="help"))
        case ExplainTrace(trace_id):
            return Meaning(Understood(kind=BREAKDOWN, trace_id=trace_id))
        case search:
            told = msgspec.structs.replace(
                understood_search(search), source=understanding.source, score=understanding.score
            )
            return Meaning(told, search=search)


def not_understood(asked: Asked, exc: NotUnderstood) -> AnyReport:
    """Asked back where it can be one of a few things, else an error in words."""
    if not exc.candidates:
        return failure(asked, exc.problem, exc.advice)
    return Choice(
        question=asked.question,
        asked_at=asked.asked_at,
        backend=asked.backend,
        understood=asked.understood,
        headline=f"{exc.problem} {exc.advice}",
        confidence="none",
        candidates=as_commands(exc.candidates, asked.backend),
    )


def failure(asked: Asked, problem: str, advice: str) -> Failure:
    """No answer, as a report."""
    return Failure(
        question=asked.question,
        asked_at=asked.asked_at,
        backend=asked.backend,
        understood=asked.understood,
        headline=problem,
        confidence="none",
        problem=problem,
        advice=advice,
    )


def instant(time: datetime) -> str:
    """An aware time as RFC 3339 with nanoseconds, UTC."""
    # %Y leaves out the zeros of early years.
    return f"{time.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}000Z"


async def _answer(meaning: Meaning, stores: Stores, asked: Asked, now: datetime) -> Answer:
    if meaning.file is not None:
        return _answered(await explain_file(stores.at(meaning.file), asked))
    if meaning.search is None and meaning.understood.trace_id is None:
        return Answer(_help(asked), ANSWERED)
    backend = stores.default()
    if backend is None:
        raise NotUnderstood(
            "No trace store is configured, so nothing can be looked up.",
            "Start one of your own: tracewhy serve. Or name one: --backend jaeger://localhost:16686, --backend FILE, "
            "or the variable TRACEWHY_BACKEND.",
        )
    asked = msgspec.structs.replace(asked, backend=backend.name)
    if meaning.search is not None:
        return _answered(await answer_search(backend, meaning.search, asked, now))
    return Answer(await _explain_trace(backend, meaning.understood.trace_id or "", asked, now), ANSWERED)


def _answered(report: AnyReport) -> Answer:
    return Answer(report, ASKED_BACK if isinstance(report, Choice) else ANSWERED)


async def _explain_trace(backend: Backend, trace_id: str, asked: Asked, now: datetime) -> AnyReport:
    found = await backend.find_trace(trace_id)
    repaired = await asyncio.to_thread(repair, found.spans)
    others = await find_others(backend, repaired.spans) if len(repaired.spans) else NO_OTHERS
    report = await asyncio.to_thread(_breakdown, found, repaired, others, trace_id, asked)
    return await beside_usual(backend, report, found.spans, now.tzinfo or UTC)


def _breakdown(found: Found, repaired: Repaired, others: Others, trace_id: str, asked: Asked) -> Breakdown:
    if others.clocks:
        repaired = repair(found.spans, others.clocks)
    report = break_down(repaired, trace_id, asked, others.habits)
    report = with_reading(report, unreadable=found.unreadable, truncated=found.truncated, notes=found.notes)
    return beside_others(report, repaired.spans, others)


def _help(asked: Asked) -> Choice:
    return Choice(
        question=asked.question,
        asked_at=asked.asked_at,
        understood=asked.understood,
        headline=CAN_BE_ASKED,
        confidence="high",
        candidates=EXAMPLES,
    )
