"""A store that answers badly ends a question with words on what to do. The servers here are real, and bad."""

import asyncio
import gzip
import json

import pytest

from backends.errors import (
    BackendBroken,
    BackendOverloaded,
    BackendRefused,
    BackendTimeout,
    BackendUnreachable,
    UnusableAddress,
)
from backends.http import HttpStore, Patience
from backends.jaeger.backend import JaegerBackend
from backends.jaeger.opening import open_jaeger
from tests.backends.asking import AT_ONCE, always, asked, asked_jaeger, failure_before
from tests.local_server import response
from tests.servers.ports import free_ports

SERVICES = response(200, b'{"services":["checkout"]}')
PAGE = b"<!doctype html><html><title>Jaeger UI</title></html>"
A_TRACE = "/api/v3/traces/" + "ab" * 16


def find_trace(backend):
    return backend.find_trace("ab" * 16)


def services_then(answer):
    """A server that is a Jaeger until it is asked for a trace."""

    async def respond(request, writer):
        if request.path == "/api/v3/services":
            writer.write(SERVICES)
        else:
            await answer(request, writer)

    return respond


def test_a_port_where_nothing_listens_says_so():
    url = f"jaeger://127.0.0.1:{free_ports(1)[0]}"

    with pytest.raises(BackendUnreachable) as caught:
        asked(lambda: open_jaeger(url, {}, patience=AT_ONCE), lambda backend: backend.services())

    assert caught.value.problem == f"Nothing answers at {url}."
    assert "Check the host and the port" in caught.value.advice


def test_a_host_that_does_not_exist_is_unreachable():
    url = "jaeger://no-such-host.invalid"

    with pytest.raises(BackendUnreachable, match=r"Nothing answers at jaeger://no-such-host\.invalid"):
        asked(lambda: open_jaeger(url, {}, patience=AT_ONCE), lambda backend: backend.services())


def test_a_silent_server_is_a_timeout():
    async def never(request, writer):
        await asyncio.Event().wait()

    failure = failure_before(never, patience=Patience(timeout_s=0.1, attempts=1))

    assert isinstance(failure, BackendTimeout)
    assert "did not answer within 0.1 s" in failure.problem
    assert "?timeout_s=60" in failure.advice


def test_a_server_that_drips_is_a_timeout_too():
    async def drip(request, writer):
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.01)

    failure = failure_before(drip, patience=Patience(timeout_s=0.2, attempts=1))

    assert isinstance(failure, BackendTimeout)


@pytest.mark.parametrize(
    ("status", "kind", "advice"),
    [
        (400, BackendRefused, "name its version"),
        (401, BackendRefused, "Set TRACEWHY_BACKEND_TOKEN"),
        (403, BackendRefused, "Ask for the right to read traces"),
        (429, BackendOverloaded, "Wait a little"),
        (500, BackendBroken, "Look into the store's log"),
        (502, BackendOverloaded, "Wait and ask again"),
        (503, BackendOverloaded, "Wait and ask again"),
        (504, BackendOverloaded, "Wait and ask again"),
    ],
)
def test_each_refusal_has_its_own_advice(status, kind, advice):
    failure = failure_before(always(response(status, b"{}")))

    assert isinstance(failure, kind)
    assert f"answered HTTP {status} to /api/v3/services" in failure.problem
    assert advice in failure.advice


def test_a_server_without_any_of_jaegers_pages_is_not_jaeger():
    failure = failure_before(always(response(404, b"404 page not found")))

    assert isinstance(failure, BackendRefused)
    assert "not Jaeger's query service" in failure.problem
    assert "path prefix" in failure.advice


@pytest.mark.parametrize(
    "of_path", [{}, {"/api/services": response(404)}, {"/api/v3/services": response(404)}]
)
def test_a_login_page_for_everything_is_recognised(of_path):
    async def log_in_first(request, writer):
        writer.write(of_path.get(request.path, response(200, PAGE, content_type="text/html")))

    failure = failure_before(log_in_first, find_trace)

    assert isinstance(failure, BackendBroken)
    assert "this looks like a login page or the store's UI" in failure.problem
    assert "give a token (TRACEWHY_BACKEND_TOKEN)" in failure.advice


def test_a_login_page_on_the_same_server_is_recognised():
    async def redirect_to_login(request, writer):
        moved = response(302, location="/login")
        writer.write(response(200, PAGE) if request.path == "/login" else moved)

    failure = failure_before(redirect_to_login)

    assert "this looks like a login page" in failure.problem


def test_a_jaeger_that_shows_its_page_for_the_api_that_it_does_not_have_is_asked_through_the_other():
    async def older(request, writer):
        has = request.path == "/api/services"
        writer.write(response(200, b'{"data":["checkout"]}' if has else PAGE))

    services, _ = asked_jaeger(older, lambda backend: backend.services())

    assert services == ("checkout",)


def test_a_missing_page_behind_the_probe_is_named():
    failure = failure_before(services_then(always(response(404, PAGE))), find_trace)

    assert isinstance(failure, BackendRefused)
    assert "there is no such page" in failure.problem


def test_a_web_page_in_place_of_a_trace_is_recognised_whatever_its_type():
    failure = failure_before(
        services_then(always(response(200, PAGE, content_type="application/json"))), find_trace
    )

    assert isinstance(failure, BackendBroken)
    assert "this looks like a login page or the store's UI" in failure.problem
    assert "path prefix" in failure.advice


def test_what_a_server_says_is_quoted_as_one_clean_line():
    body = json.dumps({"error": {"httpCode": 500, "message": "disk\n\x1b[31mfull\x07" + "!" * 1000}}).encode()

    failure = failure_before(always(response(500, body)))

    assert 'It said: "disk [31mfull !!!' in failure.problem
    assert failure.problem.isprintable()
    assert len(failure.problem) < 400


def test_a_token_that_a_server_echoes_is_not_shown():
    async def echo(request, writer):
        writer.write(response(400, request.headers["authorization"].encode()))

    failure = failure_before(echo, environment={"TRACEWHY_BACKEND_TOKEN": "s3cret"})

    assert "Bearer …" in failure.problem
    assert "s3cret" not in str(failure)


def test_an_endless_answer_ends_at_the_limit():
    async def endless(request, writer):
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not writer.is_closing():
            writer.write(b" " * 65536)
            await writer.drain()

    failure = failure_before(services_then(endless), question=find_trace_within(2**20))

    assert isinstance(failure, BackendBroken)
    assert "more than 1 MiB" in failure.problem
    assert "Ask for a shorter period" in failure.advice


def test_a_small_answer_that_unpacks_to_a_large_one_ends_at_the_limit():
    bomb = gzip.compress(b" " * 2**26)

    failure = failure_before(
        services_then(always(response(200, bomb, content_encoding="gzip"))), question=find_trace_within(2**20)
    )

    assert isinstance(failure, BackendBroken)
    assert "more than 1 MiB" in failure.problem


def find_trace_within(max_bytes):
    """Asks for a trace with less room for the answer."""

    async def question(backend):
        http = HttpStore(backend._http._client, backend.name, AT_ONCE, max_bytes)
        return await JaegerBackend(http).find_trace("ab" * 16)

    return question


def test_an_answer_in_gzip_is_unpacked():
    packed = response(200, gzip.compress(b'{"services":["checkout"]}'), content_encoding="gzip")

    services, _ = asked_jaeger(always(packed), lambda backend: backend.services())

    assert services == ("checkout",)


@pytest.mark.parametrize("damage", [b"not gzip at all", gzip.compress(b'{"services":[]}')[:-9]])
def test_a_compressed_answer_that_is_damaged_or_cut_is_broken(damage):
    failure = failure_before(always(response(200, damage, content_encoding="gzip")))

    assert isinstance(failure, BackendBroken)
    assert "cannot be unpacked" in failure.problem
    assert "ask it directly" in failure.advice


def test_a_compression_that_was_not_asked_for_is_refused_before_it_is_unpacked():
    failure = failure_before(always(response(200, b"...", content_encoding="zstd")))

    assert isinstance(failure, BackendBroken)
    assert "a compression that was not asked for" in failure.problem


def test_json_that_stops_in_the_middle_is_broken():
    failure = failure_before(
        services_then(always(response(200, b'{"result":{"resourceSpans":[{'))), find_trace
    )

    assert isinstance(failure, BackendBroken)
    assert "cannot be read: it ends in the middle" in failure.problem
    assert "ask for a shorter period" in failure.advice


def test_names_in_another_form_are_broken():
    failure = failure_before(always(response(200, b'{"services":{"a":1}}')))

    assert isinstance(failure, BackendBroken)
    assert "names in a form that cannot be read" in failure.problem


def test_an_answer_shorter_than_promised_is_a_broken_connection():
    failure = failure_before(always(b'HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"services":'))

    assert isinstance(failure, BackendUnreachable)
    assert "hung up in the middle of its answer" in failure.problem
    assert "ask for a shorter period" in failure.advice


def test_a_server_that_does_not_speak_http_is_told_apart():
    failure = failure_before(always(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00"))

    assert isinstance(failure, BackendUnreachable)
    assert "one for gRPC or HTTPS looks like this" in failure.advice


def test_a_server_without_tls_is_not_asked_for_plain_text():
    failure = failure_before(always(SERVICES), url="jaeger+https://127.0.0.1:{port}")

    assert isinstance(failure, UnusableAddress)
    assert "leave https out of the scheme" in failure.advice


def test_a_redirect_to_another_server_is_not_followed():
    elsewhere = response(302, location="https://user:pw@login.example.com/start?next=/api")

    failure = failure_before(always(elsewhere), environment={"TRACEWHY_BACKEND_TOKEN": "s3cret"})

    assert isinstance(failure, BackendBroken)
    assert "sends us to another server (https://login.example.com)" in failure.problem
    assert "login page" in failure.advice
    assert "pw" not in str(failure)


def test_a_redirect_on_the_same_server_is_followed():
    async def with_a_slash(request, writer):
        moved = response(301, location="/api/v3/services/")
        writer.write(SERVICES if request.path.endswith("/") else moved)

    services, _ = asked_jaeger(with_a_slash, lambda backend: backend.services())

    assert services == ("checkout",)


def test_redirects_in_a_circle_end():
    failure = failure_before(always(response(302, location="/api/v3/services")))

    assert isinstance(failure, BackendBroken)
    assert "in a circle" in failure.problem


def test_a_redirect_to_nowhere_is_no_answer():
    failure = failure_before(always(response(302)))

    assert isinstance(failure, BackendBroken)
    assert "that is no answer" in failure.problem


def test_what_may_pass_is_asked_again():
    answers = iter([response(503), b"", SERVICES, SERVICES])

    async def recovering(request, writer):
        writer.write(next(answers))

    services, requests = asked_jaeger(recovering, lambda backend: backend.services())

    assert services == ("checkout",)
    assert len(requests) == 4


def test_what_will_not_pass_is_asked_once():
    asked_for = []

    async def refusing(request, writer):
        asked_for.append(request.path)
        writer.write(response(403))

    failure_before(refusing)

    assert asked_for == ["/api/v3/services"]


def test_patience_ends():
    asked_for = []

    async def overloaded(request, writer):
        asked_for.append(request.path)
        writer.write(response(503))

    failure = failure_before(overloaded)

    assert isinstance(failure, BackendOverloaded)
    assert len(asked_for) == 3
