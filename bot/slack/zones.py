"""The time zone of whoever asks."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from slack_sdk.errors import SlackClientError

from bot.slack.trouble import CONNECTION_ERRORS

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    from slack_sdk.web.async_client import AsyncWebClient

KEPT_S = 24 * 3_600.0
RETRY_S = 300.0
MOST_KEPT = 10_000


class Zones:
    """Asks Slack once a day for each person."""

    def __init__(self, client: AsyncWebClient, clock: Callable[[], float]) -> None:
        self._client = client
        self._clock = clock
        self._known: dict[str, tuple[float, tzinfo]] = {}

    async def of(self, user: str) -> tzinfo:
        """The zone of the person's profile; UTC where Slack does not tell."""
        until_s, zone = self._known.get(user, (0.0, UTC))
        if self._clock() < until_s:
            return zone
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
        zone, kept_s = await self._ask(user)
        self._known[user] = (self._clock() + kept_s, zone)
        return zone

    async def _ask(self, user: str) -> tuple[tzinfo, float]:
        try:
            answer = await self._client.users_info(user=user)
            return ZoneInfo(str(answer["user"]["tz"])), KEPT_S
        except (SlackClientError, *CONNECTION_ERRORS):
            return UTC, RETRY_S
        except (KeyError, TypeError, ValueError):  # no zone in the profile, or one that nobody knows
            return UTC, KEPT_S
