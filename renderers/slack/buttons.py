"""Rows of buttons: a few in sight, the rest in a menu, all with opaque values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import slackblocks
from slackblocks import (
    ActionsBlock,
    ContextActionsBlock,
    FeedbackButton,
    FeedbackButtons,
    Option,
    OverflowMenu,
    PlainText,
)

from renderers.slack.actions import FEEDBACK, NOT_USEFUL, OVERFLOW, USEFUL, chosen, numbered, place_value
from renderers.slack.blocks import as_json
from renderers.slack.escaping import cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from renderers.slack.message import Json
    from renderers.slack.page import Button

IN_SIGHT = 3
IN_MENU = 5
"""Slack: options of an overflow menu."""
LONGEST_LABEL = 60
"""Slack takes 75; a phone shows about 30."""


def button_row(buttons: Sequence[Button], report_id: str) -> Json | None:
    """The first ones as buttons, the next in a menu; what there is no room for is left out."""
    if not buttons:
        return None
    # A menu of one would be a button behind a button, so of four two stand in it.
    in_sight = buttons[: IN_SIGHT - 1 if len(buttons) == IN_SIGHT + 1 else IN_SIGHT]
    rest = buttons[len(in_sight) : len(in_sight) + IN_MENU]
    elements: list[slackblocks.Element] = [
        _button(one, report_id, number) for number, one in enumerate(in_sight, start=1)
    ]
    if rest:
        elements.append(OverflowMenu(OVERFLOW, [_option(one, report_id) for one in rest]))
    return as_json(ActionsBlock(elements))


def feedback_row(report_id: str) -> Json:
    """Whether the answer was useful: Slack's own thumbs."""
    value = place_value(report_id)
    pair = FeedbackButtons(
        FeedbackButton("Useful", chosen(USEFUL, value), "This answer was useful"),
        FeedbackButton("Not useful", chosen(NOT_USEFUL, value), "This answer was not useful"),
        FEEDBACK,
    )
    return as_json(ContextActionsBlock([pair]))


def cancel_row(action: str, value: str) -> Json:
    return as_json(ActionsBlock([slackblocks.Button("Cancel", action_id=action, value=value)]))


def _button(button: Button, report_id: str, number: int) -> slackblocks.Button:
    return slackblocks.Button(
        _label(button),
        action_id=numbered(button.action, number),
        value=place_value(report_id, button.place),
    )


def _option(button: Button, report_id: str) -> Option:
    # A bare text would become markup here, which Slack refuses in a menu.
    label = PlainText(_label(button))
    return Option(label, chosen(button.action, place_value(report_id, button.place)))


def _label(button: Button) -> str:
    return cut(button.label, LONGEST_LABEL) or "This one"
