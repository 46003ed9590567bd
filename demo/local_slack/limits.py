"""How much of everything Slack takes. The shapes are right already when these are looked at."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from demo.local_slack.chart import points_beside_categories
from demo.local_slack.schema import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

Node = dict[str, Any]

_SELECT = {
    "options.*.text.text": 75,
    "options.*.value": 150,
    "options.*.description.text": 75,
    "option_groups.*.label.text": 75,
    "option_groups.*.options.*.text.text": 75,
    "option_groups.*.options.*.value": 150,
    "placeholder.text": 150,
}
_SELECTS = ("static_select", "multi_static_select", "external_select", "multi_external_select")
_SELECTS_OF_SLACK = tuple(
    f"{many}{what}_select" for many in ("", "multi_") for what in ("users", "conversations", "channels")
)

LENGTHS: dict[str, dict[str, int]] = {
    "section": {"text.text": 3000, "fields.*.text": 2000},
    "header": {"text.text": 150},
    "markdown": {"text": 12_000},
    "image": {"image_url": 3000, "alt_text": 2000, "title.text": 2000},
    "input": {"label.text": 2000, "hint.text": 2000},
    "context": {"elements.*.text": 2000},
    "button": {"text.text": 75, "value": 2000, "url": 3000, "accessibility_label": 75},
    "icon_button": {"value": 2000, "accessibility_label": 75},
    "feedback_buttons": {f"{each}_button.{what}": most for each in ("positive", "negative")
                         for what, most in (("text.text", 75), ("value", 2000))},
    "plain_text_input": {"placeholder.text": 150},
    "modal": {"title.text": 24, "submit.text": 24, "close.text": 24},
    **dict.fromkeys((*_SELECTS, *_SELECTS_OF_SLACK, "overflow", "checkboxes", "radio_buttons"), _SELECT),
}  # fmt: skip
LENGTHS_EVERYWHERE = {
    "block_id": 255,
    "action_id": 255,
    "callback_id": 255,
    "external_id": 255,
    "private_metadata": 3000,
    "confirm.title.text": 100,
    "confirm.text.text": 300,
    "confirm.confirm.text": 30,
    "confirm.deny.text": 30,
}
COUNTS: dict[str, dict[str, int]] = {
    "section": {"fields": 10},
    "context": {"elements": 10},
    "actions": {"elements": 25},
    "context_actions": {"elements": 5},
    "overflow": {"options": 5},
    "checkboxes": {"options": 10},
    "radio_buttons": {"options": 10},
    "table": {"rows": 100, "rows.*": 20, "column_settings": 20},
    "data_table": {"rows": 100, "rows.*": 20},
    "plan": {"tasks": 50},
    **{each: {"options": 100, "option_groups": 100, "option_groups.*.options": 100} for each in _SELECTS},
}
NEVER_EMPTY = {
    "actions": ("elements",),
    "context": ("elements",),
    "context_actions": ("elements",),
    "overflow": ("options",),
    "checkboxes": ("options",),
    "radio_buttons": ("options",),
    "static_select": ("options", "option_groups"),
    "multi_static_select": ("options", "option_groups"),
    "section": ("text", "fields"),
    "table": ("rows",),
    "data_table": ("rows",),
}
TEXTS = {"plain_text", "mrkdwn", "raw_text", "text", "markdown"}
"""What has a `text` that may not be empty."""
ADDRESSES = ("url", "image_url", "title_url")
TABLE_CHARACTERS = 10_000


def limit_problems(top: object, pointer: str) -> list[Problem]:
    """What is too long, too many, empty or contradictory in it and in all that it holds."""
    return [problem for node, place in walk(top, pointer) for problem in _of_node(node, place)]


def walk(top: object, pointer: str) -> Iterator[tuple[Node, str]]:
    """Every object in it, itself first, with its place."""
    ahead = [(top, pointer)]
    while ahead:
        here, place = ahead.pop()
        if isinstance(here, dict):
            yield here, place
            ahead += [(value, f"{place}/{key}") for key, value in reversed(here.items())]
        elif isinstance(here, list):
            ahead += [(value, f"{place}/{index}") for index, value in reversed(list(enumerate(here)))]


def _of_node(node: Node, pointer: str) -> Iterator[Problem]:
    kind = node.get("type", "")
    for path, most in {**LENGTHS_EVERYWHERE, **LENGTHS.get(kind, {})}.items():
        for place, value in _at(node, path, pointer):
            if isinstance(value, str) and len(value) > most:
                yield Problem(f"must be less than {most + 1} characters", place)
    for path, most in COUNTS.get(kind, {}).items():
        for place, value in _at(node, path, pointer):
            if isinstance(value, list) and len(value) > most:
                yield Problem(f"no more than {most} items allowed", place)
    yield from _emptiness(node, kind, pointer)
    yield from _addresses(node, pointer)
    yield from _contradictions(node, kind, pointer)


def _emptiness(node: Node, kind: str, pointer: str) -> Iterator[Problem]:
    if kind in TEXTS and node.get("text") == "":
        yield Problem("must be more than 0 characters", f"{pointer}/text")
    wanted = NEVER_EMPTY.get(kind)
    if wanted and not any(node.get(field) for field in wanted):
        yield Problem(f"{kind} needs {' or '.join(wanted)}", pointer)


def _addresses(node: Node, pointer: str) -> Iterator[Problem]:
    for field in ADDRESSES:
        address = node.get(field)
        if isinstance(address, str) and not address.startswith(("https://", "http://", "mailto:")):
            yield Problem("Invalid URL", f"{pointer}/{field}")


def _contradictions(node: Node, kind: str, pointer: str) -> Iterator[Problem]:
    if kind == "actions":
        for action_id in _repeated(each.get("action_id") for each in node["elements"]):
            yield Problem(f"action_id {action_id!r} already exists in this block", pointer)
    if kind in _SELECTS and node.get("options") and node.get("option_groups"):
        yield Problem("only one of options and option_groups allowed", pointer)
    if kind in {"table", "data_table"}:
        yield from _table(node, pointer)
    if kind == "data_visualization":
        for name in points_beside_categories(node):
            yield Problem(f"series {name!r} must have one point a category", f"{pointer}/chart/series")


def _table(node: Node, pointer: str) -> Iterator[Problem]:
    if len({len(row) for row in node["rows"]}) > 1:
        yield Problem("all rows must have as many cells", f"{pointer}/rows")
    if n_characters(node["rows"]) > TABLE_CHARACTERS:
        yield Problem(f"no more than {TABLE_CHARACTERS} characters in a table", f"{pointer}/rows")


NOT_READ = {
    "type", "block_id", "action_id", "value", "url", "image_url", "style", "callback_id", "private_metadata", "task_id",
}  # fmt: skip
"""Fields that nobody reads, so that they are no part of a message's length."""


def n_characters(top: object) -> int:
    """How many characters a reader gets to see of it."""
    return sum(
        len(value)
        for node, _ in walk(top, "")
        for field, value in node.items()
        if isinstance(value, str) and field not in NOT_READ
    )


def repeated_block_ids(blocks: list[Node]) -> list[str]:
    """Those that stand on more than one block."""
    return _repeated(block.get("block_id") for block in blocks)


def _repeated(names: Iterator[Any]) -> list[str]:
    return sorted(name for name, times in Counter(names).items() if times > 1 and name is not None)


def _at(node: object, path: str, pointer: str) -> Iterator[tuple[str, object]]:
    """What stands at a path like `options.*.text`, with its place."""
    first, _, rest = path.partition(".")
    if first == "*":
        found = (
            [(f"{pointer}/{index}", each) for index, each in enumerate(node)]
            if isinstance(node, list)
            else []
        )
    else:
        found = [(f"{pointer}/{first}", node[first])] if isinstance(node, dict) and first in node else []
    for place, value in found:
        if rest:
            yield from _at(value, rest, place)
        else:
            yield place, value
