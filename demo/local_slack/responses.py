"""What a bot says to a response_url, or in the acknowledgement of a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from demo.local_slack.api import Api, SlackError
from demo.local_slack.rules import message_verdict

if TYPE_CHECKING:
    from demo.local_slack.memory import ResponseUrl

Json = dict[str, Any]


async def respond(api: Api, response: ResponseUrl, said: Json) -> None:
    """Post, replace or delete, as it says; only the asker sees it if it does not say otherwise."""
    if response.spent:
        raise SlackError("used_url")
    response.uses += 1
    place = {"channel": response.channel, "ts": response.message_ts}
    if said.get("delete_original") and response.message_ts:
        await api.forward("chat.delete", place)
        return
    sent = _checked(api, "response_url", said)
    if said.get("replace_original") and response.message_ts:
        await api.forward("chat.update", sent | place)
        return
    await _post(api, response, sent, bool(said.get("response_type") == "in_channel"))


async def acknowledged(api: Api, response: ResponseUrl, said: object) -> None:
    """What a command was acknowledged with, shown to the asker."""
    if isinstance(said, dict) and (said.get("text") or said.get("blocks")):
        sent = _checked(api, "acknowledgement", said)
        await _post(api, response, sent, said.get("response_type") == "in_channel")


async def _post(api: Api, response: ResponseUrl, sent: Json, for_all: bool) -> None:
    thread = sent.get("thread_ts") or response.thread_ts
    arguments = sent | {"channel": response.channel} | ({"thread_ts": thread} if thread else {})
    if for_all:
        await api.forward("chat.postMessage", arguments)
    else:
        await api.forward("chat.postEphemeral", arguments | {"user": response.user})


def _checked(api: Api, method: str, said: Json) -> Json:
    api.check(message_verdict(said), method, said)
    kept: Json = {name: said[name] for name in ("text", "attachments", "thread_ts") if name in said}
    if "blocks" in said:
        kept["blocks"] = api.memory.with_block_ids(said["blocks"])
    return kept
