"""What is said while an answer is being made, and where none is given."""

from __future__ import annotations

from renderers.clean import clean_text
from renderers.slack.actions import CANCEL, place_value
from renderers.slack.blocks import plain_context
from renderers.slack.buttons import cancel_row
from renderers.slack.escaping import cut, escaped
from renderers.slack.layout import laid_out
from renderers.slack.message import SlackMessage, SlackView
from renderers.slack.page import Page

LONGEST_DOING = 200


def render_progress(doing: str, work_id: str | None = None) -> SlackMessage:
    """What is being done, as `Reading 12,000 spans...`; with a button to stop it where the work has an id."""
    said = cut(clean_text(doing), LONGEST_DOING) or "Working..."
    button = () if work_id is None else (cancel_row(CANCEL, place_value(work_id)),)
    return SlackMessage(escaped(said), (plain_context([said]), *button))


def render_refusal(problem: str, advice: str) -> SlackMessage:
    """Why a question is not answered, for the asker alone."""
    return laid_out(Page(headline=clean_text(problem), next_step=clean_text(advice)), SlackView())
