"""Slack's limits and our own, checked on a finished message: written from Slack's documentation, not from our builder.

Everything it does not know it complains about, so that a new kind of block needs a new rule here first.
"""

from __future__ import annotations

import json
import re
from collections import Counter

MOST_JSON = 10_000
MOST_TEXT = 3_000
BLOCKS = {"message": 50, "modal": 100, "home": 100}
PLAIN = {
    "header": 150,
    "button": 75,
    "option": 75,
    "label": 2_000,
    "hint": 2_000,
    "placeholder": 150,
    "title": 24,
}
ENTITY = re.compile(r"&(?:amp|lt|gt);")
DATE = r"<!date\^\d{1,10}\^(?:\{[a-z_]+\}|[ :,])+\|[^<>|&]{1,60}>"
LINK = r"<https?://[^<>|\s]{1,3000}\|[^<>|]{1,200}>"
OURS = re.compile(f"{DATE}|{LINK}")
HIDDEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2028\u2029\ud800-\udfff]")
RICH = {"rich_text_section", "rich_text_list", "rich_text_preformatted"}


def complaints(message, surface="message"):
    """What Slack, or a careful reader, would refuse; empty where all is well."""
    return list(_complaints(message, surface))


def _complaints(message, surface):
    blocks = list(message["blocks"])
    if not blocks or len(blocks) > BLOCKS[surface]:
        yield f"{len(blocks)} blocks"
    if surface == "message":
        size = len(json.dumps({"text": message["text"], "blocks": blocks}))
        if size > MOST_JSON:
            yield f"{size} characters of JSON"
        if not message["text"].strip():
            yield "no text to fall back to"
        yield from _markup(message["text"])
    else:
        yield from _view(message, surface)
    for block in blocks:
        yield from _block(block)
    ids = Counter(one["action_id"] for one in _elements(blocks))
    yield from (f"{name} is there {count} times" for name, count in ids.items() if count > 1)
    yield from (f"hidden characters in {text!r}" for text in _texts(blocks) if HIDDEN.search(text))


def _view(view, surface):
    if view["type"] != surface:
        yield f"a {view['type']}, not a {surface}"
    if surface == "modal":
        for name in ("title", "submit", "close"):
            yield from _plain(view[name], "title")
        if len(view.get("private_metadata", "")) > 3_000 or len(view["callback_id"]) > 255:
            yield "metadata too long"


def _block(block):
    known = {
        "rich_text": _rich_text,
        "context": _context,
        "actions": _actions,
        "context_actions": _context_actions,
        "input": _input,
        "divider": lambda _: (),
        "image": _image,
        "header": lambda one: _plain(one["text"], "header"),
    }
    if block["type"] not in known:
        yield f"a block unknown here: {block['type']}"
        return
    if not 0 < len(block.get("block_id", "-")) <= 255:
        yield "block_id"
    yield from known[block["type"]](block)


def _image(block):
    if not 0 < len(block["alt_text"].strip()) <= 2_000:
        yield f"{len(block['alt_text'])} characters for those who do not see the picture"
    if not re.fullmatch(r"F[A-Z0-9]{8,}", block["slack_file"]["id"]):
        yield "a picture of no file"
    if not 0 < len(block["title"]["text"]) <= 2_000 or block["title"]["type"] != "plain_text":
        yield "the title of a picture"


def _rich_text(block):
    if not block["elements"]:
        yield "an empty rich text"
    for part in block["elements"]:
        if part["type"] not in RICH:
            yield f"rich text of {part['type']}"
        if not part["elements"]:
            yield "an empty part of rich text"
        sections = part["elements"] if part["type"] == "rich_text_list" else [part]
        for section in sections:
            yield from _inline(section["elements"])


def _inline(elements):
    for element in elements:
        if element["type"] not in {"text", "link"}:
            yield f"a mention or another {element['type']}"
        if not element.get("text") or len(element["text"]) > MOST_TEXT:
            yield f"a rich text of {len(element.get('text', ''))} characters"
        if element["type"] == "link" and not re.fullmatch(r"https?://[^<>|\s]{1,2990}", element["url"]):
            yield f"the link {element['url']}"


def _context(block):
    if not 0 < len(block["elements"]) <= 10:
        yield f"{len(block['elements'])} elements in a context"
    for element in block["elements"]:
        if not 0 < len(element["text"]) <= 2_000:
            yield f"{len(element['text'])} characters in a context"
        if element["type"] == "mrkdwn":
            yield from _markup(element["text"])
            if element.get("verbatim") is not True:
                yield "names and addresses become links by themselves"
        elif element["type"] != "plain_text":
            yield f"{element['type']} in a context"


def _actions(block):
    if not 0 < len(block["elements"]) <= 25:
        yield f"{len(block['elements'])} elements in a row"
    for element in block["elements"]:
        yield from _element(element)


def _element(element):
    if not 0 < len(element["action_id"]) <= 255:
        yield "action_id"
    match element["type"]:
        case "button":
            yield from _plain(element["text"], "button")
            if not 0 < len(element.get("value", "-")) <= 2_000:
                yield "the value of a button"
        case "overflow":
            yield from _options(element["options"], 5)
        case "static_select":
            yield from _options(element["options"], 100)
        case "external_select" | "plain_text_input":
            yield from _plain(element["placeholder"], "placeholder")
        case other:
            yield f"an element unknown here: {other}"


def _options(options, most):
    if not 0 < len(options) <= most:
        yield f"{len(options)} options"
    for option in options:
        yield from _plain(option["text"], "option")
        if not 0 < len(option["value"]) <= 150:
            yield f"an option's value of {len(option['value'])} characters"


def _context_actions(block):
    if not 0 < len(block["elements"]) <= 5:
        yield f"{len(block['elements'])} context actions"
    for element in block["elements"]:
        for side in ("positive_button", "negative_button"):
            yield from _plain(element[side]["text"], "button")
            if len(element[side]["value"]) > 2_000:
                yield "the value of a thumb"


def _input(block):
    yield from _plain(block["label"], "label")
    yield from _plain(block.get("hint", block["label"]), "hint")
    yield from _element(block["element"])


def _plain(text, what):
    if text["type"] != "plain_text" or not 0 < len(text["text"]) <= PLAIN[what]:
        yield f"{what} of {len(text['text'])} characters, {text['type']}"


def _markup(text):
    """Of Slack's markup only our own times and links may be left when the entities are taken out."""
    rest = ENTITY.sub("", OURS.sub("", text))
    if set(rest) & set("<>&"):
        yield f"unescaped markup: {rest!r}"
    if "\n" in text and len(text) > 2_000:
        yield "a long text"


def _elements(blocks):
    for block in blocks:
        if block["type"] in {"actions", "context_actions"}:
            yield from (one for one in block["elements"] if "action_id" in one)
        if block["type"] == "input":
            yield block["element"]


def _texts(value):
    """Every text that is shown, however deep it stands."""
    if isinstance(value, dict):
        for key, one in value.items():
            if key == "text" and isinstance(one, str):
                yield one
            else:
                yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
