"""Where an answer goes: into a thread that all can read, or to the one person who asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from slack_sdk.errors import SlackApiError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.slack.asker import Asker
    from bot.slack.delivery import Delivery, Posted
    from renderers.slack.message import Json, SlackMessage

TAKEN = 200


class Reply(Protocol):
    """One message, sent once and then replaced."""

    @property
    def ephemeral(self) -> bool:
        """Only the asker sees it."""
        ...

    @property
    def patience_s(self) -> float:
        """What is answered sooner is never shown as work in progress."""
        ...

    @property
    def updates(self) -> int:
        """How often work in progress may be shown."""
        ...

    @property
    def posted(self) -> Posted | None:
        """Where all can see it; None before it is sent, and where only the asker sees it."""
        ...

    async def send(self, latest: Callable[[], SlackMessage]) -> SlackMessage:
        """Send what is the latest when its turn comes; what that was."""
        ...

    async def replace(self, message: SlackMessage) -> None: ...

    async def refuse(self, message: SlackMessage) -> None:
        """Say something to the asker alone."""
        ...


class ThreadReply:
    """A message in the thread of the one that asked."""

    ephemeral = False
    patience_s = 0.4
    updates = 10_000

    def __init__(self, delivery: Delivery, asker: Asker, thread_ts: str | None) -> None:
        self._delivery = delivery
        self._asker = asker
        self.thread_ts = thread_ts
        self.posted: Posted | None = None

    async def send(self, latest: Callable[[], SlackMessage]) -> SlackMessage:
        self.posted, shown = await self._delivery.post(self._asker.channel, self.thread_ts, latest)
        return shown

    async def replace(self, message: SlackMessage) -> None:
        if self.posted is None:
            await self.send(lambda: message)
        else:
            self.posted = await self._delivery.edit(self.posted, message)

    async def refuse(self, message: SlackMessage) -> None:
        """Where nothing can be said in the channel any more, in a direct message."""
        try:
            await self._delivery.whisper(self._asker.channel, self._asker.user, self.thread_ts, message)
        except SlackApiError:
            await self._delivery.post(self._asker.user, None, lambda: message)


class Respond(Protocol):
    """Bolt's way to a response_url."""

    def __call__(
        self,
        text: str = "",
        blocks: Any = None,
        *,
        response_type: str | None = None,
        replace_original: bool | None = None,
        delete_original: bool | None = None,
    ) -> Awaitable[Any]: ...


class PersonalReply:
    """A message that only the asker sees, sent to a response_url: Slack takes five there, within half an hour.

    What was sent there cannot be relied on to be replaced by what is sent later, so that work in progress is shown once
    and late: most answers are one message.
    """

    ephemeral = True
    patience_s = 1.5
    updates = 1
    posted = None

    def __init__(self, respond: Respond, *, replaces: bool = False) -> None:
        self._respond = respond
        self._replaces = replaces
        """Of a command, what was sent before may go; of a click, that would be the message with the button."""

    async def send(self, latest: Callable[[], SlackMessage]) -> SlackMessage:
        message = latest()
        await self.replace(message)
        return message

    async def replace(self, message: SlackMessage) -> None:
        """Raises NotTaken, where Slack takes not even the text."""
        status = await self._say(message.text, list(message.blocks))
        if status != TAKEN and message.blocks:
            status = await self._say(message.text, [])
        if status != TAKEN:
            raise NotTaken(status)

    async def _say(self, text: str, blocks: list[Json]) -> int:
        answer = await self._respond(text, blocks, response_type="ephemeral", replace_original=self._replaces)
        return int(answer.status_code)

    async def refuse(self, message: SlackMessage) -> None:
        await self.replace(message)

    async def remove(self) -> None:
        """Take away the message whose button was pressed."""
        await self._respond(delete_original=True)

    async def instead(self, message: SlackMessage) -> None:
        """Put it in the place of the message whose button was pressed."""
        self._replaces = True
        await self.replace(message)


class NotTaken(ConnectionError):
    """The response_url is used up, or too old."""

    def __init__(self, status: int) -> None:
        super().__init__(f"Slack did not take the answer (HTTP {status}).")
