"""Slack's surface for agents: suggested prompts and a status, where the workspace has it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.slack.trouble import CONNECTION_ERRORS, UNKNOWN_HERE, code_of
from renderers.slack import suggested_prompts

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from slack_sdk.web.async_client import AsyncWebClient

LOG = logging.getLogger(__name__)
WORKING = "is looking into it..."


class Assistant:
    """Says what can be asked, and that an answer is being made; silently nothing where Slack cannot show it."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._prompts = suggested_prompts()
        self._lacking: set[str] = set()
        """What this workspace has refused to do; it is not asked again."""

    async def suggest(self, channel: str, thread_ts: str | None = None) -> None:
        """Show what can be asked."""
        await self._try(
            "prompts",
            lambda: self._client.assistant_threads_setSuggestedPrompts(
                channel_id=channel, thread_ts=thread_ts, prompts=self._prompts
            ),
        )

    async def working(self, channel: str, thread_ts: str) -> None:
        """Say that an answer is being made; Slack takes it away when something is posted."""
        await self._try(
            "status",
            lambda: self._client.assistant_threads_setStatus(
                channel_id=channel, thread_ts=thread_ts, status=WORKING
            ),
        )

    async def _try(self, what: str, call: Callable[[], Awaitable[Any]]) -> None:
        if what in self._lacking:
            return
        try:
            await call()
        except SlackApiError as exc:
            if code_of(exc) in UNKNOWN_HERE:
                self._lacking.add(what)
                LOG.info("This workspace has no agent %s (%s): done without.", what, code_of(exc))
        except (SlackClientError, *CONNECTION_ERRORS) as exc:
            LOG.info("The agent %s could not be shown: %s.", what, type(exc).__name__)
