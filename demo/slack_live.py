"""The local Slack beside the live shop: the bot's keys to it, and a conversation to look at."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

from demo.local_slack.slack import LocalSlack
from demo.local_slack.workspace import ALICE, BOB

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence
    from types import TracebackType

    from demo.shop.load import Sent

T = TypeVar("T")
CHANNEL = "C02OPS"
START_S = 120.0
OK = 200
ANSWER_S = 120.0
CANCEL = "'action_id': 'cancel'"
"""What the bot says while it works has a button to stop it."""


class SlackLive:
    """A local Slack that answers while others work; a context manager."""

    def __enter__(self) -> SlackLive:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._left = AsyncExitStack()
        try:
            self.slack = self._run(self._left.enter_async_context(LocalSlack()))
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._run(self._left.aclose())
        finally:
            self._end()

    @property
    def settings(self) -> dict[str, str]:
        """What the bot has to be told, as variables."""
        return {
            "TRACEWHY_SLACK__BOT_TOKEN": self.slack.bot_token,
            "TRACEWHY_SLACK__APP_TOKEN": self.slack.app_token,
            "TRACEWHY_SLACK__API_URL": self.slack.base_url,
        }

    @property
    def page(self) -> str:
        """Where a browser shows the conversation."""
        return self.slack.ui_url

    def threads(self) -> list[str]:
        """Where a browser shows each of the conversation's threads, oldest first."""
        return self._run(_threads(self.slack))

    def converse(self, customer: int, trace_id: str) -> dict[str, str]:
        """Two people ask, by command, by name, in a thread and by pasting; gives back what the bot said to each, in short."""
        return self._run(_converse(self.slack, customer, trace_id))

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Have people do something else there."""
        return self._run(work)

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def slowest_trace(sent: Sequence[Sent]) -> str:
    """The trace of the request that took longest while something was broken, as far as its answer said which it was."""
    named = [each for each in sent if each.trace_id]
    broken = [each for each in named if each.faults and each.status == OK]
    return max(broken or named, key=lambda each: each.duration_ns).trace_id


async def _converse(slack: LocalSlack, customer: int, trace_id: str) -> dict[str, str]:
    said: dict[str, str] = {}
    await slack.wait_for_socket(START_S)
    await slack.command("/trace", "slowest checkout last 5m", ALICE.id, CHANNEL)
    said["/trace slowest checkout last 5m"] = await _whisper(slack, ALICE.id)
    question = f"what happened to user {customer} in the last 5 minutes?"
    asked = await slack.mention(BOB.id, CHANNEL, question)
    said[f"@tracewhy {question}"] = await _answer(slack, asked, 1)
    await slack.message(BOB.id, CHANNEL, "errors?", thread_ts=asked)
    said["errors?"] = await _answer(slack, asked, 2)
    pasted = f"This one was slow: {trace_id}"
    said[pasted] = await _answer(slack, await slack.message(ALICE.id, CHANNEL, pasted), 1)
    why = await slack.mention(ALICE.id, CHANNEL, "why is checkout slow")
    said["@tracewhy why is checkout slow"] = await _answer(slack, why, 1)
    await slack.open_home(ALICE.id)
    return said


async def _whisper(slack: LocalSlack, user: str) -> str:
    """The text of the last answer that only this person sees."""

    async def look() -> str:
        said = await slack.ephemerals(user)
        return str(said[-1]["text"]) if said and CANCEL not in str(said[-1]) else ""

    return await slack.wait_for(look, ANSWER_S)


async def _answer(slack: LocalSlack, thread_ts: str, count: int) -> str:
    """The text of the bot's so many-th message in the thread, once its blocks are those of an answer."""

    async def look() -> str:
        said = [each for each in await slack.thread(CHANNEL, thread_ts) if each.get("bot_id")]
        done = len(said) >= count and CANCEL not in str(said[count - 1])
        return str(said[count - 1]["text"]) if done else ""

    return await slack.wait_for(look, ANSWER_S)


async def _threads(slack: LocalSlack) -> list[str]:
    found = []
    for root in await slack.messages(CHANNEL):
        replies = await slack.thread(CHANNEL, root["ts"])
        found += [thread_page(slack.ui_url, CHANNEL, root["ts"], replies[-1]["ts"])] if replies else []
    return found


def thread_page(ui_url: str, channel: str, root_ts: str, reply_ts: str) -> str:
    """The address at which the page shows a channel with that thread open beside it."""
    return f"{ui_url}/archives/{channel}/p{reply_ts.replace('.', '')}?thread_ts={root_ts}&cid={channel}"
