"""What goes wrong in Slack, in the trace store, and in what people send: each is answered, or waited out."""

import asyncio

import pytest

from backends.errors import BackendRefused, BackendTimeout, BackendUnreachable
from bot.slack.seen import Seen
from bot.slack.workspace import SlackRefused
from bot.stores.errors import StateUnreachable
from renderers.slack.actions import SHARE, SHOW_TRACE
from tests.bot.slack.scene import (
    ALICE,
    GENERAL,
    NOON,
    WITHOUT_BOT,
    ShopBackend,
    clickable,
    ids,
    in_slack,
    words,
)

pytestmark = pytest.mark.server

ASKED_WITH = {"type": "app_mention", "user": ALICE, "channel": GENERAL, "text": "<@U0BOT> slowest last 1h"}


def test_a_duplicate_delivery_is_answered_once(here):
    async def talk(at):
        at.slack.play("duplicate", 2)
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        await at.reply(GENERAL, asked)
        await at.quiet()
        return await at.slack.thread(GENERAL, asked)

    assert len(in_slack(here, talk)) == 1


def test_a_delivery_seen_before_a_restart_is_known_after_it(here):
    async def talk(at):
        before, after = Seen(at.state.events), Seen(at.state.events)
        return [await seen.first_time("message:C1:1.0", NOON) for seen in (before, before, after)]

    assert in_slack(here, talk) == [True, False, False]


def test_too_many_requests_are_waited_out(here):
    async def talk(at):
        at.slack.play(429, 1, method="chat.postMessage")
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        return await at.reply(GENERAL, asked)

    assert "400 ms" in words(in_slack(here, talk))


def test_an_answer_whose_delivery_nobody_confirmed_is_not_given_twice(here):
    async def talk(at):
        at.slack.play("lost_answer", 1, method="chat.postMessage")
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        await at.reply(GENERAL, asked)
        await at.quiet()
        return await at.replies(GENERAL, asked)

    replies = in_slack(here, talk)

    assert len(replies) == 1
    assert "400 ms" in words(replies[0])


@pytest.mark.parametrize("trouble", [500, 503])
def test_a_slack_that_stumbles_is_asked_again(here, trouble):
    async def talk(at):
        at.slack.play(trouble, 2, method="chat.postMessage")
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        return await at.reply(GENERAL, asked)

    assert "400 ms" in words(in_slack(here, talk))


def test_a_dropped_socket_is_opened_again(here):
    async def talk(at):
        await at.slack.drop_sockets()
        await at.slack.wait_for_socket()
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        return await at.reply(GENERAL, asked)

    assert "400 ms" in words(in_slack(here, talk))


def test_a_socket_that_could_not_be_opened_is_tried_at_another_address(here, monkeypatch):
    monkeypatch.setattr("bot.slack.socket.ATTEMPT_S", 1.0)

    async def talk(at):
        at.slack.play("no_socket", 2)
        await at.slack.drop_sockets()
        await at.slack.wait_for_socket()
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        return await at.reply(GENERAL, asked)

    assert "400 ms" in words(in_slack(here, talk))


def test_a_slack_that_stumbles_at_the_first_question_loses_none(here):
    async def talk(at):
        at.slack.play(500, 20, method="auth.test")
        await at.slack.command("/trace", "slowest last 1h", ALICE, GENERAL)
        return await at.whispered(ALICE)

    assert "400 ms" in words(in_slack(here, talk)[0])


def test_an_app_token_that_is_not_accepted_at_start_is_said(here):
    def revoke(slack):
        slack.play("invalid_auth", 5, method="apps.connections.open")

    with pytest.raises(SlackRefused, match="TRACEWHY_SLACK__APP_TOKEN"):
        in_slack(here, nothing, before_start=revoke)


def test_an_answer_whose_message_was_deleted_is_posted_anew(here):
    gate = asyncio.Event()

    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        seen = (await at.slack.wait_for(lambda: at.slack.thread(GENERAL, asked)))[0]
        await at.slack.remove(GENERAL, seen["ts"])
        gate.set()
        return seen, await at.reply(GENERAL, asked)

    seen, reply = in_slack(here, talk, backend=ShopBackend(gate=gate))

    assert reply["ts"] != seen["ts"]
    assert "400 ms" in words(reply)


def test_what_cannot_be_shared_says_how_to_let_the_bot_in(here):
    async def talk(at):
        await at.slack.command("/trace", "slowest last 1h", ALICE, WITHOUT_BOT)
        whispered = (await at.whispered(ALICE))[0]
        await at.slack.click(ALICE, WITHOUT_BOT, whispered["ts"], clickable(whispered, SHARE))
        return await at.whispered(ALICE, at_least=2)

    whispered = in_slack(here, talk)

    assert "400 ms" in words(whispered[0])
    assert "Invite me with /invite" in words(whispered[1])


def test_an_archived_channel_is_said_to_the_asker(here):
    async def talk(at):
        await at.slack.command("/trace", "slowest last 1h", ALICE, GENERAL)
        whispered = (await at.whispered(ALICE))[0]
        at.slack.archive(GENERAL)
        await at.slack.click(ALICE, GENERAL, whispered["ts"], clickable(whispered, SHARE))
        return await at.whispered(ALICE, at_least=2)

    assert "archived" in words(in_slack(here, talk)[1])


def test_a_channel_that_is_archived_while_the_answer_is_made_is_said_in_a_direct_message(here):
    gate = asyncio.Event()

    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        await at.slack.wait_for(lambda: at.slack.thread(GENERAL, asked))
        at.slack.archive(GENERAL)
        gate.set()
        return await at.direct(ALICE)

    assert "That channel is archived." in words(in_slack(here, talk, backend=ShopBackend(gate=gate))[0])


def test_a_channel_that_the_bot_may_not_post_in_is_said_to_the_asker(here):
    async def talk(at):
        at.slack.play("restricted_action", 2, method="chat.postMessage")
        await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        return await at.whispered(ALICE)

    assert "I may not post in that channel." in words(in_slack(here, talk)[0])


def test_a_revoked_token_is_logged_with_what_to_do(here, caplog):
    async def talk(at):
        at.slack.play("token_revoked", 5, method="chat.postMessage")
        await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        await at.quiet()

    in_slack(here, talk)

    assert "TRACEWHY_SLACK__BOT_TOKEN" in caplog.text


def test_a_token_that_is_not_accepted_at_start_is_said(here):
    def revoke(slack):
        slack.play("token_revoked", 5, method="auth.test")

    with pytest.raises(SlackRefused, match="Install the app anew"):
        in_slack(here, nothing, before_start=revoke)


async def nothing(at):
    """Nobody says anything."""


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (BackendUnreachable("jaeger cannot be reached.", "Wait and retry."), "Wait and retry."),
        (BackendTimeout("jaeger took too long.", "Ask for less."), "Ask for less."),
        (BackendRefused("jaeger refused.", "Check its token."), "Check its token."),
    ],
)
def test_a_trace_store_in_trouble_is_an_answer_with_advice(here, error, advice):
    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        return await at.reply(GENERAL, asked)

    said = words(in_slack(here, talk, backend=ShopBackend(error=error)))

    assert error.problem in said
    assert advice in said


def test_a_trace_store_that_takes_too_long_is_given_up(here):
    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        return await at.reply(GENERAL, asked)

    reply = in_slack(here, talk, backend=ShopBackend(gate=asyncio.Event()), answer_timeout_s=0.7)

    assert "took too long" in words(reply)


def test_a_mistake_of_ours_is_said_and_logged(here, caplog):
    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        return await at.reply(GENERAL, asked)

    reply = in_slack(here, talk, backend=ShopBackend(error=ZeroDivisionError()))

    assert "a mistake of my own (ZeroDivisionError)" in words(reply)
    assert "ZeroDivisionError" in caplog.text


def test_stopping_the_bot_says_so_to_whoever_waits(here):
    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        await at.slack.wait_for(lambda: at.slack.thread(GENERAL, asked))
        await at.bot.__aexit__(None, None, None)
        return await at.reply(GENERAL, asked)

    assert in_slack(here, talk, backend=ShopBackend(gate=asyncio.Event()))["text"] == "Stopped."


class StateThatIsDown:
    """Every part of it fails."""

    def __getattr__(self, part):
        return self

    async def down(self, *arguments):
        raise StateUnreachable("The state is gone.", "Look for it.")

    first_time = keep = get = put = note = recent = give = down


def test_without_its_state_the_bot_still_answers(here):
    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        return await at.reply(GENERAL, asked)

    reply = in_slack(here, talk, state=StateThatIsDown())

    assert "400 ms" in words(reply)
    assert ids(reply) == []


def test_other_bots_are_ignored(here):
    async def talk(at):
        await at.slack.bot_message(GENERAL, "<@U0BOT> slowest last 1h")
        await at.quiet()
        return at.backend.asked, await at.slack.messages(GENERAL)

    assert in_slack(here, talk) == ([], [])


@pytest.mark.parametrize(
    "said",
    [
        "x" * 10_000,
        "slowest \u202egnp.exe last 1h",
        "```slowest last 1h```",
        "slowest 🔥🔥 last 1h",
        "find user=<!channel> last 1h",
        "&lt;!channel&gt; slowest &amp;amp; last 1h",
        "/etc/passwd",
        "file:///etc/passwd",
        "\u0000\u0007 slowest",
    ],
)
def test_whatever_is_typed_is_answered_in_valid_words(here, said):
    async def talk(at):
        await at.slack.command("/trace", said, ALICE, GENERAL)
        return (await at.whispered(ALICE))[0]

    answer = in_slack(here, talk)

    assert answer["text"]
    assert "<!channel>" not in answer["text"]
    assert "root:" not in words(answer)


@pytest.mark.parametrize("value", ["nonsense", "unknown:0", "a:b:c", "x" * 1_900, "../../etc:1"])
def test_a_forged_value_leads_nowhere(here, value):
    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        reply = await at.reply(GENERAL, asked)
        await at.click_forged(ALICE, GENERAL, reply["ts"], f"{SHOW_TRACE}.1", value)
        return (await at.whispered(ALICE))[0], await at.replies(GENERAL, asked)

    whispered, replies = in_slack(here, talk)

    assert "Ask the question again." in words(whispered)
    assert len(replies) == 1


def test_a_wrong_signature_an_old_one_and_a_replay_are_refused(here):
    async def talk(at):
        asked = await at.slack.message(ALICE, GENERAL, "nothing yet")
        envelope = at.slack.envelope({**ASKED_WITH, "ts": asked, "event_ts": asked})
        forged = await at.slack.deliver(envelope, secret="wrong")
        old = await at.slack.deliver(envelope, age_s=301)
        taken = await at.slack.deliver(envelope)
        replayed = await at.slack.deliver(envelope)
        await at.reply(GENERAL, asked)
        return [one.problem[:8] for one in (forged, old, taken, replayed)]

    assert in_slack(here, talk, mode="http", lets_be_late=True) == ["HTTP 401", "HTTP 401", "", "HTTP 401"]
