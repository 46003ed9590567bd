"""A log of everything, in which no secret stands."""

from __future__ import annotations

import asyncio
import io
import logging
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt.middleware.request_verification.async_request_verification import AsyncRequestVerification
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.redaction import LEFT_OUT, Redaction, redact_logs

CONFIGURED = "s3cr3t/with:odd@characters"
LEAKS = [
    "xoxb-123-456-HIDDEN",
    "xapp-1-A0-123-HIDDEN",
    "xoxp-1-HIDDEN",
    "xoxe.xoxp-1-HIDDEN",
    "{'token': 'HIDDEN'}",
    '{"bot_token": "HIDDEN", "a": 1}',
    "signing_secret=HIDDEN",
    "SecretStr: password: HIDDEN",
    "Authorization: Bearer HIDDEN-123",
    "authorization: Basic HIDDEN123",
    "{'Authorization': 'Bearer HIDDEN12'}",
    "headers=[(b'authorization', b'Bearer HIDDEN12')]",
    "bearer HIDDEN123",
    "postgresql://bot:HIDDEN@db/tracewhy",
    "jaeger+https://HIDDEN@jaeger.example",
    "wss://wss-primary.slack.com/link/?ticket=HIDDEN&app_id=1",
    "https://hooks.slack.com/commands/T1/2/HIDDEN",
    "https://jaeger.example/?api_key=HIDDEN",
    f"v0={'a2' * 32}",
    f"the url has {CONFIGURED}",
    "and in a url s3cr3t%2Fwith%3Aodd%40characters",
    "TRACEWHY_SLACK__APP_TOKEN=HIDDEN",
    "Set-Cookie: HIDDEN",
]
HARMLESS = [
    "The store at jaeger://127.0.0.1:16686 took too long.",
    "3 tokens were counted, no secret among them",
    "https://jaeger.example/trace/4bf92f3577b34da6a3ce929d0e0e4736?span=1",
    "basic authentication failed",
    "mail ann@example.com or ask in #sre",
    "SELECT cards run 30 times",
]


@pytest.fixture
def log():
    """Everything that is logged, as a handler that knows nothing of redaction writes it."""
    undo = redact_logs(Redaction([CONFIGURED]))
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)
    undo()


def fail(said):
    raise ValueError(said) from KeyError(said)


def leaked(stream):
    text = stream.getvalue()
    assert text
    return [word for word in ("HIDDEN", CONFIGURED, "s3cr3t", "a2a2a2") if word in text]


@pytest.mark.parametrize("leak", LEAKS)
def test_no_secret_stands_in_a_message_an_argument_or_an_exception(log, leak):
    logger = logging.getLogger("anybody")
    logger.debug(leak)
    logger.warning("It said %s and %r.", leak, {"said": leak})
    try:
        fail(leak)
    except ValueError:
        logger.exception("It broke: %s", leak, stack_info=True)

    assert leaked(log) == []
    assert "ValueError" in log.getvalue()


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_stays(text):
    assert Redaction([CONFIGURED])(text) == text


def test_a_configured_secret_goes_wherever_it_stands():
    assert Redaction(["abc", "abcd", "abcdef"])("abc abcd abcdef") == f"abc {LEFT_OUT} {LEFT_OUT}"


def test_the_password_of_a_configured_address_goes_alone_too():
    redact = Redaction(["postgresql://bot:p%40ss-word@db/tracewhy"])

    assert redact("p@ss-word and p%40ss-word") == f"{LEFT_OUT} and {LEFT_OUT}"


def test_an_undone_redaction_is_gone(log):
    before = logging.getLogRecordFactory()
    redact_logs(Redaction())()

    assert logging.getLogRecordFactory() is before


def test_a_message_that_does_not_fit_its_arguments_breaks_nothing(log):
    logging.getLogger("anybody").info("%d", "xoxb-HIDDEN")

    assert log.getvalue() == "A log message could not be written (TypeError).\n"


def test_a_request_with_a_wrong_signature_is_logged_without_its_body(log):
    async def go_on():
        return BoltResponse(status=200)

    async def refused():
        request = AsyncBoltRequest(
            body="token=x&text=what+we+discuss",
            headers={"x-slack-signature": f"v0={'a2' * 32}", "x-slack-request-timestamp": "1"},
        )
        verification = AsyncRequestVerification("signing", base_logger=logging.getLogger())
        return await verification.async_process(req=request, resp=BoltResponse(status=200), next=go_on)

    response = asyncio.run(refused())

    assert response.status == 401
    assert "Invalid request signature detected" in log.getvalue()
    assert "discuss" not in log.getvalue()
    assert leaked(log) == []


@given(st.text(max_size=300))
def test_redacting_twice_changes_nothing_more(text):
    redact = Redaction([CONFIGURED])

    assert redact(redact(text)) == redact(text)


@pytest.mark.parametrize(
    "unit", ["://a", "token=", "token", "x" * 50, "'token': '", "a-token_", "://" + "a" * 40]
)
def test_a_long_text_is_redacted_quickly(unit):
    text = unit * (200_000 // len(unit))
    begun = time.process_time()

    Redaction([CONFIGURED])(text)

    assert time.process_time() - begun < 2
