"""A message or a view as one would read it: what the golden files hold, so that a difference can be read too."""

from __future__ import annotations


def drawn(blocks):
    return "\n".join(line for block in blocks for line in _block(block)) + "\n"


def _block(block):
    match block["type"]:
        case "rich_text":
            for part in block["elements"]:
                yield from _rich(part)
        case "context":
            yield from (f"~ {line}" for one in block["elements"] for line in one["text"].split("\n"))
        case "actions":
            yield "  ".join(map(_element, block["elements"]))
        case "context_actions":
            yield "(useful) (not useful)"
        case "header":
            yield f"# {block['text']['text']}"
        case "divider":
            yield "---"
        case "input":
            yield f"{block['label']['text']}: {_element(block['element'])}"


def _rich(part):
    match part["type"]:
        case "rich_text_section":
            yield "".join(map(_inline, part["elements"]))
        case "rich_text_list":
            yield from ("- " + "".join(map(_inline, one["elements"])) for one in part["elements"])
        case "rich_text_preformatted":
            yield from ("```", part["elements"][0]["text"], "```")


def _inline(element):
    return f"**{element['text']}**" if element.get("style", {}).get("bold") else element["text"]


def _element(element):
    match element["type"]:
        case "button":
            return f"[{element['text']['text']} = {element['action_id']} {element.get('value', '')}]"
        case "overflow":
            return "[... " + " | ".join(f"{_label(one)} = {one['value']}" for one in element["options"]) + "]"
        case "static_select":
            return f"<{' | '.join(map(_label, element['options']))}>"
        case kind:
            return f"<{kind} {element['placeholder']['text']}>"


def _label(option):
    return option["text"]["text"]
