"""What the proxy remembers of the conversation because the program does not."""

from __future__ import annotations

import itertools
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
Place = tuple[str, str]
"""A message's channel and time."""

TRIGGER_S = 3.0
RESPONSES = 5
RESPONSE_S = 30 * 60


@dataclass(frozen=True)
class Call:
    """A Web API method the bot called."""

    method: str
    arguments: Json


@dataclass
class Trigger:
    """What lets a bot open a modal, once and soon."""

    user: str
    made_s: float = field(default_factory=time.monotonic)
    used: bool = False


@dataclass
class ResponseUrl:
    """Where a bot may answer a command or a click, up to five times."""

    user: str
    channel: str
    message_ts: str = ""
    thread_ts: str = ""
    made_s: float = field(default_factory=time.monotonic)
    uses: int = 0

    @property
    def spent(self) -> bool:
        """Whether Slack takes nothing there any more."""
        return self.uses >= RESPONSES or time.monotonic() > self.made_s + RESPONSE_S


@dataclass
class Stream:
    """A message that is still being written."""

    text: str


@dataclass
class Memory:
    """Everything, by what it belongs to."""

    calls: list[Call] = field(default_factory=list)
    blocks: dict[str, list[Json]] = field(default_factory=dict)
    """As they were sent, by the message's time."""
    file_pages: dict[str, str] = field(default_factory=dict)
    """Where a browser sees an uploaded file."""
    metadata: dict[Place, Json] = field(default_factory=dict)
    unfurls: dict[Place, Json] = field(default_factory=dict)
    streams: dict[Place, Stream] = field(default_factory=dict)
    statuses: dict[Place, str] = field(default_factory=dict)
    prompts: dict[str, list[Json]] = field(default_factory=dict)
    titles: dict[Place, str] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    responses: dict[str, ResponseUrl] = field(default_factory=dict)
    homes: dict[str, Json] = field(default_factory=dict)
    modals: dict[str, Json] = field(default_factory=dict)
    """By the user who has it open."""
    tickets: set[str] = field(default_factory=set)
    """Of the sockets that may still be opened."""
    archived: set[str] = field(default_factory=set)
    completed_files: set[str] = field(default_factory=set)
    ready_files: set[str] = field(default_factory=set)
    trigger_s: float = TRIGGER_S
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def response_url(self, base: str, response: ResponseUrl) -> str:
        """A new address at which the bot may answer."""
        key = uuid.uuid4().hex
        self.responses[key] = response
        return f"{base}/_respond/{key}"

    def remember_blocks(self, ts: str, blocks: list[Json] | None) -> None:
        """Those that the message has from now on, if any."""
        if blocks is None:
            self.blocks.pop(ts, None)
        else:
            self.blocks[ts] = blocks

    def view(self, view_id: str | None, external_id: str | None = None) -> Json | None:
        """The open modal or published home of that id."""
        for view in (*self.modals.values(), *self.homes.values()):
            if view["id"] == view_id or (external_id and view.get("external_id") == external_id):
                return view
        return None

    def with_block_ids(self, blocks: list[Json]) -> list[Json]:
        """The blocks, each with an id, as Slack gives to those that have none."""
        return [
            each if each.get("block_id") else {**each, "block_id": f"b{next(self._numbers)}"}
            for each in blocks
        ]

    def use_trigger(self, trigger_id: object) -> tuple[str, str]:
        """Who did what it came of, or why it is no good."""
        trigger = self.triggers.get(str(trigger_id))
        if trigger is None:
            return "", "invalid_trigger_id"
        if trigger.used:
            return "", "exchanged_trigger_id"
        if time.monotonic() > trigger.made_s + self.trigger_s:
            return "", "expired_trigger_id"
        trigger.used = True
        return trigger.user, ""
