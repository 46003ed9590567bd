"""What unfolds beneath a pasted link to a trace."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from renderers.clean import cleaned
from renderers.slack.breakdown import breakdown_page
from renderers.slack.layout import laid_out
from renderers.slack.message import SlackView

if TYPE_CHECKING:
    from analyzers.report import Breakdown
    from renderers.slack.message import Json

MOST_POINTS = 2


def render_unfurl(report: Breakdown, view: SlackView) -> Json:
    """The attachment that `chat.unfurl` takes for the link: the headline and what to look at, without the picture."""
    whole = breakdown_page(cleaned(report), view)
    page = replace(whole, points=whole.points[:MOST_POINTS], tables=(), notes=(), buttons=())
    return {"blocks": list(laid_out(page, SlackView(links=view.links, zone=view.zone)).blocks)}
