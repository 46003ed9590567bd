"""Links to traces, unfurled: the headline beneath the link, for hosts that the configuration names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analyzers.report import Breakdown
from bot.services.continued import pasted_trace
from bot.slack.answering import Question
from bot.slack.asker import asker_of_event

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp
    from slack_sdk.web.async_client import AsyncWebClient

    from bot.slack.asker import Asker
    from bot.slack.desk import Desk

DOOR = "link"
MOST_LINKS = 3
IN_COMPOSER = "composer"


def register(app: AsyncApp, desk: Desk, client: AsyncWebClient) -> None:
    """Unfurl links to traces."""

    @app.event("link_shared")
    async def link_shared(body: dict[str, Any], event: dict[str, Any]) -> None:
        asker = asker_of_event(body)
        traces = dict(_traces(event))
        if traces:
            desk.take(
                f"link:{body.get('event_id')}",
                asker,
                DOOR,
                None,
                lambda: _unfurl(desk, client, asker, event, traces),
                " ".join(traces.values()),
            )


def _traces(event: dict[str, Any]) -> list[tuple[str, str]]:
    """The first few links that name a trace."""
    urls = [str(link.get("url") or "") for link in event.get("links") or () if isinstance(link, dict)]
    named = [(url, trace_id) for url in urls if (trace_id := pasted_trace(url)) is not None]
    return named[:MOST_LINKS]


async def _unfurl(
    desk: Desk, client: AsyncWebClient, asker: Asker, event: dict[str, Any], traces: dict[str, str]
) -> None:
    zone = await desk.zones.of(asker.user)
    unfurls: dict[str, dict[str, Any]] = {}
    for url, trace_id in traces.items():
        if await desk.gate.question_refusal(asker, DOOR, trace_id, zone) is not None:
            return
        report = await desk.answering.quiet_report(Question(trace_id, asker, DOOR))
        if isinstance(report, Breakdown) and report.root is not None:
            unfurls[url] = desk.showing.unfurl(report, zone)
    if not unfurls:
        return
    if event.get("source") == IN_COMPOSER or event.get("unfurl_id"):
        await client.chat_unfurl(
            source=event.get("source"), unfurl_id=event.get("unfurl_id"), unfurls=unfurls
        )
    else:
        await client.chat_unfurl(channel=asker.channel, ts=event.get("message_ts"), unfurls=unfurls)
