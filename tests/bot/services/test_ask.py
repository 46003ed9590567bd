"""Questions answered by the service, whatever happens on the way."""

from __future__ import annotations

import asyncio
import shlex
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from analyzers.report import Breakdown, Choice, Failure
from backends.errors import BackendTimeout, CannotAsk, UnreadableFile, UnusableAddress
from backends.interface import Capabilities
from bot.questions.not_understood import NotUnderstood
from bot.services.ask import ask, instant
from bot.services.meaning import understood_among
from tests.bot.drawn_stores import CHECKOUT, CHECKOUT_ID, DrawnBackend, DrawnStores

NOON = datetime(2026, 11, 22, 12, 0, 0, 250_000, tzinfo=UTC)

TWO_TRACES = """
    frontend GET /cart        0..180   server
    ---
    frontend POST /checkout   0..400   server
      checkout charge         10..390  server
"""
TWELVE_TRACES = "\n---\n".join(["    frontend GET /cart   0..180   server"] * 12)


def answered(text, **backend):
    return asyncio.run(ask(text, DrawnStores(DrawnBackend(**backend)), NOON))


def test_a_known_trace_is_broken_down():
    answer = answered(CHECKOUT_ID)

    assert answer.exit_status == 0
    assert isinstance(answer.report, Breakdown)
    assert answer.report.duration_ns == 400_000_000
    assert answer.report.backend == "drawn://here"
    assert answer.report.asked_at == "2026-11-22T12:00:00.250000000Z"
    assert answer.report.understood.trace_id == CHECKOUT_ID


def test_an_unknown_trace_keeps_its_kind_and_says_so():
    answer = answered("f" * 32)

    assert answer.exit_status == 0
    assert isinstance(answer.report, Breakdown)
    assert answer.report.confidence == "none"
    assert "f" * 32 in answer.report.headline
    assert answer.report.critical_path == ()


def test_where_files_may_not_be_named_a_path_is_no_question(tmp_path):
    (tmp_path / "trace.json").write_text("{}")
    stores = DrawnStores()

    answer = asyncio.run(ask(str(tmp_path / "trace.json"), stores, NOON, files=False))

    assert isinstance(answer.report, Choice | Failure)
    assert stores.asked_urls == []


def test_what_could_not_be_read_travels_with_the_answer():
    report = answered(CHECKOUT_ID, unreadable=3, truncated=True, notes=("3 spans left out",)).report

    assert report.health.unreadable == 3
    assert report.health.truncated
    assert "3 spans left out" in report.notes
    assert report.confidence == "low"


@pytest.mark.parametrize(
    ("error", "status"),
    [(BackendTimeout, 3), (CannotAsk, 3), (UnreadableFile, 4), (UnusableAddress, 2)],
)
def test_a_failing_store_is_an_answer_with_its_exit_status(error, status):
    answer = answered(CHECKOUT_ID, error=error("It took too long.", "Wait."))

    assert answer.exit_status == status
    assert isinstance(answer.report, Failure)
    assert (answer.report.problem, answer.report.advice) == ("It took too long.", "Wait.")
    assert answer.report.understood.trace_id == CHECKOUT_ID


@pytest.mark.parametrize("text", [CHECKOUT_ID, "slowest checkout last 30m", "trace.json", CHECKOUT_ID[1:]])
def test_what_goes_wrong_names_the_store_that_was_to_be_asked(text):
    answer = answered(text, error=BackendTimeout("It took too long.", "Wait."))

    assert isinstance(answer.report, Failure)
    assert answer.report.backend == "drawn://here"


def test_a_store_that_cannot_be_opened_has_no_name():
    class Nowhere(DrawnStores):
        def default(self):
            raise UnusableAddress("No trace store has the scheme 'http'.", "Write jaeger://.")

    answer = asyncio.run(ask(CHECKOUT_ID, Nowhere(), NOON))

    assert (answer.exit_status, answer.report.backend) == (2, None)


def test_what_is_not_understood_is_an_error_that_says_what_can_be_asked():
    answer = answered("what is love")

    assert answer.exit_status == 2
    assert answer.report.problem == "“what is love” is nothing that traces can answer."
    assert answer.report.headline == answer.report.problem
    assert "trace id" in answer.report.advice


def test_whatever_is_asked_back_is_a_command_that_asks_it():
    answer = answered("checkout")

    assert answer.report.candidates
    assert all(shlex.split(one.text)[:2] == ["tracewhy", "ask"] for one in answer.report.candidates)
    assert all("--backend" in shlex.split(one.text) for one in answer.report.candidates)


def test_without_a_store_the_advice_is_to_name_one():
    answer = asyncio.run(ask(CHECKOUT_ID, DrawnStores(backend=None), NOON))

    assert answer.exit_status == 2
    assert "--backend" in answer.report.advice


def test_help_is_answered_with_examples():
    answer = answered("help")

    assert answer.exit_status == 0
    assert answer.report.understood.kind == "help"
    assert answer.report.candidates[0].text.startswith("tracewhy ask")


def test_a_file_with_one_trace_is_that_trace():
    stores = DrawnStores()

    answer = asyncio.run(ask("shop.otlp.json", stores, NOON))

    assert stores.asked_urls == ["shop.otlp.json"]
    assert answer.exit_status == 0
    assert answer.report.trace_id == CHECKOUT_ID
    assert answer.report.understood.trace_id == CHECKOUT_ID


def test_a_file_with_several_traces_asks_which_slowest_first():
    answer = answered("my traces/day 1.json", picture=TWO_TRACES)

    assert answer.exit_status == 2
    assert isinstance(answer.report, Choice)
    assert [candidate.why for candidate in answer.report.candidates] == [
        "frontend POST /checkout took 400 ms, 2 spans",
        "frontend GET /cart took 180 ms, 1 span",
    ]
    assert answer.report.candidates[0].text == f"tracewhy ask {2:032x} --backend 'my traces/day 1.json'"


def test_of_many_traces_only_the_ten_slowest_are_offered():
    report = answered("day.json", picture=TWELVE_TRACES).report

    assert len(report.candidates) == 10
    assert "12 traces" in report.headline


def test_a_file_without_spans_says_so():
    answer = answered("day.json", picture="", notes=("The file holds no spans.",))

    assert answer.exit_status == 0
    assert answer.report.confidence == "none"
    assert answer.report.headline == "There are no spans in drawn://here."
    assert answer.report.notes == ("The file holds no spans.",)


@pytest.mark.parametrize("text", ["file:///a/b", "./a", "a/b", "x.JSON", "traces.gz", "/"])
def test_what_looks_like_a_path_is_a_file(text):
    stores = DrawnStores()

    asyncio.run(ask(text, stores, NOON))

    assert stores.asked_urls == [text]


def test_an_existing_file_of_any_name_is_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "traces of today").write_text("{}")
    stores = DrawnStores(DrawnBackend(CHECKOUT))

    asyncio.run(ask("traces of today", stores, NOON))

    assert stores.asked_urls == ["traces of today"]


@pytest.mark.parametrize(
    "text", ["a\0b.json", "out/of the blue", "x" * 5_000 + ".json", "https://host/a.json"]
)
def test_other_text_is_no_file(text):
    assert answered(text).exit_status == 2


def test_early_years_have_four_digits():
    assert instant(datetime(1, 1, 1, tzinfo=UTC)) == "0001-01-01T00:00:00.000000000Z"


def test_a_question_that_was_guessed_is_answered_without_being_sure():
    store = {"picture": TWO_TRACES, "capabilities": Capabilities(search=True, search_without_service=True)}

    plainly = answered("slowest last 1h", **store).report
    guessed = answered("give me the most sluggish requests of the last hour", **store).report

    assert (plainly.confidence, guessed.confidence) == ("high", "medium")
    assert guessed.understood.source == "classifier"
    assert guessed.notes[0].startswith("the question was taken to mean: the slowest traces")
    assert guessed.traces == plainly.traces


def test_with_the_names_of_the_store_no_kind_is_read_that_may_not_be_asked():
    @dataclass
    class Named(DrawnBackend):
        capabilities: Capabilities = field(default_factory=lambda: Capabilities(list_services=True))

        async def services(self):
            return ("payment",)

        async def operations(self, service):
            return ()

    stores = DrawnStores(Named())

    def kind(kinds):
        asked = asyncio.run(
            understood_among(stores.default, "payment limps, what squeezes it", NOON, UTC, kinds=kinds)
        )
        return asked.understood.kind, asked.search.scope

    assert kind(frozenset()) == ("why", "payment")
    with pytest.raises(NotUnderstood):
        kind(frozenset({"slowest"}))


@dataclass
class Called(DrawnBackend):
    """A store with services of ordinary names."""

    capabilities: Capabilities = field(default_factory=lambda: Capabilities(list_services=True))

    async def services(self):
        return ("app", "checkout", "report", "shop", "status", "time")

    async def operations(self, service):
        return ()


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("slowest app", "app"),
        ("errors shop last 30m", "shop"),
        ("errors report last 30m", "report"),
        ("errors status", "status"),
        ("slowest check today", "checkout"),
        ("slowest last 30m", None),
        ("errors today", None),
        ("errors by service", None),
        ("slowest requests", None),
        ("what was slow in the last hour", None),
    ],
)
def test_a_service_with_an_ordinary_name_is_a_place_where_a_name_stands(text, scope):
    search = asyncio.run(understood_among(Called, text, NOON, UTC)).search

    assert search.scope == scope
