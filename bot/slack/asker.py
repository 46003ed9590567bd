"""Who asks, and where: what Slack says of it in each of its payloads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Payload: TypeAlias = Mapping[str, Any]
"""What Slack sends. Its text is whatever people wrote; its ids are Slack's."""


@dataclass(frozen=True)
class Asker:
    """A person in a place. What Slack does not say is empty."""

    user: str
    team: str = ""
    channel: str = ""


def asker_of_command(command: Payload) -> Asker:
    """Who wrote a slash command."""
    return Asker(_text(command, "user_id"), _text(command, "team_id"), _text(command, "channel_id"))


def asker_of_interaction(body: Payload) -> Asker:
    """Who pressed a button, submitted a view or typed into a menu."""
    user, channel = _part(body, "user"), _part(body, "channel")
    container = _part(body, "container")
    return Asker(
        _text(user, "id"),
        _text(user, "team_id") or _text(_part(body, "team"), "id"),
        _text(channel, "id") or _text(container, "channel_id"),
    )


def asker_of_event(body: Payload) -> Asker:
    """Who raised an event."""
    event = _part(body, "event")
    # In a channel shared between companies the body names ours, and the event the one that the person is of.
    team = _text(event, "user_team") or _text(event, "team") or _text(body, "team_id")
    return Asker(_text(event, "user"), team, _text(event, "channel"))


def _part(payload: Payload, key: str) -> Payload:
    part = payload.get(key)
    return part if isinstance(part, Mapping) else {}


def _text(payload: Payload, key: str) -> str:
    value = payload.get(key)
    return value if isinstance(value, str) else ""
