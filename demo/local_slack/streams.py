"""Messages that appear as they are written, which the program does not know: to it they are updates."""

from __future__ import annotations

from typing import Any

from demo.local_slack.api import Api, SlackError
from demo.local_slack.chat import post_message
from demo.local_slack.memory import Stream
from demo.local_slack.rules import Verdict, blocks_verdict, chunks_verdict
from demo.local_slack.schema import Problem

Json = dict[str, Any]
TEXT = 12_000


async def start_stream(api: Api, arguments: Json) -> Json:
    """chat.startStream: in a thread; in a channel it must say for whom."""
    channel = api.place(arguments.get("channel"))
    if not arguments.get("thread_ts"):
        raise SlackError("invalid_arguments")
    if not channel.startswith("D"):
        for name in ("recipient_team_id", "recipient_user_id"):
            if not arguments.get(name):
                raise SlackError(f"missing_{name}")
    text = _added(api, "chat.startStream", arguments)
    posted = await post_message(
        api, {"channel": channel, "thread_ts": arguments["thread_ts"], "text": text or "…"}
    )
    if not posted["ok"]:
        return posted
    api.memory.streams[posted["channel"], posted["ts"]] = Stream(text)
    return {"ok": True, "channel": posted["channel"], "ts": posted["ts"]}


async def append_stream(api: Api, arguments: Json) -> Json:
    """chat.appendStream."""
    stream = _open_stream(api, arguments)
    stream.text += _added(api, "chat.appendStream", arguments)
    return await _shown(api, arguments, stream, {})


async def stop_stream(api: Api, arguments: Json) -> Json:
    """chat.stopStream: may end with blocks and metadata."""
    stream = _open_stream(api, arguments)
    stream.text += _added(api, "chat.stopStream", arguments)
    blocks = arguments.get("blocks")
    if blocks is not None:
        api.check(blocks_verdict(blocks), "chat.stopStream", arguments)
    place = (str(arguments["channel"]), str(arguments["ts"]))
    if "metadata" in arguments:
        api.memory.metadata[place] = arguments["metadata"]
    del api.memory.streams[place]
    named = {"blocks": api.memory.with_block_ids(blocks)} if blocks else {}
    answer = await _shown(api, arguments, stream, named)
    message = await api.own_message(*place, error="message_not_owned_by_app")
    return {**answer, "message": message}


def _open_stream(api: Api, arguments: Json) -> Stream:
    channel = api.place(arguments.get("channel"))
    stream = api.memory.streams.get((channel, str(arguments.get("ts"))))
    if stream is None:
        raise SlackError("message_not_in_streaming_state")
    return stream


def _added(api: Api, method: str, arguments: Json) -> str:
    """What is appended, as text."""
    text, chunks = arguments.get("markdown_text") or "", arguments.get("chunks")
    if len(text) > TEXT:
        too_long = Verdict("msg_too_long", [Problem(f"no more than {TEXT} characters", "/markdown_text")])
        api.check(too_long, method, arguments)
    if chunks is not None:
        api.check(chunks_verdict(chunks), method, arguments)
    api.check(
        chunks_verdict([{"type": "markdown_text", "text": text}]) if text else Verdict(), method, arguments
    )
    return text + "".join(each.get("text", "") for each in chunks or [])


async def _shown(api: Api, arguments: Json, stream: Stream, more: Json) -> Json:
    channel, ts = str(arguments["channel"]), str(arguments["ts"])
    answer = await api.forward(
        "chat.update", {"channel": channel, "ts": ts, "text": stream.text or "…", **more}
    )
    return {"ok": answer["ok"], "channel": channel, "ts": ts}
