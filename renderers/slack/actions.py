"""What can be clicked in Slack: the ids of buttons, menus and views, and the opaque values that they carry.

A value names a kept report and a place in it (`report:3`), nothing more: what a click means is read from the store,
so that a forged value reaches nothing that its sender may not see anyway.
"""

from __future__ import annotations

import re

SHOW_TRACE = "show_trace"
"""The breakdown of the trace at this place of the report's list."""
ERRORS = "errors"
WHY = "why"
SHARE = "share"
"""Post the answer, so far seen by one person, to the channel."""
USEFUL = "useful"
NOT_USEFUL = "not_useful"
FEEDBACK = "feedback"
"""The pair of thumbs; its value is `chosen(USEFUL or NOT_USEFUL, ...)`."""
EVIDENCE = "evidence"
"""What an investigation stands on, in full."""
MORE = "more"
"""The rest of a list; the place is the first row to show."""
CANCEL = "cancel"
"""Stop working on the answer; the value names the work, not a report."""
ASK_AGAIN = "ask_again"
"""Ask the candidate at this place of the choice."""
OVERFLOW = "overflow"
"""The menu of what is asked less often; the value of its option is `chosen(action, ...)`."""

ASK_SHORTCUT = "ask"
"""Callback id of the global shortcut that opens the form."""
ASK_VIEW = "ask_view"
"""Callback id of the form."""
KIND_SELECT = "ask_kind"
SERVICE_SELECT = "ask_service"
OPERATION_SELECT = "ask_operation"
PERIOD_SELECT = "ask_period"
WHERE_INPUT = "ask_where"

HOME_ASK = "home_ask"
"""Open the form."""
HOME_AGAIN = "home_again"
"""Ask a recent question once more; the value is `place_value(report, 0)`."""
HOME_SHOW = "home_show"
"""Show a recent answer once more; the value is `place_value(report, 0)`."""

VALUE = re.compile(r"([A-Za-z0-9_-]{1,100}):(\d{1,6})")
CHOSEN = re.compile(rf"([a-z_]{{1,20}}):({VALUE.pattern})")
NUMBER = re.compile(r"\.\d+$")


def place_value(report_id: str, place: int = 0) -> str:
    """The value of a button: a kept report and a place in it."""
    return f"{report_id}:{place}"


def read_place(value: str) -> tuple[str, int] | None:
    """The report's id and the place; None where the value is none of ours."""
    found = VALUE.fullmatch(value)
    return (found[1], int(found[2])) if found else None


def chosen(action: str, value: str) -> str:
    """The value of one of several options under the same action id."""
    return f"{action}:{value}"


def read_chosen(value: str) -> tuple[str, str] | None:
    """The action and its own value; None where the value is none of ours."""
    found = CHOSEN.fullmatch(value)
    return (found[1], found[2]) if found else None


def numbered(action: str, number: int) -> str:
    """The id of one of several buttons for the same action: Slack wants them unique within a message."""
    return f"{action}.{number}"


def action_of(action_id: str) -> str:
    """The action of an id, whether numbered or not."""
    return NUMBER.sub("", action_id)


def ids_of(action: str) -> re.Pattern[str]:
    """Matches every id of the action, for a listener."""
    return re.compile(rf"^{re.escape(action)}(\.\d+)?$")
