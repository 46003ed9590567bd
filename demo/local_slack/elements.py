"""Finding what can be clicked in a message or view, and what Slack says of a click on it."""

from __future__ import annotations

from typing import Any

from demo.local_slack.limits import walk

Json = dict[str, Any]


class NothingToClick(Exception):
    """No such button is there; people cannot click what they do not see."""


def clicked(blocks: list[Json], action_id: str, value: str | None) -> Json:
    """What an interaction says of it; `value` tells which of several options or of equal buttons."""
    seen: list[str] = []
    for block in blocks:
        for node, _ in walk(block, ""):
            if "action_id" not in node:
                continue
            action = _action(node, value)
            seen.append(f"{node['action_id']}={action.get('value')}")
            if node["action_id"] == action_id and _is_meant(node, action, value):
                return action | {"action_id": action_id, "block_id": block["block_id"]}
    raise NothingToClick(
        f"nothing to click with action_id {action_id!r} and value {value!r}; there are: {seen}"
    )


def block_of(blocks: list[Json], action_id: str) -> str:
    """The id of the block in which it stands."""
    for block in blocks:
        if any(node.get("action_id") == action_id for node, _ in walk(block, "")):
            return str(block["block_id"])
    raise NothingToClick(f"nothing with action_id {action_id!r} is there")


def _is_meant(node: Json, action: Json, value: str | None) -> bool:
    return value is None or node["type"] != "button" or action.get("value") == value


def _action(node: Json, value: str | None) -> Json:
    kind = node["type"]
    action: Json = {"type": kind}
    match kind:
        case "button" | "icon_button":
            action |= {name: node[name] for name in ("value", "text") if name in node}
        case "feedback_buttons":
            sides = [node["positive_button"], node["negative_button"]]
            side = next((each for each in sides if each["value"] == value), sides[0])
            action |= {"value": side["value"], "text": side["text"]}
        case "overflow" | "static_select" | "radio_buttons":
            options = node.get("options") or [
                each for group in node["option_groups"] for each in group["options"]
            ]
            action["selected_option"] = next(
                (each for each in options if each.get("value") == value), options[0]
            )
        case "external_select":
            text = {"type": "plain_text", "text": value or ""}
            action["selected_option"] = {"text": text, "value": value}
        case "plain_text_input":
            action["value"] = value
    return action
