"""`tracewhy serve` with tokens: spans come in, and people in Slack ask about them."""

import asyncio
import signal

import httpx
import pytest

from demo.local_slack.slack import LocalSlack
from tests.backends.embedded.sending import PROTOBUF, request_of
from tests.bot.cli.serving import serving
from tests.bot.slack.scene import ALICE, GENERAL, is_progress, words

pytestmark = pytest.mark.server

TRACE = "ab" * 16


def settings_of(slack, **more):
    return {
        "TRACEWHY_SLACK__BOT_TOKEN": slack.bot_token,
        "TRACEWHY_SLACK__APP_TOKEN": slack.app_token,
        "TRACEWHY_SLACK__API_URL": slack.base_url,
        **more,
    }


def served_in_slack(program, folder, talk, **more):
    """What a talk with a server in a process of its own comes to, and how that ended."""

    async def run():
        async with LocalSlack(program) as slack:
            server = serving(folder, **settings_of(slack, **more))
            at = await asyncio.to_thread(server.__enter__)
            try:
                came = await talk(slack, at)
                return came, await asyncio.to_thread(at.stop, signal.SIGTERM)
            finally:
                server.__exit__(None, None, None)

    return asyncio.run(run())


def test_what_was_received_is_answered_in_slack(program, tmp_path):
    async def talk(slack, server):
        body = request_of(3, service="web").SerializeToString()
        headers = {"content-type": PROTOBUF}
        await asyncio.to_thread(httpx.post, server.traces_url, content=body, headers=headers, trust_env=False)
        await slack.wait_for_socket()
        asked = await slack.mention(ALICE, GENERAL, TRACE)

        async def finished():
            thread = await slack.thread(GENERAL, asked)
            return thread if thread and not is_progress(thread[-1]) else None

        return await slack.wait_for(finished, 30), server.greeting

    (thread, greeting), (status, _, errors) = served_in_slack(program, tmp_path, talk)

    assert "connected to Slack by Socket Mode" in greeting
    assert "GET /cart" in words(thread[-1])
    assert (status, errors) == (0, "")


def test_a_token_that_slack_refuses_switches_slack_off_and_nothing_else(program, tmp_path):
    async def talk(slack, server):
        return server.greeting

    greeting, (status, _, _) = served_in_slack(
        program, tmp_path, talk, TRACEWHY_SLACK__BOT_TOKEN="xoxb-somebody-elses"
    )

    assert "Slack is off: Slack no longer accepts the app's token." in greeting
    assert "xoxb-somebody-elses" not in greeting
    assert "OTLP over gRPC" in greeting
    assert status == 0


def test_a_missing_token_is_named(program, tmp_path):
    async def talk(slack, server):
        return server.greeting

    greeting, _ = served_in_slack(program, tmp_path, talk, TRACEWHY_SLACK__APP_TOKEN="")

    assert "Slack is off: slack.app_token missing" in greeting


def test_without_tokens_it_says_how_to_switch_slack_on(tmp_path):
    with serving(tmp_path) as server:
        greeting = server.greeting

    assert "Slack is off: set TRACEWHY_SLACK__BOT_TOKEN" in greeting
