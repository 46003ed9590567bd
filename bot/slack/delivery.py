"""Messages on their way into Slack: in order, at Slack's pace, and with something to fall back on."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError

from bot.slack.trouble import CONNECTION_ERRORS, GONE, TOO_MUCH, code_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from slack_sdk.web.async_client import AsyncWebClient

    from bot.slack.pace import Pace
    from renderers.slack.message import SlackMessage

LOG = logging.getLogger(__name__)
GIVE_UP_S = 600.0
"""How long an answer waits for a Slack that is down."""
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 60.0
SERVER_ERROR = 500
MARK, KEY = "tracewhy_message", "key"
KEY_BYTES = 12
LOOKED_THROUGH = 100
"""Messages among which one is looked for of which Slack did not say whether it was posted."""
NO_PREVIEWS = {"unfurl_links": False, "unfurl_media": False}


@dataclass(frozen=True)
class Posted:
    """A message that is there."""

    channel: str
    ts: str
    thread_ts: str | None = None


class Delivery:
    """Posts and edits. Whatever is raised is Slack's: SlackClientError, or an error of the connection."""

    def __init__(self, client: AsyncWebClient, pace: Pace, sleep: Callable[[float], Awaitable[None]]) -> None:
        self._client = client
        self._pace = pace
        self._sleep = sleep
        self._down = False

    async def post(
        self, channel: str, thread_ts: str | None, latest: Callable[[], SlackMessage]
    ) -> tuple[Posted, SlackMessage]:
        """Post to the channel, or the thread, when its turn comes: what is the latest by then."""
        async with self._pace.turn(channel):
            message = latest()
            key = secrets.token_urlsafe(KEY_BYTES)
            answer = await self._sent(
                self._client.chat_postMessage,
                message,
                lambda: self._landed(channel, thread_ts, key),
                channel=channel,
                thread_ts=thread_ts,
                metadata={"event_type": MARK, "event_payload": {KEY: key}},
                **NO_PREVIEWS,
            )
        return Posted(str(answer["channel"]), str(answer["ts"]), thread_ts), message

    async def edit(self, posted: Posted, message: SlackMessage) -> Posted:
        """Edit in place; where the message is gone, a new one is posted."""
        try:
            await self._sent(self._client.chat_update, message, channel=posted.channel, ts=posted.ts)
        except SlackApiError as exc:
            if code_of(exc) not in GONE:
                raise
            posted, _ = await self.post(posted.channel, posted.thread_ts, lambda: message)
        return posted

    async def redraw(self, posted: Posted, message: SlackMessage) -> None:
        """Edit in place what can do without: tried once, and whatever Slack says, the message is not spoilt by it."""
        await self._client.chat_update(
            channel=posted.channel, ts=posted.ts, text=message.text, blocks=list(message.blocks)
        )

    async def whisper(self, channel: str, user: str, thread_ts: str | None, message: SlackMessage) -> None:
        """Show it to one person alone."""
        await self._sent(
            self._client.chat_postEphemeral, message, channel=channel, user=user, thread_ts=thread_ts
        )

    async def _sent(
        self,
        call: Callable[..., Awaitable[Any]],
        message: SlackMessage,
        landed: Callable[[], Awaitable[Any]] | None = None,
        **where: Any,
    ) -> Any:
        """Sent, if need be when Slack is up again; not again where an attempt that was not answered has landed."""
        waited_s, wait_s = 0.0, FIRST_WAIT_S
        while True:
            try:
                there = await landed() if landed and waited_s else None
                sent = there or await _as_taken(call, message, **where)
            except (SlackApiError, *CONNECTION_ERRORS) as exc:
                if waited_s >= GIVE_UP_S or not _is_down(exc):
                    raise
                self._tell_down(type(exc).__name__)
            else:
                self._down = False
                return sent
            await self._sleep(wait_s)
            waited_s += wait_s
            wait_s = min(2 * wait_s, LONGEST_WAIT_S)

    def _tell_down(self, error: str) -> None:
        """Once, however many messages wait."""
        if not self._down:
            LOG.warning("Slack is down (%s): messages wait until it is up again.", error)
        self._down = True

    async def _landed(self, channel: str, thread_ts: str | None, key: str) -> dict[str, str] | None:
        """The message with that mark, if it is there; None too where we may not look."""
        try:
            if thread_ts:
                found = await self._client.conversations_replies(
                    channel=channel, ts=thread_ts, limit=LOOKED_THROUGH, include_all_metadata=True
                )
            else:
                found = await self._client.conversations_history(
                    channel=channel, limit=LOOKED_THROUGH, include_all_metadata=True
                )
        except SlackApiError as exc:
            if _is_down(exc):
                raise
            return None
        times = [str(one["ts"]) for one in found.get("messages") or () if _key(one) == key]
        return {"channel": channel, "ts": times[0]} if times else None


def _key(message: dict[str, Any]) -> object:
    metadata = message.get("metadata") or {}
    return metadata.get("event_payload", {}).get(KEY) if metadata.get("event_type") == MARK else None


def _is_down(error: BaseException) -> bool:
    """Slack itself does not work; everything else is an answer."""
    if not isinstance(error, SlackApiError):
        return True
    status = getattr(error.response, "status_code", None) or getattr(error.response, "status", None)
    return isinstance(status, int) and status >= SERVER_ERROR


async def _as_taken(call: Callable[..., Awaitable[Any]], message: SlackMessage, **where: Any) -> Any:
    """The message as it is; where Slack does not take its blocks, its text."""
    try:
        return await call(text=message.text, blocks=list(message.blocks) or None, **where)
    except SlackApiError as exc:
        if code_of(exc) not in TOO_MUCH or not message.blocks:
            raise
    return await call(text=message.text, blocks=[], **where)
