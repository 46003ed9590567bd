"""The Web API as the bot finds it behind the proxy: tokens, what the program lacks, and trouble on demand."""

import asyncio

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

pytestmark = pytest.mark.server

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "x"}}


@pytest.fixture
def ask(local_slack):
    """Runs calls of the bot's client against an empty Slack."""

    def run(calls, token=None):
        async def with_client():
            async with local_slack() as slack:
                client = AsyncWebClient(
                    token=slack.bot_token if token is None else token,
                    base_url=slack.base_url,
                    timeout=60,
                    retry_handlers=[],
                )
                return await calls(slack, client)

        return asyncio.run(with_client())

    return run


async def error_of(call):
    """Slack's name for what was wrong."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response["error"]


@pytest.mark.parametrize(
    ("token", "error"),
    [("", "not_authed"), ("xoxb-wrong", "invalid_auth"), ("xapp-1-local-slack", "not_allowed_token_type")],
)
def test_a_token_that_is_missing_wrong_or_of_another_kind_is_refused(ask, token, error):
    async def calls(slack, client):
        return await error_of(client.chat_postMessage(channel="C01GEN", text="x"))

    assert ask(calls, token=token) == error


def test_sockets_are_opened_with_the_apps_token_only_and_each_address_once(ask):
    async def calls(slack, client):
        refused = await error_of(client.apps_connections_open(app_token=slack.bot_token))
        opened = await client.apps_connections_open(app_token=slack.app_token)
        async with aiohttp.ClientSession() as session:
            async with session.ws_connect(opened["url"]) as socket:
                hello = await socket.receive_json()
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(opened["url"])
        return refused, hello["type"]

    assert ask(calls) == ("not_allowed_token_type", "hello")


def test_who_the_bot_is_and_what_it_may(ask):
    async def calls(slack, client):
        return await client.auth_test()

    answer = ask(calls)

    assert (answer["team_id"], answer["user_id"]) == ("T01LOCAL", "U0BOT")
    assert "chat:write" in answer.headers["x-oauth-scopes"]


@pytest.mark.parametrize(
    ("channel", "error"),
    [("C03ALONE", "not_in_channel"), ("C99NONE", "channel_not_found"), ("C02OPS", "is_archived")],
)
def test_where_the_bot_cannot_write(ask, channel, error):
    async def calls(slack, client):
        slack.archive("C02OPS")
        return await error_of(client.chat_postMessage(channel=channel, text="x"))

    assert ask(calls) == error


def test_a_bad_message_is_refused_says_where_and_is_written_down(ask):
    async def calls(slack, client):
        blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]
        with pytest.raises(SlackApiError) as caught:
            await client.chat_postMessage(channel="C01GEN", text="x", blocks=blocks)
        return caught.value.response, slack.refused, await slack.messages("C01GEN")

    response, (refused,), messages = ask(calls)

    assert response["error"] == refused.error == "invalid_blocks"
    assert "/blocks/0/text/text" in response["response_metadata"]["messages"][0]
    assert messages == []


def test_metadata_is_kept_and_blocks_get_ids(ask):
    async def calls(slack, client):
        metadata = {"event_type": "asked", "event_payload": {"report": "r1"}}
        posted = await client.chat_postMessage(
            channel="C01GEN", text="x", blocks=[SECTION], metadata=metadata
        )
        return await slack.message_at("C01GEN", posted["ts"])

    message = ask(calls)

    assert message["metadata"]["event_payload"] == {"report": "r1"}
    assert message["blocks"][0]["block_id"]


def test_an_update_keeps_the_blocks_it_does_not_name(ask):
    async def calls(slack, client):
        posted = await client.chat_postMessage(channel="C01GEN", text="x", blocks=[SECTION])
        await client.chat_update(channel="C01GEN", ts=posted["ts"], text="y")
        return await slack.message_at("C01GEN", posted["ts"])

    message = ask(calls)

    assert (message["text"], len(message["blocks"])) == ("y", 1)


def test_what_is_gone_is_not_the_bots_or_was_seen_by_one_only_cannot_be_changed(ask):
    async def calls(slack, client):
        posted = await client.chat_postMessage(channel="C01GEN", text="x")
        await slack.remove("C01GEN", posted["ts"])
        slack.ack_s = 0.01  # nobody is there to hear of the message
        other = await slack.message("U01ALICE", "C01GEN", "hello")
        alone = await client.chat_postEphemeral(channel="C01GEN", user="U01ALICE", text="x")
        return [
            await error_of(client.chat_update(channel="C01GEN", ts=ts, text="y"))
            for ts in (posted["ts"], other, alone["message_ts"])
        ]

    assert ask(calls) == ["message_not_found", "cant_update_message", "message_not_found"]


def test_a_stream_grows_and_ends_with_blocks(ask):
    async def calls(slack, client):
        root = await client.chat_postMessage(channel="C01GEN", text="x")
        whom = {"recipient_team_id": "T01LOCAL", "recipient_user_id": "U01ALICE"}
        place = {"channel": "C01GEN", "thread_ts": root["ts"]}
        unnamed = await error_of(client.chat_startStream(**place))
        stream = await client.chat_startStream(**place, **whom, markdown_text="Reading")
        at = {"channel": "C01GEN", "ts": stream["ts"]}
        await client.chat_appendStream(**at, chunks=[{"type": "markdown_text", "text": " spans"}])
        growing = await slack.message_at("C01GEN", stream["ts"])
        await client.chat_stopStream(**at, markdown_text="…", blocks=[SECTION])
        closed = await error_of(client.chat_appendStream(**at, markdown_text="x"))
        return unnamed, growing, await slack.message_at("C01GEN", stream["ts"]), closed

    unnamed, growing, ended, closed = ask(calls)

    assert (unnamed, closed) == ("missing_recipient_team_id", "message_not_in_streaming_state")
    assert (growing["text"], growing["streaming"]) == ("Reading spans", True)
    assert (ended["text"], len(ended["blocks"])) == ("Reading spans…", 1)


def test_methods_that_the_program_lacks_are_answered(ask):
    async def calls(slack, client):
        channel = await slack.dm_channel("U01ALICE")
        await client.assistant_threads_setStatus(channel_id=channel, thread_ts="1.1", status="is reading…")
        prompts = [{"title": "Slowest", "message": "slowest"}]
        await client.assistant_threads_setSuggestedPrompts(channel_id=channel, prompts=prompts)
        group = await client.usergroups_users_list(usergroup="S01ONCALL")
        valid = await client.blocks_validate(blocks=[SECTION])
        invalid = await error_of(client.blocks_validate(blocks=[{"type": "section"}]))
        info = await client.conversations_info(channel="C03ALONE")
        seen = slack.status(channel, "1.1"), slack.prompts(channel)
        return seen, group["users"], valid["ok"], invalid, info["channel"]["is_member"], slack.refused

    assert ask(calls) == (
        ("is reading…", [{"title": "Slowest", "message": "slowest"}]),
        ["U01ALICE"],
        True,
        "invalid_blocks",
        False,
        [],
    )


def test_a_file_can_be_shown_in_a_block_only_when_its_upload_is_complete(ask):
    async def calls(slack, client):
        uploaded = await client.files_upload_v2(filename="w.png", content=b"\x89PNG", title="Waterfall")
        name = uploaded["files"][0]["id"]
        image = {"type": "image", "slack_file": {"id": name}, "alt_text": "a waterfall"}
        early = await error_of(client.chat_postMessage(channel="C01GEN", text="x", blocks=[image]))
        seen = [(await client.files_info(file=name))["file"]["mimetype"] for _ in range(2)]
        posted = await client.chat_postMessage(channel="C01GEN", text="x", blocks=[image])
        return early, seen, posted["ok"]

    assert ask(calls) == ("invalid_blocks", ["", "image/png"], True)


def test_trouble_comes_when_asked_for_and_then_no_more(ask):
    async def calls(slack, client):
        slack.play(429, method="chat.postMessage", retry_after_s=7)
        slack.play("token_revoked")
        with pytest.raises(SlackApiError) as limited:
            await client.chat_postMessage(channel="C01GEN", text="x")
        revoked = await error_of(client.chat_postMessage(channel="C01GEN", text="x"))
        posted = await client.chat_postMessage(channel="C01GEN", text="x")
        return limited.value.response, revoked, posted["ok"]

    limited, revoked, ok = ask(calls)

    assert (limited.status_code, limited["error"], limited.headers["retry-after"]) == (
        429,
        "ratelimited",
        "7",
    )
    assert (revoked, ok) == ("token_revoked", True)


@pytest.mark.parametrize(
    ("trouble", "error", "stored"),
    [
        (503, SlackApiError, 0),
        ("drop", aiohttp.ClientError, 0),
        ("timeout", asyncio.TimeoutError, 0),
        ("lost_answer", aiohttp.ClientError, 1),
    ],
)
def test_the_network_fails_as_asked(ask, trouble, error, stored):
    async def calls(slack, client):
        slack.play(trouble)
        if trouble == "timeout":
            client.timeout = 1
        with pytest.raises(error):
            await client.chat_postMessage(channel="C01GEN", text="x")
        return len(await slack.messages("C01GEN"))

    assert ask(calls) == stored
