"""A small Bolt app, in both modes: what it hears and says goes through the proxy."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

pytestmark = pytest.mark.server


def small_app(slack):
    """Answers a mention in its thread, a command with a button, a click, and shows a form and a Home."""
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.base_url)
    app = AsyncApp(client=client, signing_secret=slack.signing_secret)

    @app.event("app_mention")
    async def mentioned(event, say):
        await say(text=f"heard: {event['text']}", thread_ts=event["ts"])

    @app.event("message")
    async def message(event, say):
        if event["channel_type"] == "im":
            await say(text=f"alone: {event['text']}")

    @app.command("/trace")
    async def command(ack, respond, command):
        await ack("Looking…")
        button = {
            "type": "button",
            "action_id": "more",
            "value": "7",
            "text": {"type": "plain_text", "text": "More"},
        }
        await respond(text=command["text"], blocks=[{"type": "actions", "elements": [button]}])

    @app.action("more")
    async def more(ack, respond, action, body, client):
        await ack()
        await respond(text=f"more of {action['value']}", replace_original=True, blocks=[])
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.options("service")
    async def options(ack, payload):
        option = {"text": {"type": "plain_text", "text": payload["value"] + "out"}, "value": "checkout"}
        await ack(options=[option])

    @app.view("asked")
    async def asked(ack, view, client, body):
        values = {key: each for block in view["state"]["values"].values() for key, each in block.items()}
        await ack()
        await client.chat_postMessage(
            channel=body["user"]["id"], text=f"asked: {values['question']['value']}"
        )

    @app.event("app_home_opened")
    async def home(event, client):
        section = {"type": "section", "text": {"type": "mrkdwn", "text": "Welcome"}}
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section]})

    @app.event("link_shared")
    async def unfurl(event, client):
        section = {"type": "section", "text": {"type": "mrkdwn", "text": "A trace"}}
        unfurls = {each["url"]: {"blocks": [section]} for each in event["links"]}
        await client.chat_unfurl(channel=event["channel"], ts=event["message_ts"], unfurls=unfurls)

    return app


def plain(text):
    return {"type": "plain_text", "text": text}


SERVICE = {"type": "external_select", "action_id": "service", "min_query_length": 1}
FORM = {
    "type": "modal",
    "callback_id": "asked",
    "title": plain("Ask"),
    "submit": plain("Ask"),
    "blocks": [
        {
            "type": "input",
            "label": plain("Question"),
            "element": {"type": "plain_text_input", "action_id": "question"},
        },
        {"type": "input", "label": plain("Service"), "optional": True, "element": SERVICE},
    ],
}


UNHURRIED_S = 60.0
"""What may take three seconds in Slack: how long it takes here says how busy the machine is."""


@asynccontextmanager
async def over_sockets(slack):
    client = AsyncWebClient(token=slack.app_token, base_url=slack.base_url)
    handler = AsyncSocketModeHandler(small_app(slack), slack.app_token, web_client=client)
    await handler.connect_async()
    await slack.wait_for_socket()
    yield
    await handler.close_async()


@asynccontextmanager
async def over_requests(slack):
    runner = web.AppRunner(small_app(slack).server(port=0, path="/slack/events").web_app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    slack.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield
    await runner.cleanup()


@pytest.fixture(params=[over_sockets, over_requests], ids=["socket", "http"])
def talk(request, local_slack):
    """Runs a conversation with the app; afterwards nothing was refused and nothing was late."""

    def run(conversation):
        async def with_app():
            async with local_slack() as slack, request.param(slack):
                slack.ack_s = slack.trigger_s = UNHURRIED_S
                result = await conversation(slack)
                assert (slack.refused, slack.late) == ([], [])
                return result

        return asyncio.run(with_app())

    return run


def test_a_mention_is_answered_in_its_thread(talk):
    async def conversation(slack):
        asked = await slack.mention("U01ALICE", "C01GEN", "slowest checkout")
        return await slack.wait_for(lambda: slack.thread("C01GEN", asked))

    (reply,) = talk(conversation)

    assert reply["text"] == "heard: <@U0BOT> slowest checkout"


def test_a_direct_message_is_answered_where_it_was_asked(talk):
    async def conversation(slack):
        await slack.dm("U02BOB", "hello")
        channel = await slack.dm_channel("U02BOB")
        await slack.wait_for(lambda: said(slack, channel, 2))
        return await slack.messages(channel)

    _, reply = talk(conversation)

    assert reply["text"] == "alone: hello"


async def said(slack, channel, count):
    return len(await slack.messages(channel)) >= count


async def answer_with_button(slack):
    return next((each for each in await slack.ephemerals("U01ALICE") if "blocks" in each), None)


def test_a_command_is_answered_to_the_asker_alone_and_its_button_replaces_the_answer(talk):
    async def conversation(slack):
        await slack.command("/trace", "slowest", "U01ALICE", "C01GEN")
        answer = await slack.wait_for(lambda: answer_with_button(slack))
        await slack.click("U01ALICE", "C01GEN", answer["ts"], "more")
        await slack.wait_for(lambda: modal(slack))
        return await slack.ephemerals("U01ALICE"), await slack.messages("C01GEN")

    seen_by_asker, seen_by_all = talk(conversation)

    assert {each["text"] for each in seen_by_asker} == {"Looking…", "more of 7"}
    assert seen_by_all == []


async def modal(slack):
    return slack.modal("U01ALICE")


def test_a_form_offers_what_was_typed_and_is_answered(talk):
    async def conversation(slack):
        await slack.command("/trace", "slowest", "U01ALICE", "C01GEN")
        answer = await slack.wait_for(lambda: answer_with_button(slack))
        await slack.click("U01ALICE", "C01GEN", answer["ts"], "more")
        await slack.wait_for(lambda: modal(slack))
        offered = await slack.options("U01ALICE", "service", "check")
        await slack.submit_view("U01ALICE", {"question": "why?", "service": "checkout"})
        channel = await slack.dm_channel("U01ALICE")
        return offered, await slack.wait_for(lambda: slack.messages(channel)), slack.modal("U01ALICE")

    (option,), (message,), left_open = talk(conversation)

    assert option["text"]["text"] == "checkout"
    assert message["text"] == "asked: why?"
    assert left_open is None


def test_a_home_is_published_and_a_link_is_unfurled(talk):
    async def conversation(slack):
        await slack.open_home("U02BOB")
        ts = await slack.share_link("U02BOB", "C01GEN", "https://jaeger.local/trace/1")
        await slack.wait_for(lambda: unfurled(slack, ts))
        return slack.home("U02BOB"), await unfurled(slack, ts)

    home, unfurls = talk(conversation)

    assert home["blocks"][0]["text"]["text"] == "Welcome"
    assert list(unfurls) == ["https://jaeger.local/trace/1"]


async def unfurled(slack, ts):
    return (await slack.message_at("C01GEN", ts)).get("unfurls")
