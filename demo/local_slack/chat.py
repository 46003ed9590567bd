"""The methods that write messages."""

from __future__ import annotations

from typing import Any

from demo.local_slack.api import Api, SlackError
from demo.local_slack.limits import walk
from demo.local_slack.rules import Verdict, message_verdict, unfurls_verdict
from demo.local_slack.schema import Problem

Json = dict[str, Any]


async def post_message(api: Api, arguments: Json) -> Json:
    """chat.postMessage: stored by the program, its metadata by us."""
    sent = await _checked(api, "chat.postMessage", arguments)
    await _thread_is_there(api, sent)
    answer = await api.forward("chat.postMessage", sent)
    if answer["ok"] and "metadata" in arguments:
        api.memory.metadata[answer["channel"], answer["ts"]] = arguments["metadata"]
    return answer


async def post_ephemeral(api: Api, arguments: Json) -> Json:
    """chat.postEphemeral: seen by one person, who must be there."""
    sent = await _checked(api, "chat.postEphemeral", arguments)
    channel = api.workspace.channel(sent["channel"])
    if not sent.get("user"):
        raise SlackError("invalid_arguments")
    if channel and sent["user"] not in channel.members:
        raise SlackError("user_not_in_channel")
    return await api.forward("chat.postEphemeral", sent)


async def update(api: Api, arguments: Json) -> Json:
    """chat.update: only of the bot's own; what is not given anew stays."""
    channel = api.place(arguments.get("channel"))
    old = await api.own_message(channel, arguments.get("ts"), error="cant_update_message")
    kept = {"blocks": old["blocks"]} if "blocks" in old else {}
    sent = await _checked(api, "chat.update", kept | arguments)
    if "metadata" in arguments:
        api.memory.metadata[channel, str(arguments["ts"])] = arguments["metadata"]
    return await api.forward("chat.update", sent)


async def delete(api: Api, arguments: Json) -> Json:
    """chat.delete: only of the bot's own."""
    channel = api.place(arguments.get("channel"))
    await api.own_message(channel, arguments.get("ts"), error="cant_delete_message")
    return await api.forward("chat.delete", arguments)


async def unfurl(api: Api, arguments: Json) -> Json:
    """chat.unfurl: kept beside the message, which need not be the bot's."""
    api.check(unfurls_verdict(arguments.get("unfurls")), "chat.unfurl", arguments)
    channel, ts = str(arguments.get("channel")), str(arguments.get("ts"))
    if "unfurl_id" in arguments:
        channel, ts = _unfurled(str(arguments["unfurl_id"]))
    if await api.upstream.message_at(channel, ts) is None:
        raise SlackError("cannot_find_message")
    api.memory.unfurls.setdefault((channel, ts), {}).update(arguments["unfurls"])
    return {"ok": True}


def unfurl_id(channel: str, ts: str) -> str:
    """By which a link_shared event names the message."""
    return f"{channel}.{ts}.unfurl"


def _unfurled(name: str) -> tuple[str, str]:
    channel, _, rest = name.partition(".")
    return channel, rest.removesuffix(".unfurl")


async def _checked(api: Api, method: str, arguments: Json) -> Json:
    """The arguments with an id on every block, if Slack would take them."""
    channel = api.place(arguments.get("channel"))
    api.check(message_verdict(arguments) or _files_ready(api, arguments), method, arguments)
    blocks = arguments.get("blocks")
    named = {"blocks": api.memory.with_block_ids(blocks)} if blocks is not None else {}
    return {**arguments, **named, "channel": channel}


def _files_ready(api: Api, arguments: Json) -> Verdict:
    """Slack completes uploads a while after it says so, and refuses blocks that show a file before then."""
    problems = [
        Problem("invalid slack file", f"{place}/slack_file")
        for node, place in walk(arguments.get("blocks"), "/blocks")
        if "slack_file" in node and node["slack_file"].get("id") not in api.memory.ready_files
    ]
    return Verdict("invalid_blocks", problems) if problems else Verdict()


async def _thread_is_there(api: Api, sent: Json) -> None:
    thread = sent.get("thread_ts")
    if thread and await api.upstream.message_at(sent["channel"], str(thread)) is None:
        raise SlackError("thread_not_found")
