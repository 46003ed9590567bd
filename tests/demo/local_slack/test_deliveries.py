"""What the bot is told, how soon it must say that it heard, and what it can rely on."""

import asyncio
import time
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from demo.local_slack.memory import Memory, ResponseUrl, Trigger

pytestmark = pytest.mark.server


class Bot:
    """Takes requests as a bot in HTTP mode does, and answers with `answer`."""

    def __init__(self, answer):
        self._answer = answer
        self.requests = []

    async def take(self, request):
        body = await request.text()
        self.requests.append((dict(request.headers), body))
        return await self._answer(len(self.requests))


@asynccontextmanager
async def listening(bot):
    application = web.Application()
    application.add_routes([web.post("/slack/events", bot.take)])
    runner = web.AppRunner(application, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    await runner.cleanup()


@pytest.fixture
def told(local_slack):
    """Runs what people do with a bot that answers so; gives back what it was told, and the Slack."""

    def run(people, answer):
        async def with_bot():
            bot = Bot(answer)
            async with listening(bot) as url, local_slack(mode="http", request_url=url) as slack:
                slack.ack_s = PATIENCE_S if answer is silence else UNHURRIED_S
                await people(slack)
                return bot.requests, slack

        return asyncio.run(with_bot())

    return run


PATIENCE_S, UNHURRIED_S = 1.0, 60.0
"""With a bot that never answers, and with one that does as soon as this machine lets it."""


async def heard(_number):
    return web.Response()


async def silence(_number):
    await asyncio.Event().wait()


async def failure(number):
    return web.Response(status=500 if number == 1 else 200)


async def a_bad_message(_number):
    return web.json_response({"text": ""} | {"blocks": [{"type": "section"}]})


async def a_message(slack):
    await slack.message("U01ALICE", "C01GEN", "hello")


async def a_command(slack):
    await slack.command("/trace", "slowest", "U01ALICE", "C01GEN")


def test_requests_are_signed_as_slack_signs(told):
    requests, slack = told(a_message, heard)

    ((headers, body),) = requests
    verifier = SignatureVerifier(slack.signing_secret)
    assert verifier.is_valid_request(body, headers)
    assert not verifier.is_valid_request(body + " ", headers)
    assert not SignatureVerifier("another").is_valid_request(body, headers)


def test_an_event_that_is_not_acknowledged_in_time_comes_again_and_is_late(told):
    requests, slack = told(a_message, silence)

    assert [headers.get("X-Slack-Retry-Num") for headers, _ in requests] == [None, "1"]
    assert [each.problem for each in slack.late] == ["no acknowledgement within 1 s"] * 2
    assert slack.acks_ms == []


def test_an_event_that_failed_comes_again_with_the_same_id(told):
    requests, slack = told(a_message, failure)

    (_, first), (headers, second) = requests
    assert first == second
    assert headers["X-Slack-Retry-Reason"] == "http_timeout"
    assert len(slack.acks_ms) == 1


def test_a_command_does_not_come_again(told):
    requests, slack = told(a_command, silence)

    assert len(requests) == 1
    assert [each.kind for each in slack.late] == ["slash_commands"]


def test_a_bad_acknowledgement_is_refused_too(told):
    _, slack = told(a_command, a_bad_message)

    assert [str(each) for each in slack.refused] != []
    assert slack.refused[0].method == "acknowledgement"


def test_events_come_twice_when_asked_for(told):
    async def people(slack):
        slack.play("duplicate")
        await a_message(slack)
        await a_message(slack)

    requests, slack = told(people, heard)

    assert len(requests) == 3
    assert requests[0][1] == requests[1][1]
    assert slack.late == []


def test_forged_old_and_repeated_requests_can_be_sent(told):
    async def people(slack):
        envelope = slack.envelope({"type": "message", "text": "x", "event_ts": "1.1"})
        await slack.deliver(envelope, secret="wrong")
        await slack.deliver(envelope, age_s=301)

    requests, slack = told(people, heard)

    verifier = SignatureVerifier(slack.signing_secret)
    assert [verifier.is_valid_request(body, headers) for headers, body in requests] == [False, False]


def test_a_socket_that_drops_before_the_acknowledgement_gets_the_event_again(local_slack):
    async def conversation():
        async with local_slack() as slack, aiohttp.ClientSession() as session:
            client = AsyncWebClient(token=slack.app_token, base_url=slack.base_url)
            first = await session.ws_connect(
                (await client.apps_connections_open(app_token=slack.app_token))["url"]
            )
            await first.receive_json()
            speaking = asyncio.create_task(slack.message("U01ALICE", "C01GEN", "hello"))
            dropped = await first.receive_json()
            second = await session.ws_connect(
                (await client.apps_connections_open(app_token=slack.app_token))["url"]
            )
            await second.receive_json()
            await first.close()
            again = await second.receive_json()
            await second.send_json({"envelope_id": again["envelope_id"]})
            await speaking
            await second.close()
            return dropped, again, slack

    dropped, again, slack = asyncio.run(conversation())

    assert dropped["payload"] == again["payload"]
    assert again["retry_attempt"] == 1
    assert [each.problem for each in slack.late] == ["the socket closed"]


FORM = {"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": [{"type": "divider"}]}


def test_what_somebody_did_opens_one_form(local_slack):
    async def conversation():
        async with local_slack(mode="http", request_url="http://127.0.0.1:1/") as slack:
            client = AsyncWebClient(token=slack.bot_token, base_url=slack.base_url)
            await a_command(slack)
            trigger = slack.late[0].payload["trigger_id"]
            await client.views_open(trigger_id=trigger, view=FORM)
            with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
                await client.views_open(trigger_id=trigger, view=FORM)
            with pytest.raises(SlackApiError, match="invalid_trigger_id"):
                await client.views_open(trigger_id="1.2.3", view=FORM)
            return slack.modal("U01ALICE")

    assert asyncio.run(conversation())["title"]["text"] == "x"


def test_what_somebody_did_opens_no_form_after_three_seconds():
    memory = Memory()
    memory.triggers["1"] = Trigger("U01ALICE", made_s=time.monotonic() - 3.1)

    assert memory.use_trigger("1") == ("", "expired_trigger_id")


def test_a_response_url_takes_five_answers_for_half_an_hour():
    assert not ResponseUrl("U01ALICE", "C01GEN", uses=4).spent
    assert ResponseUrl("U01ALICE", "C01GEN", uses=5).spent
    assert ResponseUrl("U01ALICE", "C01GEN", made_s=time.monotonic() - 1801).spent
