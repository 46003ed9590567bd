"""The arguments of a Web API call, whichever way they were sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aiohttp import web

Json = dict[str, Any]
STRUCTURED = "blocks attachments view metadata unfurls files prompts chunks message".split()
"""What comes as text that holds JSON when the rest comes as a form."""


async def read_arguments(request: web.Request) -> tuple[str | None, Json]:
    """The token and the arguments. What should be JSON and is not stays text."""
    arguments: Json = dict(request.query)
    if request.content_type == "application/json":
        arguments |= _object(await request.text())
    elif request.can_read_body:
        arguments |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    for name in STRUCTURED:
        if isinstance(arguments.get(name), str):
            arguments[name] = _json(arguments[name])
    header = request.headers.get("Authorization", "")
    token = arguments.pop("token", None)
    return (header.removeprefix("Bearer ") if header.startswith("Bearer ") else token), arguments


def _object(text: str) -> Json:
    found = _json(text)
    return found if isinstance(found, dict) else {}


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
