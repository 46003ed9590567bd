"""The questions about a period over the contract data: files and a real Jaeger give the same answers."""

import asyncio
import json
import os
import time
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from backends.embedded.backend import EmbeddedBackend
from backends.embedded.span_store import SpanStore
from backends.interface import SpanQuery
from backends.registry import open_backend
from bot.services.ask import ask
from tests.backends.contract.stores import loaded_server
from tests.contract_data import contract_data
from tests.servers.jaeger import running_jaeger

QUESTIONS = (
    "slowest last 1h",
    "slowest payment last 1h",
    "errors last 1h",
    "errors checkout last 1h",
    "errors where user.id=u3 last 1h",
    "errors where user.id=u5 last 1h",
    "find user.id=u3 last 1h",
    'find exception.message="card expired" last 1h',
    "find http.response.status_code>=400 last 1h",
    "find duration>=50ms last 1h",
    "errors where duration>100ms last 1h",
    "operations payment last 1h",
    "services last 1h",
)


SAID = {"backend": None, "headline": "", "notes": (), "confidence": "high"}
"""What may differ: each store has remarks of its own."""


class One:
    """Always the same store."""

    def __init__(self, backend):
        self._backend = backend

    def default(self):
        return self._backend

    def at(self, url):
        raise AssertionError(url)


def asked_at(data):
    """When nothing can be on the way any more."""
    return datetime.fromtimestamp(data.end_ns / 1e9 + 10, UTC)


def answered(url, data, text):
    async def question():
        backend = open_backend(url, os.environ)
        try:
            return await ask(text, One(backend), asked_at(data))
        finally:
            await backend.aclose()

    return asyncio.run(question())


@pytest.fixture(scope="module")
def loaded_jaeger(jaeger_program, tmp_path_factory):
    with running_jaeger(jaeger_program, tmp_path_factory.mktemp("answers-jaeger")) as running:
        yield loaded_server(running.url, running.otlp_url)


@pytest.fixture(scope="module")
def data():
    return contract_data(time.time_ns())


@pytest.fixture(scope="module")
def file_url(data, tmp_path_factory):
    path = tmp_path_factory.mktemp("answers") / "contract.json"
    path.write_text(json.dumps(data.document))
    return str(path)


def report(url, data, text):
    return answered(url, data, text).report


def test_the_slowest_request_is_found_with_what_dominated_it(file_url, data):
    found = report(file_url, data, "slowest last 1h")

    assert found.traces[0].trace_id == data.trace_ids["slow-0"]
    assert found.traces[0].bottleneck.service == "payment"
    assert found.window.end > found.traces[0].start
    assert found.understood.kind == "slowest"


def test_the_n_plus_one_is_named_down_to_its_statement(file_url, data):
    found = report(file_url, data, "slowest last 1h")

    (repeated,) = (one for one in found.traces if one.trace_id == data.trace_ids["n-plus-1"])
    assert (repeated.bottleneck.operation, repeated.bottleneck.count) == ("SELECT order_items", 30)
    assert repeated.bottleneck.statement.startswith("SELECT * FROM order_items")


def test_all_four_failures_began_in_payment(file_url, data):
    found = report(file_url, data, "errors last 1h")

    assert found.headline == "4 requests failed in the last hour; payment is where all of them began."
    assert [(one.service, one.origin, one.propagated) for one in found.services] == [
        ("payment", 4, 0),
        ("checkout", 0, 4),
        ("frontend", 0, 4),
    ]
    assert sum(group.count for group in found.services[0].groups) == 4


def test_the_requests_of_a_user_are_found(file_url, data):
    found = report(file_url, data, "find user.id=u3 last 1h")

    assert len(found.traces) == 8
    assert found.matched_on[0].value == "u3"


def test_an_attribute_of_an_event_is_found_too(file_url, data):
    found = report(file_url, data, 'find exception.message="card expired" last 1h')

    assert len(found.traces) == 1
    assert found.traces[0].error


def test_a_key_that_is_not_there_is_answered_with_those_that_are(file_url, data):
    found = report(file_url, data, "find userid=u3 last 1h")

    assert found.headline.startswith("No span in the last hour in file:")
    assert found.notes[0] == "user.id is there: did you mean that instead of userid?"
    assert found.confidence == "none"


def test_where_a_file_covers_another_period_the_answer_says_which(file_url, data):
    found = report(file_url, data, "slowest 2020-01-01 10:00-11:00")

    assert found.headline.startswith("There are no requests between 2020-01-01 10:00 and 11:00 UTC")
    assert "holds 59 traces of another period" in found.notes[0]


def test_a_scope_that_is_nowhere_is_not_understood(file_url, data):
    answer = answered(file_url, data, "slowest checkotu-zzz last 1h")

    assert answer.exit_status == 2
    assert "no service or operation" in answer.report.headline


def test_a_scope_with_several_meanings_is_asked_back(file_url, data):
    answer = answered(file_url, data, "operations orders last 1h")

    assert answer.exit_status == 2
    assert answer.report.candidates


@pytest.mark.parametrize("text", [text for text in QUESTIONS if not text.startswith("slowest")])
def test_a_store_of_our_own_gives_the_same_answer_as_a_file(file_url, data, tmp_path, text):
    of_file = report(file_url, data, text)
    of_store = asyncio.run(_asked_of_a_store(file_url, data, tmp_path / "store", text))

    assert of_store.headline == of_file.headline
    assert replace(of_store, **SAID) == replace(of_file, **SAID)


async def _asked_of_a_store(file_url, data, folder, text):
    everything = SpanQuery(data.start_ns, data.end_ns, limit=1_000)
    spans = (await open_backend(file_url, os.environ).find_spans(everything)).spans
    store = SpanStore.open(folder)
    try:
        await store.keep([spans.details.record(row) for row in range(len(spans))])
        now = asked_at(data)
        return (await ask(text, One(EmbeddedBackend(store)), now)).report
    finally:
        await store.aclose()


@pytest.mark.server
@pytest.mark.parametrize("text", QUESTIONS)
def test_a_real_jaeger_gives_the_same_answer_as_its_file(loaded_jaeger, tmp_path, text):
    path = tmp_path / "contract.json"
    path.write_text(json.dumps(loaded_jaeger.data.document))

    of_file = report(str(path), loaded_jaeger.data, text)
    of_jaeger = report(loaded_jaeger.url, loaded_jaeger.data, text)

    assert of_jaeger.headline == of_file.headline
    assert replace(of_jaeger, **SAID) == replace(of_file, **SAID)
