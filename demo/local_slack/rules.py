"""Whether Slack would take a message, a view or an unfurl, and if not, with which error it would refuse it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from demo.local_slack.chart import N_CHARTS
from demo.local_slack.limits import limit_problems, n_characters, repeated_block_ids, walk
from demo.local_slack.schema import Problem, shape_problems

Node = dict[str, Any]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
BUDGET = 10_000
"""What we allow ourselves of a message's characters."""
SURELY_TOO_LONG = 13_000
"""Slack's own limit is not documented; somewhere between 11,000 and 13,000."""
MARKDOWN_SUM = 12_000
TEXT = 40_000
ATTACHMENTS = 100
METADATA_BYTES = 8_192
MESSAGES_ONLY = {
    "markdown", "table", "data_table", "data_visualization", "context_actions", "task_card", "plan", "file", "card",
    "carousel",
}  # fmt: skip
MODALS_ONLY = {"alert"}
AT_MOST = {"table": 1, "data_visualization": N_CHARTS}
"""How many of these a message may have."""
PARSED = {None, "mrkdwn", "markdown", "markdown_text"}
"""Where Slack reads `<!channel>` as a mention; a message itself has no type."""
TO_EVERYONE = re.compile(r"<!(channel|here|everyone)\b")


@dataclass(frozen=True)
class Verdict:
    """What is wrong: `error` as Slack names it, empty where Slack would take it and only our own rules are broken."""

    error: str = ""
    problems: list[Problem] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.error or self.problems)


FINE = Verdict()


def message_verdict(message: Node) -> Verdict:
    """Of what chat.postMessage, chat.update, chat.postEphemeral and a response_url are given."""
    blocks, text = message.get("blocks"), message.get("text")
    if text is not None and not isinstance(text, str):
        return Verdict("invalid_arguments", [Problem("text must be a string", "/text")])
    if not (text or "").strip():
        return Verdict(
            "no_text", [Problem("a message needs text, also beside blocks: notifications show it")]
        )
    if len(text or "") > TEXT:
        return Verdict("msg_too_long", [Problem(f"text is longer than {TEXT} characters", "/text")])
    return (
        (blocks_verdict(blocks) if blocks is not None else FINE)
        or _attachments_verdict(message.get("attachments"))
        or _metadata_verdict(message.get("metadata"))
        or _to_everyone(message)
    )


def blocks_verdict(blocks: object) -> Verdict:
    """Of the blocks of one message."""
    if not isinstance(blocks, list):
        return Verdict("invalid_blocks_format", [Problem("blocks must be a list", "/blocks")])
    problems = _block_problems(blocks, MODALS_ONLY, MESSAGE_BLOCKS)
    if problems:
        return Verdict("invalid_blocks", problems)
    length = n_characters(blocks)
    if length > SURELY_TOO_LONG:
        return Verdict("msg_blocks_too_long", [Problem(f"{length} characters in the blocks", "/blocks")])
    if length > BUDGET:
        return Verdict("", [Problem(f"{length} characters in the blocks; our budget is {BUDGET}", "/blocks")])
    return FINE


def view_verdict(view: object, kind: str) -> Verdict:
    """Of a modal (kind `modal`) or an App Home (kind `home`)."""
    problems = shape_problems(kind, view, "/view")
    if problems or not isinstance(view, dict):
        return Verdict("invalid_arguments", problems)
    others = MESSAGES_ONLY if kind == "modal" else MESSAGES_ONLY | MODALS_ONLY
    problems = _block_problems(view["blocks"], others, VIEW_BLOCKS, "/view/blocks")
    problems += limit_problems({name: value for name, value in view.items() if name != "blocks"}, "/view")
    if any(block["type"] == "input" for block in view["blocks"]) and kind == "modal" and "submit" not in view:
        problems.append(Problem("submit is required when there is an input block", "/view/submit"))
    return Verdict("invalid_arguments", problems) if problems else FINE


def unfurls_verdict(unfurls: object) -> Verdict:
    """Of what chat.unfurl is given, by address."""
    if not isinstance(unfurls, dict) or not unfurls:
        return Verdict("missing_unfurls", [Problem("unfurls must have at least one address", "/unfurls")])
    for address, unfurl in unfurls.items():
        verdict = blocks_verdict(unfurl.get("blocks", [])) or _to_everyone(unfurl)
        if verdict:
            error = "cannot_unfurl_url" if verdict.error else ""
            return Verdict(
                error, [Problem(each.what, f"/unfurls/{address}{each.pointer}") for each in verdict.problems]
            )
    return FINE


def options_verdict(answer: object) -> Verdict:
    """Of what a type-ahead select is answered with."""
    select = {"type": "static_select", "action_id": "a", **(answer if isinstance(answer, dict) else {})}
    found = (
        (answer or {}).get("options", (answer or {}).get("option_groups"))
        if isinstance(answer, dict)
        else None
    )
    if not isinstance(found, list):
        return Verdict("invalid_arguments", [Problem("the answer needs options or option_groups")])
    if not found:
        return FINE
    block = {"type": "actions", "elements": [select]}
    problems = shape_problems("block", block, "") or limit_problems(block, "")
    return Verdict("invalid_arguments", problems) if problems else FINE


def chunks_verdict(chunks: object) -> Verdict:
    """Of what is appended to a stream."""
    if not isinstance(chunks, list):
        return Verdict("invalid_chunks", [Problem("chunks must be a list", "/chunks")])
    problems = [
        problem
        for index, chunk in enumerate(chunks)
        for problem in shape_problems("chunk", chunk, f"/chunks/{index}")
        or limit_problems(chunk, f"/chunks/{index}")
    ]
    return Verdict("invalid_chunks", problems) if problems else _to_everyone({"chunks": chunks})


def _block_problems(
    blocks: list[Any], misplaced: set[str], most: int, pointer: str = "/blocks"
) -> list[Problem]:
    if len(blocks) > most:
        return [Problem(f"no more than {most} items allowed", pointer)]
    shapes = [
        problem
        for index, block in enumerate(blocks)
        for problem in shape_problems("block", block, f"{pointer}/{index}")
    ]
    return shapes or [*limit_problems(blocks, pointer), *_together(blocks, misplaced, pointer)]


def _together(blocks: list[Node], misplaced: set[str], pointer: str) -> list[Problem]:
    """What no block has wrong by itself."""
    kinds = [block["type"] for block in blocks]
    problems = [
        Problem(f"{kind} is not allowed here", f"{pointer}/{index}")
        for index, kind in enumerate(kinds)
        if kind in misplaced
    ]
    problems += [
        Problem(f"no more than {most} {kind} allowed in a message", pointer)
        for kind, most in AT_MOST.items()
        if kinds.count(kind) > most
    ]
    problems += [Problem(f"block_id {each!r} already exists", pointer) for each in repeated_block_ids(blocks)]
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > MARKDOWN_SUM:
        problems.append(Problem(f"no more than {MARKDOWN_SUM} characters of markdown in a message", pointer))
    return problems


def _attachments_verdict(attachments: object) -> Verdict:
    if attachments is None:
        return FINE
    if not isinstance(attachments, list) or len(attachments) > ATTACHMENTS:
        return Verdict("too_many_attachments", [Problem("attachments must be a list of at most 100")])
    for index, attachment in enumerate(attachments):
        verdict = blocks_verdict(attachment.get("blocks", []))
        problems = verdict.problems or shape_problems("attachment", attachment, f"/attachments/{index}")
        if problems:
            return Verdict(verdict.error and "invalid_attachments", problems)
    return FINE


def _metadata_verdict(metadata: object) -> Verdict:
    if metadata is None:
        return FINE
    problems = shape_problems("metadata", metadata, "/metadata")
    if problems:
        return Verdict("invalid_metadata_format", problems)
    if len(json.dumps(metadata)) > METADATA_BYTES:
        return Verdict("metadata_too_large", [Problem(f"more than {METADATA_BYTES} bytes", "/metadata")])
    return FINE


def _to_everyone(message: Node) -> Verdict:
    """Slack takes a mention of everyone; a bot that repeats what strangers wrote must not make one."""
    problems = [
        Problem("mentions everyone in the channel", place)
        for node, place in walk(message, "")
        if node.get("type") == "broadcast" or (node.get("type") in PARSED and _mentions(node))
    ]
    return Verdict("", problems)


def _mentions(node: Node) -> bool:
    return any(isinstance(value, str) and TO_EVERYONE.search(value) for value in node.values())
