"""One question answered: understood, looked up, analysed, as a report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Protocol

import msgspec

from analyzers.report import Candidate, Choice
from analyzers.report_base import Asked
from backends.errors import BackendError
from bot.questions.kinds import CAN_BE_ASKED
from bot.questions.not_understood import NotUnderstood
from bot.services.meaning import understood_among
from bot.services.search import answer_search
from bot.services.trace import explain_trace
from bot.services.trace_file import explain_file
from bot.services.unanswered import failure, not_understood

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from analyzers.report import AnyReport
    from backends.interface import Backend
    from bot.services.meaning import Meaning

ANSWERED, ASKED_BACK = 0, 2

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
    no question of another one is answered.
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
    return Answer(await explain_trace(backend, meaning.understood.trace_id or "", asked, now), ANSWERED)


def _answered(report: AnyReport) -> Answer:
    return Answer(report, ASKED_BACK if isinstance(report, Choice) else ANSWERED)


def _help(asked: Asked) -> Choice:
    return Choice(
        question=asked.question,
        asked_at=asked.asked_at,
        understood=asked.understood,
        headline=CAN_BE_ASKED,
        confidence="high",
        candidates=EXAMPLES,
    )
