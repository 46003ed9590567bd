"""Trace stores looked at: what they can do, how far back they go, whose clock is wrong."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from analyzers.builder import build_table
from backends.errors import BackendUnreachable, CannotAsk
from backends.interface import Capabilities, Found
from bot.services.doctor.clock import look_at_clock, web_address
from bot.services.doctor.finding import Level
from bot.services.doctor.trace_store import look_at_trace_store
from tests.bot.drawn_stores import DrawnBackend
from tests.local_server import LocalServer, response

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
NOW_NS = int(NOW.timestamp()) * 1_000_000_000
DAY_NS = 86_400 * 1_000_000_000
SEARCH = Capabilities(list_services=True, search=True)


@dataclass
class AgedBackend(DrawnBackend):
    """Holds traces from some age on."""

    age_ns: int = 0
    known: tuple[str, ...] = ("a", "b", "c", "d")
    queries: list = field(default_factory=list)
    trouble: Exception | None = None

    async def services(self):
        return self.known

    async def find_spans(self, query):
        self.queries.append(query)
        if self.trouble:
            raise self.trouble
        found = await super().find_trace("0" * 31 + "1")
        held = query.start_ns <= NOW_NS - self.age_ns < query.end_ns and query.service in {None, "b"}
        return found if held else Found(build_table(()))


def look(backend):
    return asyncio.run(look_at_trace_store("backend prod", lambda: backend, NOW_NS))


@pytest.mark.parametrize(
    ("age_days", "level", "words"),
    [
        (40, Level.OK, "has spans older than 30 days"),
        (8, Level.OK, "has spans older than a week"),
        (2, Level.OK, "has spans older than a day"),
        (0.5, Level.OK, "has spans older than an hour"),
        (0.01, Level.WARN, "has spans of the last hour only"),
        (200, Level.WARN, "no spans younger than 90 days were found"),
    ],
)
def test_how_far_back_a_store_goes_is_found_out(age_days, level, words):
    finding = look(AgedBackend(capabilities=SEARCH, age_ns=int(age_days * DAY_NS)))[-1]

    assert (finding.about, finding.level, finding.found) == ("backend prod history", level, words)


def test_few_services_are_asked_one_trace_each():
    backend = AgedBackend(capabilities=SEARCH, age_ns=200 * DAY_NS)

    look(backend)

    assert {(query.service, query.limit) for query in backend.queries} == {("a", 1), ("b", 1), ("c", 1)}
    assert len(backend.queries) == 15


def test_a_store_that_needs_no_service_is_asked_without():
    backend = AgedBackend(
        capabilities=Capabilities(list_services=True, search=True, search_without_service=True)
    )

    look(backend)

    assert {query.service for query in backend.queries} == {None}


def test_what_a_store_can_do_is_told():
    capabilities = Capabilities(list_services=True, search=True, search_attributes=True, aggregates=True)

    reached = look(AgedBackend(capabilities=capabilities))[0]

    assert reached.found == (
        "drawn://here answers and knows 4 services; "
        "it can find a trace by its id, search, search by attributes, histograms"
    )


def test_a_store_that_only_finds_traces_by_id_is_not_searched():
    backend = AgedBackend()

    assert [finding.found for finding in look(backend)] == [
        "drawn://here answers; it can find a trace by its id"
    ]
    assert backend.queries == []


def test_an_empty_store_is_a_warning():
    finding = look(AgedBackend(capabilities=SEARCH, known=()))[0]

    assert finding.level is Level.WARN
    assert finding.found.endswith("it holds no spans")


def test_a_store_that_cannot_be_opened_says_so_in_its_own_words():
    def unreachable():
        raise BackendUnreachable("Nothing answers at jaeger://h:1.", "Check the host.")

    findings = asyncio.run(look_at_trace_store("backend prod", unreachable, NOW_NS))

    assert [(finding.level, finding.found, finding.advice) for finding in findings] == [
        (Level.FAIL, "Nothing answers at jaeger://h:1", "Check the host.")
    ]


@pytest.mark.parametrize(
    ("trouble", "level", "found"),
    [
        (CannotAsk("It has no search.", "Ask by id."), Level.OK, "cannot be asked"),
        (BackendUnreachable("It went away.", "Wait."), Level.WARN, "not told: It went away"),
    ],
)
def test_a_search_that_fails_is_no_failure_of_the_store(trouble, level, found):
    finding = look(AgedBackend(capabilities=SEARCH, trouble=trouble))[-1]

    assert (finding.level, finding.found) == (level, found)


def clock_of(ahead, scheme="jaeger"):
    """What is found of a server whose clock is so far ahead."""

    async def respond(request, writer):
        writer.write(response(404, b"", date=format_datetime(NOW + ahead, usegmt=True)))

    async def looked():
        async with LocalServer(respond) as server:
            return await look_at_clock("prod", f"{scheme}://127.0.0.1:{server.port}/x", lambda: NOW_NS)

    return asyncio.run(looked())


@pytest.mark.parametrize(
    ("ahead", "level", "found"),
    [
        (timedelta(0), Level.OK, "agrees with this machine's"),
        (timedelta(seconds=-4), Level.OK, "agrees with this machine's"),
        (timedelta(minutes=2), Level.WARN, "is 120 s ahead of this machine's"),
        (timedelta(hours=-1), Level.WARN, "is 3,600 s behind this machine's"),
    ],
)
def test_a_clock_that_differs_is_a_warning(ahead, level, found):
    assert [(finding.level, finding.found) for finding in clock_of(ahead)] == [(level, found)]


def test_nothing_is_said_of_a_clock_that_cannot_be_read():
    assert asyncio.run(look_at_clock("prod", "jaeger://127.0.0.1:1", lambda: NOW_NS)) == []
    assert clock_of(timedelta(0), scheme="embedded") == []


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("jaeger://jaeger", "http://jaeger:16686/"),
        ("jaeger+https://me:hidden@jaeger.example/prefix", "https://jaeger.example:443/"),
        ("jaeger://[::1]:1", "http://[::1]:1/"),
        ("embedded:///folder", None),
        ("traces/*.json", None),
        ("jaeger://h:port", None),
        ("jaeger://", None),
    ],
)
def test_a_server_is_asked_the_time_without_credentials(url, address):
    assert web_address(url) == address
