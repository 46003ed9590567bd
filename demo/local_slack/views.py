"""Modals and App Homes. The program shows them; which one is whose, and by which id, we remember."""

from __future__ import annotations

from typing import Any

from demo.local_slack.api import Api, SlackError
from demo.local_slack.page import for_page
from demo.local_slack.rules import view_verdict

Json = dict[str, Any]
UPSTREAM_ID = "_id"
"""The program gives a view another id when it is updated; Slack does not."""


async def open_view(api: Api, arguments: Json) -> Json:
    """views.open: within three seconds of what the person did."""
    return await _opened(api, "views.open", arguments)


async def push_view(api: Api, arguments: Json) -> Json:
    """views.push: over the one that is open."""
    return await _opened(api, "views.push", arguments)


async def _opened(api: Api, method: str, arguments: Json) -> Json:
    view = _checked(api, method, arguments, "modal")
    user, problem = api.memory.use_trigger(arguments.get("trigger_id"))
    if problem:
        raise SlackError(problem)
    below = api.memory.modals.get(user) if method == "views.push" else None
    answer = await api.forward(method, {**arguments, "view": _on_page(api, view)})
    if answer["ok"]:
        made = _kept(answer["view"], view)
        made["previous_view_id"] = below["id"] if below else None
        made["root_view_id"] = below["root_view_id"] if below else made["id"]
        api.memory.modals[user] = made
        answer["view"] = shown(made)
    return answer


async def update_view(api: Api, arguments: Json) -> Json:
    """views.update: by id, and with a hash only if nobody was quicker."""
    old = api.memory.view(arguments.get("view_id"), arguments.get("external_id"))
    if old is None:
        raise SlackError("not_found")
    if arguments.get("hash") not in {None, old["hash"]}:
        raise SlackError("hash_conflict")
    view = _checked(api, "views.update", arguments, old["type"])
    answer = await api.forward("views.update", {"view_id": old[UPSTREAM_ID], "view": _on_page(api, view)})
    if answer["ok"]:
        new = _kept(answer["view"], view)
        old |= {**new, "id": old["id"], "root_view_id": old["root_view_id"]}
        answer["view"] = shown(old)
    return answer


async def publish_view(api: Api, arguments: Json) -> Json:
    """views.publish: a person's Home."""
    view = _checked(api, "views.publish", arguments, "home")
    user = str(arguments.get("user_id"))
    if user not in {each.id for each in api.workspace.people}:
        raise SlackError("user_not_found")
    published = api.memory.homes.get(user)
    if published and arguments.get("hash") not in {None, published["hash"]}:
        raise SlackError("hash_conflict")
    answer = await api.forward("views.publish", {**arguments, "view": _on_page(api, view)})
    if answer["ok"]:
        kept = _kept(answer["view"], view)
        api.memory.homes[user] = {**kept, "id": published["id"] if published else kept["id"]}
        answer["view"] = shown(api.memory.homes[user])
    return answer


def shown(view: Json) -> Json:
    """The view as a bot gets to see it."""
    return {name: value for name, value in view.items() if name != UPSTREAM_ID}


def _kept(made: Json, sent: Json) -> Json:
    return {**made, "blocks": sent["blocks"], UPSTREAM_ID: made["id"]}


def _on_page(api: Api, view: Json) -> Json:
    return {**view, "blocks": for_page(view["blocks"], api.memory.file_pages)}


def _checked(api: Api, method: str, arguments: Json, kind: str) -> Json:
    view = arguments.get("view")
    api.check(view_verdict(view, kind), method, arguments)
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments")
    return {**view, "blocks": api.memory.with_block_ids(view["blocks"])}
