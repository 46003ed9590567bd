"""Blocks as the program's web page can show them: it knows fewer kinds than Slack does.

Only the page gets these. The bot, and whoever looks at a message, get what was sent.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]
MARKS = (("code", "`"), ("strike", "~"), ("italic", "_"), ("bold", "*"))
SECTION = 3000
DATE = re.compile(r"<!date\^[^|>]*\|([^>]*)>")
FENCED = re.compile(r"```(.*?)```", re.DOTALL)


def for_page(blocks: list[Json], file_pages: Mapping[str, str]) -> list[Json]:
    """The same in kinds that the page knows. Ids stay, so that what is clicked there can be found here."""
    return [shown for block in blocks for shown in _shown(block, file_pages)]


def _shown(block: Json, file_pages: Mapping[str, str]) -> list[Json]:
    if block["type"] == "image" and "slack_file" in block:
        address = file_pages.get(block["slack_file"].get("id", ""), "")
        return [{"type": "image", "image_url": address, "alt_text": block["alt_text"]}]
    if block["type"] == "context_actions":
        return [{**block, "type": "actions", "elements": _buttons(block["elements"])}]
    text = _text(block)
    return [_readable(block) if text is None else _section(text)]


def _text(block: Json) -> str | None:
    """What the page is shown in its place; nothing for what it knows."""
    match block["type"]:
        case "rich_text":
            return "\n".join(_rich(each) for each in block["elements"])
        case "markdown":
            return str(block["text"]).replace("**", "*")
        case "table" | "data_table":
            return _code(_table(block["rows"]))
        case "data_visualization" | "plan" | "task_card" | "card" | "container" | "carousel":
            return f"_{block['type']}: {_escaped(str(block.get('title', '')))}_"
    return None


def _section(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": _page_text(text)[:SECTION] or " "}}


def _readable(node: Any) -> Any:
    """The same with every marked-up text as the page reads it."""
    if isinstance(node, list):
        return [_readable(each) for each in node]
    if not isinstance(node, dict):
        return node
    if node.get("type") == "mrkdwn":
        return {**node, "text": _page_text(node["text"])}
    return {name: _readable(value) for name, value in node.items()}


def _page_text(text: str) -> str:
    """The page knows no dates, no entities, and code within a line only."""
    text = FENCED.sub(lambda found: _lines_of_code(found[1]), DATE.sub(r"\1", text))
    # The page would read what was escaped as its own marks again, but for the space of no width.
    return text.replace("&lt;", "<\u200b").replace("&gt;", ">").replace("&amp;", "&")


def _lines_of_code(text: str) -> str:
    lines = text.strip("\n").replace(" ", "\u00a0").split("\n")
    return "\n".join(f"`{line}`" if line else "" for line in lines)


def _rich(element: Json) -> str:
    parts = element["elements"]
    match element["type"]:
        case "rich_text_preformatted":
            return _code("".join(_plain(part) for part in parts))
        case "rich_text_list":
            indent = "    " * element.get("indent", 0)
            return "\n".join(f"{indent}• {_rich(part)}" for part in parts)
        case "rich_text_quote":
            return "\n".join(f"> {line}" for line in "".join(_inline(part) for part in parts).split("\n"))
    return "".join(_inline(part) for part in parts)


def _inline(part: Json) -> str:
    text = _plain(part)
    for style, mark in MARKS:
        if part.get("style", {}).get(style) and text.strip():
            text = f"{mark}{text.strip()}{mark}" + " " * (len(text) - len(text.rstrip()))
    return text


def _plain(part: Json) -> str:
    written = {
        "text": lambda: _escaped(part["text"]),
        "link": lambda: f"<{part['url']}|{_escaped(part.get('text') or part['url'])}>",
        "user": lambda: f"<@{part['user_id']}>",
        "channel": lambda: f"<#{part['channel_id']}>",
        "emoji": lambda: f":{part['name']}:",
        "date": lambda: _escaped(part.get("fallback") or part["format"]),
    }
    return written.get(part["type"], str)()


def _buttons(elements: list[Json]) -> list[Json]:
    """The pair of thumbs as two buttons with the same id."""
    sides = [
        {
            "type": "button",
            "action_id": each["action_id"],
            **{name: each[side][name] for name in ("text", "value")},
        }
        for each in elements
        if each["type"] == "feedback_buttons"
        for side in ("positive_button", "negative_button")
    ]
    return sides + [
        {
            "type": "button",
            "action_id": each["action_id"],
            "text": each["text"],
            "value": each.get("value", ""),
        }
        for each in elements
        if each["type"] == "icon_button"
    ]


def _table(rows: list[list[Json]]) -> str:
    cells = [[_cell(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) for row in cells
    )


def _cell(cell: Json) -> str:
    if cell["type"] == "rich_text":
        return " ".join(_rich(each) for each in cell["elements"])
    return _escaped(str(cell["text"]))


def _code(text: str) -> str:
    return f"```{text}```"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
