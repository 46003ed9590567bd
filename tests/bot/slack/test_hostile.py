"""What nobody should send, in spans and from elsewhere: shown as it is, harmless, or refused."""

import logging

import pytest
from msgspec.structs import replace

from analyzers.builder import build_table
from backends.interface import Found
from tests.bot.slack.scene import (
    ALICE,
    FIRST_TRACE,
    GENERAL,
    ShopBackend,
    in_slack,
    words,
)

pytestmark = pytest.mark.server

ATTACKS = (
    "<!channel> <@U02BOB> <https://evil.example|click>",
    "``` *bold* \u202egnp.exe\x00\x1b[2J\n\n" + "x" * 2_000,
    "🛒" * 400,
    "שלום עולם " * 100,
    "'; DROP TABLE spans; -- &lt;!here&gt; {{7*7}} ${jndi:ldap://x}",
)
MARKUP = ("<!", "<@", "<https://evil")
HIDDEN = ("\u202e", "\x1b", "\x00")


class HostileShop(ShopBackend):
    """Every name and message in its spans is an attack."""

    attack = ""

    def _found(self, records):
        names = {"service": f"cart {self.attack}", "operation": self.attack, "message": self.attack}
        return Found(build_table([replace(span, status=2, **names) for span in records]))

    async def services(self):
        return (f"cart {self.attack}",)

    async def operations(self, service):
        return (self.attack,)


@pytest.mark.parametrize("attack", ATTACKS)
def test_injected_text_in_spans_mentions_nobody_and_breaks_no_message(here, attack):
    backend = HostileShop()
    backend.attack = attack

    async def talk(at):
        answers = []
        for question in ("slowest last 1h", "errors last 1h", "operations last 1h", FIRST_TRACE):
            asked = await at.slack.mention(ALICE, GENERAL, question)
            answers.append(await at.reply(GENERAL, asked))
        return answers

    for answer in in_slack(here, talk, backend=backend):
        assert not [
            mark for mark in MARKUP if mark in answer["text"]
        ]  # elsewhere Slack's own rules are checked
        assert not [mark for mark in HIDDEN if mark in words(answer)]
        assert "mistake of my own" not in words(answer)


def test_a_log_of_everything_holds_no_question_no_answer_and_no_token(here, caplog):
    caplog.set_level(logging.DEBUG)

    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "find user=somebody-secret last 1h")
        at.slack.play("made_up", 1, method="chat.postMessage")
        await at.slack.dm(ALICE, "find user=somebody-secret last 1h")
        await at.slack.event({"type": "unheard_of", "text": "somebody-secret", "event_ts": "1.0"})
        await at.reply(GENERAL, asked)
        return at.slack.bot_token, at.slack.app_token

    tokens = in_slack(here, talk)

    assert "made_up" in caplog.text
    assert not [one for one in ("somebody-secret", "400 ms", *tokens) if one in caplog.text]


def test_a_question_of_another_workspace_is_not_answered(here):
    async def talk(at):
        ts = await at.slack.message(ALICE, GENERAL, "nothing yet")
        event = {"type": "app_mention", "user": "U0STRANGER", "channel": GENERAL, "text": "<@U0BOT> slowest"}
        strange = {**event, "user_team": "T0OTHER", "team": "T0OTHER", "ts": ts, "event_ts": ts}
        await at.slack.deliver(at.slack.envelope(strange))
        await at.quiet()
        return await at.slack.thread(GENERAL, ts), at.backend.asked, await at.audit()

    thread, asked, audit = in_slack(here, talk, mode="http", lets_be_late=True)

    assert (thread, asked) == ([], [])
    assert audit == [("U0STRANGER", "mention", "refused")]


def test_a_slack_that_was_down_gets_its_answers_when_it_is_up_again(here):
    async def talk(at):
        at.slack.play("drop", 2, method="chat.postMessage")
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        return await at.reply(GENERAL, asked)

    assert "400 ms" in words(in_slack(here, talk))


def test_a_file_of_this_machine_is_not_read(here, tmp_path):
    (tmp_path / "spans.json").write_text("{}")

    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, f"{tmp_path}/spans.json")
        return await at.reply(GENERAL, asked)

    assert "says where to look, not what for" in in_slack(here, talk)["text"]
