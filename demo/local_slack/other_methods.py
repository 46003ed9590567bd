"""Methods that the program lacks or answers too kindly, apart from messages and views."""

from __future__ import annotations

from typing import Any

from demo.local_slack.api import Api, SlackError
from demo.local_slack.rules import blocks_verdict, message_verdict, view_verdict

Json = dict[str, Any]
PROMPTS = 4


async def validate_blocks(_api: Api, arguments: Json) -> Json:
    """blocks.validate: says what is wrong, and writes nothing down."""
    given = [name for name in ("blocks", "message", "view") if name in arguments]
    if len(given) != 1:
        raise SlackError("invalid_arguments")
    if "view" in arguments:
        view = arguments["view"]
        verdict = view_verdict(
            view, "home" if isinstance(view, dict) and view.get("type") == "home" else "modal"
        )
    elif "message" in arguments:
        verdict = message_verdict(arguments["message"])
    else:
        verdict = blocks_verdict(arguments["blocks"])
    if verdict.error:
        raise SlackError(verdict.error, verdict.problems)
    return {"ok": True}


async def set_status(api: Api, arguments: Json) -> Json:
    """assistant.threads.setStatus: an empty one takes it away."""
    channel, ts, status = (_needed(arguments, name) for name in ("channel_id", "thread_ts", "status"))
    api.memory.statuses[api.place(channel), ts] = status
    return {"ok": True}


async def set_title(api: Api, arguments: Json) -> Json:
    """assistant.threads.setTitle."""
    channel, ts, title = (_needed(arguments, name) for name in ("channel_id", "thread_ts", "title"))
    api.memory.titles[api.place(channel), ts] = title
    return {"ok": True}


async def set_suggested_prompts(api: Api, arguments: Json) -> Json:
    """assistant.threads.setSuggestedPrompts: up to four."""
    channel, prompts = api.place(arguments.get("channel_id")), arguments.get("prompts")
    if not isinstance(prompts, list) or not 0 < len(prompts) <= PROMPTS:
        raise SlackError("invalid_arguments")
    if not all(isinstance(each, dict) and each.get("title") and each.get("message") for each in prompts):
        raise SlackError("invalid_arguments")
    api.memory.prompts[channel] = prompts
    return {"ok": True}


async def list_group(api: Api, arguments: Json) -> Json:
    """usergroups.users.list."""
    members = api.workspace.groups.get(str(arguments.get("usergroup")))
    if members is None:
        raise SlackError("no_such_subteam")
    return {"ok": True, "users": list(members)}


async def list_groups(api: Api, _arguments: Json) -> Json:
    """usergroups.list."""
    groups = [
        {"id": name, "handle": name.lower(), "users": list(who)} for name, who in api.workspace.groups.items()
    ]
    return {"ok": True, "usergroups": groups}


async def channel_info(api: Api, arguments: Json) -> Json:
    """conversations.info: with what is true of the bot there."""
    answer = await api.forward("conversations.info", arguments)
    if answer["ok"]:
        channel = answer["channel"]
        known = api.workspace.channel(channel["id"])
        channel["is_member"] = known is None or api.workspace.bot_user in known.members
        channel["is_archived"] = channel["id"] in api.memory.archived
    return answer


async def history(api: Api, arguments: Json) -> Json:
    """conversations.history: without what only one person sees."""
    return await _read(api, "conversations.history", arguments)


async def replies(api: Api, arguments: Json) -> Json:
    """conversations.replies: likewise."""
    answer = await _read(api, "conversations.replies", arguments)
    if answer["ok"] and not answer["messages"]:
        raise SlackError("thread_not_found")
    return answer


async def _read(api: Api, method: str, arguments: Json) -> Json:
    channel = api.place(arguments.get("channel"))
    answer = await api.forward(method, arguments)
    if answer["ok"]:
        answer["messages"] = [
            api.whole(channel, each) for each in answer["messages"] if each.get("subtype") != "ephemeral"
        ]
    return answer


async def complete_upload(api: Api, arguments: Json) -> Json:
    """files.completeUploadExternal: done, but not at once to be shown in a block."""
    answer = await api.forward("files.completeUploadExternal", arguments)
    if answer["ok"]:
        api.memory.completed_files |= {each["id"] for each in answer["files"]}
        api.memory.file_pages |= {each["id"]: each["permalink"] for each in answer["files"]}
    return answer


async def file_info(api: Api, arguments: Json) -> Json:
    """files.info: the first look finds the file without its type, as Slack still works on it."""
    answer = await api.forward("files.info", arguments)
    name = str(arguments.get("file"))
    if answer["ok"] and name in api.memory.completed_files:
        api.memory.completed_files.discard(name)
        answer["file"] |= {"mimetype": "", "filetype": ""}
    elif answer["ok"]:
        api.memory.ready_files.add(name)
    return answer


def _needed(arguments: Json, name: str) -> str:
    if name not in arguments:
        raise SlackError("invalid_arguments")
    return str(arguments[name])
