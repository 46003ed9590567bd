"""One message that changes: seldom, and at last to what it was told last."""

import asyncio

import pytest
from slack_sdk.errors import SlackClientError

from bot.slack.live_message import LiveMessage
from renderers.slack import SlackMessage

LOOKING, READING, ANSWER = SlackMessage("Looking"), SlackMessage("Reading"), SlackMessage("Answer")


class Recorded:
    """Remembers what was shown; `fails` is how many of the first calls do."""

    ephemeral = False

    def __init__(self, patience_s=0.0, updates=100, fails=0):
        self.patience_s = patience_s
        self.updates = updates
        self.fails = fails
        self.shown = []
        self.turn = asyncio.Event()
        self.turn.set()

    async def send(self, latest):
        await self.turn.wait()
        self._fail()
        message = latest()
        self.shown.append(("sent", message.text))
        return message

    async def replace(self, message):
        self._fail()
        self.shown.append(("replaced", message.text))

    def _fail(self):
        if self.fails:
            self.fails -= 1
            raise SlackClientError("no")


def shown(reply, talk, every_s=0.0):
    async def run():
        here = reply()
        await talk(LiveMessage(here, every_s), here)
        return here.shown

    return asyncio.run(run())


async def work(live, reply):
    """Two steps, then the answer."""
    live.show(LOOKING)
    await asyncio.sleep(0.02)
    live.show(READING)
    await asyncio.sleep(0.02)
    await live.finish(ANSWER)


def test_each_step_is_shown_in_the_same_message():
    assert shown(Recorded, work) == [("sent", "Looking"), ("replaced", "Reading"), ("replaced", "Answer")]


def test_what_is_answered_soon_is_one_message():
    assert shown(lambda: Recorded(patience_s=5), work) == [("sent", "Answer")]


def test_steps_that_come_too_fast_are_left_out():
    assert shown(Recorded, work, every_s=5) == [("sent", "Looking"), ("replaced", "Answer")]


def test_where_work_in_progress_is_shown_once_only_the_answer_follows():
    assert shown(lambda: Recorded(updates=1), work) == [("sent", "Looking"), ("replaced", "Answer")]


def test_an_answer_that_comes_while_the_message_waits_for_its_turn_is_what_is_sent():
    async def crowded(live, reply):
        reply.turn.clear()
        live.show(LOOKING)
        await asyncio.sleep(0.02)
        finishing = asyncio.create_task(live.finish(ANSWER))
        await asyncio.sleep(0.02)
        reply.turn.set()
        await finishing

    assert shown(Recorded, crowded) == [("sent", "Answer")]


def test_progress_that_cannot_be_shown_does_not_cost_the_answer():
    assert shown(lambda: Recorded(fails=1), work)[-1][1] == "Answer"


def test_an_answer_that_cannot_be_shown_is_an_error():
    with pytest.raises(SlackClientError):
        shown(lambda: Recorded(fails=100), work)
