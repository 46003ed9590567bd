"""The owner's API: the same answers, for nobody but the owner's user."""

import asyncio
import stat

import msgspec
import pytest
from hypothesis import given

from analyzers.builder import build_table
from analyzers.minutes import minutes_of
from analyzers.record import EventRecord, LinkTo, SpanRecord
from backends.embedded.api.client import OwnerClient
from backends.embedded.api.owner_file import NAME, VERSION, OwnerFile, owner_file, written
from backends.embedded.api.server import api_app
from backends.embedded.api.wire import COLUMNS, WireFound
from backends.embedded.api.wire_spans import WireSpans, WireTexts, from_wire, to_wire
from backends.embedded.kept import Kept
from backends.embedded.receivers.http_server import HttpServer
from backends.embedded.receivers.intake import Intake
from backends.embedded.refusal import StoreBusy, StoreFull
from backends.errors import (
    BackendBroken,
    BackendError,
    BackendRefused,
    BackendTimeout,
    BackendUnreachable,
    CannotAsk,
)
from backends.interface import MinutesQuery, SpanQuery
from tests.backends.embedded.sending import RememberingSink
from tests.bot.drawn_stores import CHECKOUT, CHECKOUT_ID, DrawnBackend
from tests.strategies import span_records
from tests.traces import drawn

TOKEN = "the-token"


class Attributes:
    def attributes(self, source):
        return source["attributes"]

    def events(self, source):
        return source["events"]


SPAN = SpanRecord(
    trace_id="ab" * 16,
    span_id=2**64 - 1,
    parent_id=7,
    service="cart",
    operation="GET /cart",
    kind=2,
    status=2,
    start_ns=2**62,
    duration_ns=-5,
    message="no",
    resource=(("service.version", "1"),),
    adjusted_count=4.0,
    links=(LinkTo("cd" * 16, 2**63),),
    source={
        "attributes": (("user.id", "42"), ("user.id", "43")),
        "events": (EventRecord(2**64 - 1, "exception", (("a", "ž"),)),),
    },
    reader=Attributes(),
)


def asked(question, backend=None, sink=None, token=TOKEN):
    """The answer of an owner to a client that shows the token."""

    async def ask():
        intake = Intake(sink or RememberingSink())
        server = HttpServer(api_app(backend or DrawnBackend(), intake, TOKEN), "127.0.0.1", 0, "The API")
        await server.start()
        client = OwnerClient("embedded:///here", OwnerFile(VERSION, server.port, token, 1))
        try:
            return await question(client)
        finally:
            await client.aclose()
            await server.stop(1)

    return asyncio.run(ask())


def refusal(question, **given):
    with pytest.raises(BackendError) as caught:
        asked(question, **given)
    return caught.value


def test_a_trace_comes_whole():
    backend = DrawnBackend(notes=("a note",), unreadable=3, truncated=True)

    found = asked(lambda client: client.find_trace(CHECKOUT_ID), backend)

    assert (found.notes, found.unreadable, found.truncated) == (("a note",), 3, True)
    assert found.spans.operations == ("POST /checkout", "charge")


def test_a_query_arrives_as_it_was_asked():
    seen = []

    class Listening(DrawnBackend):
        async def find_spans(self, query):
            seen.append(query)
            return await super().find_spans(query)

    query = SpanQuery(
        1,
        2**62,
        "cart",
        None,
        (("user.id", "42"),),
        errors_only=True,
        limit=7,
        slowest_first=True,
        evenly=True,
    )

    found = asked(lambda client: client.find_spans(query), Listening())

    assert seen == [query]
    assert len(found.spans) == 2


def test_names_are_listed():
    class Named(DrawnBackend):
        async def services(self):
            return ("cart", "shop")

        async def operations(self, service):
            return (f"GET /{service}",)

    assert asked(lambda client: client.services(), Named()) == ("cart", "shop")
    assert asked(lambda client: client.operations("cart"), Named()) == ("GET /cart",)


def test_histograms_are_the_same_at_the_other_end():
    spans = build_table(drawn(CHECKOUT))
    there = minutes_of(spans, spans.duration_ns)
    seen = []

    class Counting(DrawnBackend):
        async def minutes(self, query):
            seen.append(query)
            return there

    query = MinutesQuery(1, 2**62, "cart", self_time=True)

    here = asked(lambda client: client.minutes(query), Counting())

    assert seen == [query]
    assert here.operations == there.operations
    assert [getattr(here, name).tolist() for name in COLUMNS] == [
        getattr(there, name).tolist() for name in COLUMNS
    ]


def test_spans_are_the_same_at_the_other_end():
    (arrived,) = from_wire(msgspec.msgpack.decode(msgspec.msgpack.encode(to_wire([SPAN])), type=WireSpans))

    assert arrived.reader.attributes(arrived.source) == SPAN.source["attributes"]
    assert arrived.reader.events(arrived.source) == SPAN.source["events"]
    assert msgspec.structs.replace(arrived, source=None, reader=None) == msgspec.structs.replace(
        SPAN, source=None, reader=None
    )


def test_spans_can_be_kept_through_it():
    sink = RememberingSink()

    kept = asked(lambda client: client.keep([SPAN, SPAN]), sink=sink)

    assert (kept, len(sink.kept)) == (Kept(2), 2)


@pytest.mark.parametrize(
    "error", [CannotAsk("It cannot.", "Ask otherwise."), BackendTimeout("Too long.", "Ask for less.")]
)
def test_an_error_is_the_same_at_the_other_end(error):
    arrived = refusal(lambda client: client.find_trace(CHECKOUT_ID), backend=DrawnBackend(error=error))

    assert (type(arrived), arrived.problem, arrived.advice) == (type(error), error.problem, error.advice)


@pytest.mark.parametrize("error", [StoreBusy(2.5), StoreFull(7.0)])
def test_a_store_without_room_says_when_to_come_back(error):
    arrived = refusal(lambda client: client.keep([SPAN]), sink=RememberingSink(error=error))

    assert (type(arrived), arrived.retry_after_s) == (type(error), error.retry_after_s)


def test_many_large_spans_go_in_several_requests():
    sink = RememberingSink()
    large = msgspec.structs.replace(SPAN, source=SPAN.source | {"attributes": (("text", "x" * (9 << 20)),)})

    kept = asked(lambda client: client.keep([large] * 5), sink=sink)

    assert (kept, len(sink.kept)) == (Kept(5), 5)


def test_a_span_larger_than_a_request_is_refused_in_words():
    huge = msgspec.structs.replace(SPAN, source=SPAN.source | {"attributes": (("text", "x" * (21 << 20)),)})

    assert "20 MiB" in refusal(lambda client: client.keep([huge])).problem


@pytest.mark.parametrize("token", ["t", "another", TOKEN + "x"])
def test_without_the_token_there_is_no_answer(token):
    error = refusal(lambda client: client.services(), token=token)

    assert isinstance(error, BackendRefused)
    assert "token" in error.problem
    assert TOKEN not in str(error)


@pytest.mark.parametrize(
    ("question", "body"),
    [("find_trace", b""), ("find_spans", b"\x80"), ("keep", b"\xc1"), ("find_trace", b"\x01")],
)
def test_what_is_no_question_is_refused(question, body):
    async def ask(client):
        return await client._client.post(question, content=body)

    assert asked(ask).status_code == 400


def test_a_question_may_not_be_endless():
    async def ask(client):
        return await client._client.post("find_trace", content=bytes(2 << 20))

    assert asked(ask).status_code == 413


WIRE = to_wire([SPAN])
DAMAGED = {
    "a resource": {"resources": ()},
    "a column of numbers": {"numbers": {**WIRE.numbers, "start_ns": b""}},
    "all numbers": {"numbers": {}},
    "a text": {"texts": {**WIRE.texts, "service": WireTexts(bytes(4), ())}},
    "a text that stands before the first": {
        "texts": {**WIRE.texts, "service": WireTexts(b"\xff" * 4, ("a",))}
    },
    "a column of texts": {"texts": {"service": WIRE.texts["service"]}},
    "a trace id": {"texts": {**WIRE.texts, "trace_id": WireTexts(bytes(4), ("no id",))}},
    "a span with links": {"links": {1: SPAN.links}},
    "readable attributes": {"details": (("{}", ""),)},
    "pairs of two": {"details": (('[["a"]]', ""),)},
    "readable events": {"details": (("", "[1]"),)},
}


@pytest.mark.parametrize("damage", DAMAGED.values(), ids=DAMAGED)
def test_spans_of_which_something_did_not_come_along_are_refused(damage):
    sink = RememberingSink()
    body = msgspec.msgpack.encode(msgspec.structs.replace(WIRE, **damage))

    async def ask(client):
        return await client._client.post("keep", content=body)

    assert asked(ask, sink=sink).status_code == 400
    assert not sink.kept


@given(span_records())
def test_any_spans_are_the_same_at_the_other_end(records):
    there = msgspec.msgpack.decode(msgspec.msgpack.encode(to_wire(records)), type=WireSpans)

    assert [said(record) for record in from_wire(there)] == [said(record) for record in records]


def said(record):
    attributes, events = (
        tuple(record.reader.attributes(record.source)),
        tuple(record.reader.events(record.source)),
    )
    plain = {"kind": int(record.kind), "status": int(record.status)}
    return repr(msgspec.structs.replace(record, **plain, source=(attributes, events), reader=None))


def test_an_answer_of_which_something_did_not_come_along_is_none():
    damaged = WireFound(msgspec.structs.replace(WIRE, numbers={}), False, 0, ())

    async def ask():
        async def other(scope, receive, send):
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": msgspec.msgpack.encode(damaged)})

        server = HttpServer(other, "127.0.0.1", 0, "Something")
        await server.start()
        client = OwnerClient("embedded:///here", OwnerFile(VERSION, server.port, TOKEN, 1))
        try:
            await client.find_trace(CHECKOUT_ID)
        finally:
            await client.aclose()
            await server.stop(1)

    with pytest.raises(BackendBroken, match="is not tracewhy"):
        asyncio.run(ask())


def test_an_owner_that_is_gone_is_unreachable():
    client = OwnerClient("embedded:///here", OwnerFile(VERSION, 1, TOKEN, 1))

    with pytest.raises(BackendUnreachable, match="tracewhy serve"):
        asyncio.run(client.services())


def test_something_else_on_the_port_is_no_store():
    async def ask():
        async def other(scope, receive, send):
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"<html>"})

        server = HttpServer(other, "127.0.0.1", 0, "Something")
        await server.start()
        client = OwnerClient("embedded:///here", OwnerFile(VERSION, server.port, TOKEN, 1))
        try:
            await client.services()
        finally:
            await client.aclose()
            await server.stop(1)

    with pytest.raises(BackendBroken, match="not tracewhy"):
        asyncio.run(ask())


OWNER = OwnerFile(VERSION, 4_242, TOKEN, 1)


def test_the_owner_file_is_for_the_owner_alone_and_goes_with_it(tmp_path):
    with written(tmp_path, OWNER):
        assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600
        assert owner_file(tmp_path) == OWNER

    assert owner_file(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_an_owner_file_that_others_can_read_is_not_used(tmp_path):
    with written(tmp_path, OWNER):
        (tmp_path / NAME).chmod(0o644)

        with pytest.raises(BackendRefused, match="chmod 600"):
            owner_file(tmp_path)


def test_an_owner_of_another_version_is_not_asked(tmp_path):
    with (
        written(tmp_path, msgspec.structs.replace(OWNER, version=VERSION + 1)),
        pytest.raises(BackendBroken, match="another version"),
    ):
        owner_file(tmp_path)


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b"x" * 10_000])
def test_an_owner_file_that_is_none_is_said(tmp_path, content):
    with written(tmp_path, OWNER):
        (tmp_path / NAME).write_bytes(content)

        with pytest.raises(BackendBroken, match="does not say where"):
            owner_file(tmp_path)
