"""Pictures that go with answers: drawn, uploaded and shown after the words, which never wait for them."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, TypeAlias

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.slack.trouble import CONNECTION_ERRORS, UNKNOWN_HERE, code_of
from renderers.slack import Picture

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import tzinfo

    from slack_sdk.web.async_client import AsyncWebClient

    from analyzers.report import AnyReport
    from bot.slack.delivery import Delivery, Posted
    from bot.slack.tasks import Tasks
    from renderers.charts import Chart
    from renderers.slack import SlackMessage

Draw: TypeAlias = "Callable[[AnyReport, tzinfo], Chart | None]"
"""Takes up to half a second of a core; called in a thread."""

LOG = logging.getLogger(__name__)
MOST_AT_HAND = 4
"""Pictures that are drawn or wait for it: when more is asked than that, words have to do."""
LOOKS = 8
FIRST_WAIT_S, LONGEST_WAIT_S = 0.25, 4.0
"""Slack goes on working on an upload after it says that it is complete: usually for a second."""


class Pictures:
    """Adds pictures to answers that stand where all can read them; silently nothing where Slack does not take them."""

    def __init__(
        self,
        client: AsyncWebClient,
        delivery: Delivery,
        tasks: Tasks,
        draw: Draw | None,
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._client = client
        self._delivery = delivery
        self._tasks = tasks
        self._draw = draw
        self._sleep = sleep
        self._at_hand = 0
        self._one = asyncio.Lock()

    def add(
        self, posted: Posted, report: AnyReport, zone: tzinfo, shown_with: Callable[[Picture], SlackMessage]
    ) -> None:
        """Begin to add the picture of the report to its message, if it has one and there is time to draw it."""
        if self._draw is not None and self._at_hand < MOST_AT_HAND:
            self._tasks.start(self._added(self._draw, posted, report, zone, shown_with), "picture")

    async def _added(
        self,
        draw: Draw,
        posted: Posted,
        report: AnyReport,
        zone: tzinfo,
        shown_with: Callable[[Picture], SlackMessage],
    ) -> None:
        self._at_hand += 1
        try:
            async with self._one:
                chart = await asyncio.to_thread(draw, report, zone)
            picture = await self._uploaded(chart) if chart else None
            if picture is not None:
                await self._delivery.redraw(posted, shown_with(picture))
        except SlackApiError as exc:
            self._refused(code_of(exc))
        except (SlackClientError, *CONNECTION_ERRORS) as exc:
            LOG.info("A picture could not be shown: %s.", type(exc).__name__)
        finally:
            self._at_hand -= 1

    async def _uploaded(self, chart: Chart) -> Picture | None:
        """Held by Slack and ready to be shown; None where Slack does not get ready."""
        answer = await self._client.files_upload_v2(
            filename=chart.name, content=chart.png, title=chart.title, alt_txt=chart.alt_text
        )
        file_id = str(answer["files"][0]["id"])
        wait_s = FIRST_WAIT_S
        for _ in range(LOOKS):
            info = await self._client.files_info(file=file_id)
            if (info.get("file") or {}).get("mimetype"):
                return Picture(file_id, chart.title, chart.alt_text)
            await self._sleep(wait_s)
            wait_s = min(2 * wait_s, LONGEST_WAIT_S)
        return None

    def _refused(self, code: str) -> None:
        if code in UNKNOWN_HERE:
            self._draw = None
            LOG.warning(
                "Answers have no pictures: this workspace, or the app as it is installed, does not let it upload (%s).",
                code,
            )
        else:
            LOG.info("A picture could not be shown: %s.", code)
