"""The form to ask with: kind, place and period chosen, the rest typed; and the question that it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slackblocks import (
    ExternalSelectMenu,
    InputBlock,
    ModalView,
    Option,
    PlainText,
    PlainTextInput,
    StaticSelectMenu,
)

from renderers.clean import clean_text
from renderers.slack.actions import (
    ASK_VIEW,
    KIND_SELECT,
    OPERATION_SELECT,
    PERIOD_SELECT,
    SERVICE_SELECT,
    WHERE_INPUT,
)
from renderers.slack.escaping import cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from slackblocks import Block

    from renderers.slack.message import Json

KINDS = {
    "why": "Why it is slow",
    "slowest": "Slowest requests",
    "errors": "Errors",
    "find": "Requests of one user, order, ...",
    "operations": "Operations",
    "services": "Services",
}
PERIODS = {
    "last 15m": "Last 15 minutes",
    "last 1h": "Last hour",
    "last 6h": "Last 6 hours",
    "today": "Today",
    "yesterday": "Yesterday",
    "last 7d": "Last 7 days",
}
USUAL_KIND, USUAL_PERIOD = "slowest", "last 1h"
NAMELESS = frozenset({"services"})
"""Kinds that are about everything."""
WITHOUT_CONDITIONS = frozenset({"services", "operations"})
LONGEST_OPTION, LONGEST_VALUE, MOST_OPTIONS = 75, 150, 100
"""Slack: characters of an option's text and value, and options in a menu."""
LONGEST_WHERE = 300


def render_ask_view() -> Json:
    """The form as a modal."""
    view = ModalView("Ask about traces", _blocks(), close="Cancel", submit="Ask", callback_id=ASK_VIEW)
    return view.to_dict()


def render_options(names: Iterable[str]) -> Json:
    """Names that begin as what was typed, for a menu that asks while one types.

    Names that Slack cannot give back whole are left out: half a name asks for something else.
    """
    whole = [name for name in dict.fromkeys(names) if name.strip() and len(name) <= LONGEST_VALUE][
        :MOST_OPTIONS
    ]
    return {
        "options": [
            {
                "text": {"type": "plain_text", "text": cut(clean_text(name), LONGEST_OPTION), "emoji": False},
                "value": name,
            }
            for name in whole
        ]
    }


def question_of_form(values: Mapping[str, Mapping[str, Any]]) -> str:
    """The question that a form asks, from the `state.values` of its submission."""
    kind = _chosen(values, KIND_SELECT) or USUAL_KIND
    period = _chosen(values, PERIOD_SELECT) or USUAL_PERIOD
    service, operation = _chosen(values, SERVICE_SELECT), _chosen(values, OPERATION_SELECT)
    scope = "" if kind in NAMELESS else " ".join(part for part in (service, operation) if part)
    where = "" if kind in WITHOUT_CONDITIONS else " ".join(_typed(values).split())[:LONGEST_WHERE]
    if kind == "find":
        words = [kind, where, f"in {scope}" if scope else "", period]
    else:
        words = [kind, scope, period, f"where {where}" if where else ""]
    return " ".join(word for word in words if word)


def service_of_form(values: Mapping[str, Mapping[str, Any]]) -> str:
    """The service chosen so far, to offer its operations; empty where none is."""
    return _chosen(values, SERVICE_SELECT)


def _chosen(values: Mapping[str, Mapping[str, Any]], name: str) -> str:
    option = values.get(name, {}).get(name, {}).get("selected_option")
    return str(option["value"]) if option else ""


def _typed(values: Mapping[str, Mapping[str, Any]]) -> str:
    return str(values.get(WHERE_INPUT, {}).get(WHERE_INPUT, {}).get("value") or "")


def _blocks() -> list[Block]:
    return [
        InputBlock("What", _menu(KIND_SELECT, KINDS, USUAL_KIND), block_id=KIND_SELECT),
        # Dispatched, so that the operations offered are those of the service.
        _input("Service", _type_ahead(SERVICE_SELECT, "Any service"), SERVICE_SELECT, dispatches=True),
        _input("Operation", _type_ahead(OPERATION_SELECT, "Any operation"), OPERATION_SELECT),
        InputBlock("When", _menu(PERIOD_SELECT, PERIODS, USUAL_PERIOD), block_id=PERIOD_SELECT),
        InputBlock(
            "Where",
            PlainTextInput(WHERE_INPUT, max_length=LONGEST_WHERE, placeholder="user.id=42"),
            block_id=WHERE_INPUT,
            hint="Attributes that the requests have, as user.id=42 and http.status_code>=500. Needed to find requests.",
            optional=True,
        ),
    ]


def _input(label: str, menu: ExternalSelectMenu, name: str, *, dispatches: bool = False) -> InputBlock:
    return InputBlock(label, menu, dispatch_action=dispatches, block_id=name, optional=True)


def _menu(name: str, words: Mapping[str, str], first: str) -> StaticSelectMenu:
    options = {value: Option(PlainText(label), value) for value, label in words.items()}
    return StaticSelectMenu(name, list(options.values()), initial_option=options[first])


def _type_ahead(name: str, placeholder: str) -> ExternalSelectMenu:
    # Slack asks for options from the first letter on, and once before it, so that short lists need no typing.
    return ExternalSelectMenu(name, min_query_length=0, placeholder=placeholder)
