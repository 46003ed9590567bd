"""Messages reach Slack, or something in their place does."""

import asyncio

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from bot.slack.delivery import Delivery, Posted
from bot.slack.pace import Pace
from renderers.slack import SlackMessage

MESSAGE = SlackMessage("words", ({"type": "divider"},))


def refusal(code, status=200):
    """As Slack says no."""

    class Response:
        data = {"ok": False, "error": code}  # noqa: RUF012 - nobody changes it
        status_code = status

    return SlackApiError(code, Response())


class Web:
    """Answers each call with the next of these: an error, or a message's time."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.calls = []
        self.looked = []
        self.landed = []
        """Messages that are there."""

    async def _answer(self, method, arguments):
        self.calls.append((method, arguments))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return {"channel": "C1", "ts": answer}

    async def chat_postMessage(self, **arguments):  # noqa: N802 - Slack's name
        return await self._answer("post", arguments)

    async def conversations_history(self, **arguments):
        self.looked.append(arguments)
        return {"messages": self.landed}

    async def chat_update(self, **arguments):
        return await self._answer("update", arguments)


def delivered(web, talk):
    """What the talk comes to, and how long it slept."""
    slept = []

    async def sleep(seconds):
        slept.append(seconds)

    async def run():
        return await talk(Delivery(web, Pace(lambda: 0.0, sleep), sleep))

    return asyncio.run(run()), slept


def test_links_are_never_unfurled_by_our_own_messages():
    web = Web("1.0")

    delivered(web, lambda delivery: delivery.post("C1", "0.5", lambda: MESSAGE))

    assert web.calls[0][1]["unfurl_links"] is False
    assert web.calls[0][1]["unfurl_media"] is False


@pytest.mark.parametrize("code", ["invalid_blocks", "msg_blocks_too_long"])
def test_blocks_that_slack_does_not_take_are_left_out(code):
    web = Web(refusal(code), "1.0")

    (posted, _), _ = delivered(web, lambda delivery: delivery.post("C1", None, lambda: MESSAGE))

    assert posted.ts == "1.0"
    assert web.calls[1][1]["text"] == "words"
    assert web.calls[1][1]["blocks"] == []


def test_a_message_that_is_gone_is_posted_anew_in_its_thread():
    web = Web(refusal("message_not_found"), "2.0")

    posted, _ = delivered(web, lambda delivery: delivery.edit(Posted("C1", "1.0", "0.5"), MESSAGE))

    assert [method for method, _ in web.calls] == ["update", "post"]
    assert web.calls[1][1]["thread_ts"] == "0.5"
    assert posted.ts == "2.0"


@pytest.mark.parametrize("trouble", [aiohttp.ServerDisconnectedError(), refusal("", 503), TimeoutError()])
def test_a_slack_that_is_down_is_waited_for(trouble):
    web = Web(*[trouble] * 5, "1.0")

    _, slept = delivered(web, lambda delivery: delivery.post("C1", None, lambda: MESSAGE))

    assert slept == [0.5, 1, 2, 4, 8]


def test_a_message_of_which_nobody_said_whether_it_was_posted_is_looked_for_before_it_is_posted_again():
    class Lost(Web):
        """Posts, and its answer is lost."""

        async def chat_postMessage(self, **arguments):  # noqa: N802 - Slack's name
            self.landed = [{"ts": "7.0", "metadata": arguments["metadata"]}, {"ts": "6.0"}]
            return await super().chat_postMessage(**arguments)

    web = Lost(aiohttp.ServerDisconnectedError())

    (posted, _), _ = delivered(web, lambda delivery: delivery.post("C1", None, lambda: MESSAGE))

    assert posted.ts == "7.0"
    assert len(web.calls) == 1
    assert len(web.looked) == 1


def test_that_slack_is_down_is_logged_once(caplog):
    web = Web(*[TimeoutError()] * 5, "1.0")

    delivered(web, lambda delivery: delivery.post("C1", None, lambda: MESSAGE))

    assert [record.message for record in caplog.records] == [
        "Slack is down (TimeoutError): messages wait until it is up again."
    ]


def test_after_ten_minutes_it_is_given_up():
    web = Web(*[aiohttp.ServerDisconnectedError()] * 100)

    with pytest.raises(aiohttp.ServerDisconnectedError):
        delivered(web, lambda delivery: delivery.post("C1", None, lambda: MESSAGE))

    assert len(web.calls) < 20


def test_what_slack_refuses_is_not_tried_again():
    web = Web(refusal("is_archived"))

    with pytest.raises(SlackApiError):
        delivered(web, lambda delivery: delivery.post("C1", None, lambda: MESSAGE))

    assert len(web.calls) == 1
