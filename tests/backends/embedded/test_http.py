"""OTLP over HTTP: what is kept, and what senders are told."""

import asyncio
import gzip
import json

import httpx
import pytest
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from backends.embedded.receivers.bind import PortTaken
from backends.embedded.receivers.http_server import HttpServer
from backends.embedded.receivers.intake import MIB
from backends.embedded.refusal import StoreBusy, StoreFull
from backends.errors import BackendError
from tests.backends.embedded.sending import JSON, PROTOBUF, RememberingSink, http_receiver, request_of

ONE = request_of(1).SerializeToString()
ONE_JSON = json.dumps(
    {
        "resourceSpans": [
            {
                "scopeSpans": [
                    {
                        "spans": [
                            {
                                "traceId": "ab" * 16,
                                "spanId": "cd" * 8,
                                "name": "GET /cart",
                                "startTimeUnixNano": "1795183511000000000",
                                "endTimeUnixNano": 1795183511000001000,
                                "aNewField": True,
                            }
                        ]
                    }
                ]
            }
        ]
    }
).encode()


def sent(body, content_type=PROTOBUF, sink=None, options=None, method="POST", path="/v1/traces", **headers):
    """The answer to one request, and the sink after it."""
    sink = sink or RememberingSink()

    async def send():
        async with (
            http_receiver(sink, **(options or {})) as (server, _),
            httpx.AsyncClient(trust_env=False) as client,
        ):
            return await client.request(
                method,
                f"http://127.0.0.1:{server.port}{path}",
                content=body,
                headers={
                    "content-type": content_type,
                    **{name.replace("_", "-"): value for name, value in headers.items()},
                },
            )

    return asyncio.run(send()), sink


def test_protobuf_is_kept_and_answered_in_protobuf():
    answer, sink = sent(ONE)

    assert (answer.status_code, answer.headers["content-type"]) == (200, PROTOBUF)
    assert ExportTraceServiceResponse.FromString(answer.content) == ExportTraceServiceResponse()
    assert [(span.service, span.operation) for span in sink.kept] == [("cart", "GET /cart")]


def test_json_is_kept_and_answered_in_json():
    answer, sink = sent(ONE_JSON, f"{JSON}; charset=utf-8")

    assert (answer.status_code, answer.headers["content-type"], answer.json()) == (200, JSON, {})
    assert [span.operation for span in sink.kept] == ["GET /cart"]


def test_gzip_is_unpacked():
    answer, sink = sent(gzip.compress(ONE), content_encoding="gzip")

    assert answer.status_code == 200
    assert len(sink.kept) == 1


@pytest.mark.parametrize(
    ("body", "form"), [(b"", PROTOBUF), (b"", JSON), (b"{}", JSON), (b"\x0a\x02\x12\x00", PROTOBUF)]
)
def test_a_request_without_spans_is_fine(body, form):
    answer, sink = sent(body, form)

    assert answer.status_code == 200
    assert sink.kept == []


@pytest.mark.parametrize("form", ["text/plain", "", "application/xml"])
def test_another_content_type_is_415(form):
    answer, sink = sent(ONE, form)

    assert answer.status_code == 415
    assert "application/x-protobuf or application/json" in Status.FromString(answer.content).message
    assert sink.kept == []


@pytest.mark.parametrize("body", [b"\xff\xff\xff", ONE[:-3], b"GET me out of here"])
def test_malformed_protobuf_is_400_with_a_status(body):
    answer, _ = sent(body)

    status = Status.FromString(answer.content)
    assert (answer.status_code, status.code) == (400, 3)
    assert status.message.startswith("This is no OTLP request: ")


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"resourceSpans": 7}', b'{"a": 1}', b"[" * 100_000])
def test_malformed_json_is_400_with_a_status(body):
    answer, _ = sent(body, JSON)

    assert (answer.status_code, answer.json()["code"]) == (400, 3)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a": "\xff"}', "not UTF-8 (byte 7)"),
        (b"{", "ends in the middle"),
        (b"[]", "has no resourceSpans"),
        (b'{"resourceSpans": 7}', "has no resourceSpans"),
    ],
)
def test_what_is_wrong_with_json_is_said(body, why):
    answer, _ = sent(body, JSON)

    assert why in answer.json()["message"]


@pytest.mark.parametrize("form", [PROTOBUF, JSON])
def test_a_bomb_is_413(form):
    answer, _ = sent(gzip.compress(bytes(200 * MIB), 1), form, content_encoding="gzip")

    assert answer.status_code == 413
    assert b"20 MiB" in answer.content


SMALL_BOMBS = {
    "spans": b"\x0a\x8d\xa7\x12\x12\x89\xa7\x12" + b"\x12\x00" * 150_980 + b"\x12\xff\xff",
    "resources": b"\x0a\x00" * 150_000,
}
JSON_BOMBS = {
    "spans": b'{"resourceSpans":[{"scopeSpans":[{"spans":[%s{}]}]}]}' % (b"{}," * 1_000_001),
    "resources": b'{"resourceSpans":[%s{}]}' % (b"{}," * 100_001),
    "numbers": b'{"resourceSpans":[%s0]}' % (b"0," * 1_000_001),
}


@pytest.mark.parametrize("bomb", SMALL_BOMBS.values(), ids=SMALL_BOMBS)
def test_a_small_request_with_more_parts_than_are_read_is_413(bomb):
    answer, _ = sent(bomb)

    assert answer.status_code == 413
    assert b"more than 100,000 " in answer.content
    assert b"Send smaller batches." in answer.content


@pytest.mark.parametrize("bomb", JSON_BOMBS.values(), ids=JSON_BOMBS)
def test_so_is_one_in_json(bomb):
    answer, _ = sent(gzip.compress(bomb, 1), JSON, content_encoding="gzip")

    assert answer.status_code == 413
    assert answer.json()["message"].startswith("The request holds more than ")


def test_commas_in_a_text_are_no_parts():
    text = b',\\"' * 1_000_001

    answer, sink = sent(ONE_JSON.replace(b"GET /cart", text), JSON)

    assert answer.status_code == 200
    assert len(sink.kept) == 1


def test_a_text_that_nothing_ends_is_looked_through_once():
    """Each of its quotes would be looked at to the end otherwise: hours for these."""
    answer, _ = sent(b"," * 1_000_001 + b'"' + b'\\"' * 1_000_000, JSON)

    assert answer.status_code == 413


@pytest.mark.parametrize("body", [b'{"x": 1e999}', b'{"x": %s}' % (b"9" * 5_000)])
def test_numbers_larger_than_any_are_no_request(body):
    answer, _ = sent(body, JSON)

    assert answer.status_code == 400


@pytest.mark.parametrize("spans", [b"", b"\x0a\xff\xff\x7f"])
def test_how_much_stands_behind_fields_of_another_form_is_counted(spans):
    bomb = b"\x3b\x3c" + SMALL_BOMBS["resources"] + spans

    answer, _ = sent(bomb)

    assert answer.status_code in (400, 413)


def test_a_tempo_answer_is_no_request():
    answer, sink = sent(b"\x0a" + bytes([len(ONE) & 127 | 128, len(ONE) >> 7]) + ONE)

    assert answer.status_code == 400
    assert sink.kept == []


def test_a_large_body_is_413():
    answer, _ = sent(bytes(21 * MIB))

    assert answer.status_code == 413


@pytest.mark.parametrize("body", [gzip.compress(ONE)[:-9], b"not gzip at all"])
def test_damaged_gzip_is_400(body):
    answer, _ = sent(body, content_encoding="gzip")

    assert answer.status_code == 400


def test_an_unknown_encoding_is_415():
    answer, _ = sent(ONE, content_encoding="br")

    assert answer.status_code == 415


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"trace_id": b"\x01" * 17}, "trace id"),
        ({"span_id": b"\x01" * 9}, "span id"),
        ({"start_time_unix_nano": 2**64 - 1}, "start"),
    ],
)
def test_unreadable_spans_are_rejected_and_the_others_kept(changed, why):
    answer, sink = sent(request_of(3, **changed).SerializeToString())

    partial = ExportTraceServiceResponse.FromString(answer.content).partial_success
    assert (answer.status_code, partial.rejected_spans, len(sink.kept)) == (200, 1, 2)
    assert why in partial.error_message


def test_rejected_spans_are_said_in_json_too():
    answer, _ = sent(ONE_JSON.replace(b"cdcd", b"xxxx"), JSON)

    assert answer.json()["partialSuccess"]["rejectedSpans"] == "1"


@pytest.mark.parametrize("ids", [{"traceId": "ab"}, {"spanId": "1"}, {"parentSpanId": "ab" * 7}])
def test_a_json_id_that_was_cut_off_is_rejected_and_not_padded(ids):
    document = json.loads(ONE_JSON)
    document["resourceSpans"][0]["scopeSpans"][0]["spans"][0] |= ids

    answer, sink = sent(json.dumps(document).encode(), JSON)

    assert answer.json()["partialSuccess"]["rejectedSpans"] == "1"
    assert sink.kept == []


def test_a_sender_is_warned_of_what_is_kept_in_part():
    answer, _ = sent(ONE, sink=RememberingSink(shortened=1))

    partial = ExportTraceServiceResponse.FromString(answer.content).partial_success
    assert (answer.status_code, partial.rejected_spans) == (200, 0)
    assert partial.error_message == "Too long, and kept in part: texts of 1 spans."


def test_a_busy_store_is_429_with_the_time_to_wait():
    answer, _ = sent(ONE, sink=RememberingSink(error=StoreBusy(2.5)))

    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3")


def test_a_full_disk_is_503_with_the_time_to_wait():
    answer, _ = sent(ONE_JSON, JSON, sink=RememberingSink(error=StoreFull()))

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")


def test_a_store_that_fails_is_503_without_its_details():
    answer, _ = sent(ONE, sink=RememberingSink(error=BackendError("The file /secret broke.", "Mend it.")))

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert b"/secret" not in answer.content


def test_more_at_a_time_than_memory_allows_is_429():
    answer, sink = sent(request_of(100).SerializeToString(), options={"max_waiting_bytes": 100})

    assert answer.status_code == 429
    assert sink.kept == []


def test_other_paths_and_methods_are_refused():
    assert sent(ONE, path="/v1/metrics")[0].status_code == 404
    assert sent(b"", method="GET")[0].status_code == 405


def test_an_answer_waits_until_the_spans_are_kept():
    async def send():
        sink = RememberingSink(gate=asyncio.Event(), reached=asyncio.Event())
        async with (
            http_receiver(sink) as (server, intake),
            httpx.AsyncClient(trust_env=False) as client,
        ):
            url = f"http://127.0.0.1:{server.port}/v1/traces"
            sending = asyncio.create_task(client.post(url, content=ONE, headers={"content-type": PROTOBUF}))
            await sink.reached.wait()
            assert not sending.done()
            intake.closing = True
            refused = await client.post(url, content=ONE, headers={"content-type": PROTOBUF})
            sink.gate.set()
            return await sending, refused, intake

    answer, refused, intake = asyncio.run(send())

    assert answer.status_code == 200
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert intake.waiting_bytes == 0


def test_a_port_that_is_taken_is_named():
    async def start_twice():
        async with http_receiver(RememberingSink()) as (server, _):
            with pytest.raises(PortTaken) as caught:
                await HttpServer(None, "127.0.0.1", server.port, "OTLP over HTTP").start()
            return server.port, caught.value

    port, error = asyncio.run(start_twice())

    assert f"port {port} of 127.0.0.1: another program does" in error.problem
    assert "--http-port" in error.advice
