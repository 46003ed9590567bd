"""What every Web API method of the proxy has at hand, and how it refuses."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from demo.local_slack.memory import Memory
from demo.local_slack.page import for_page

if TYPE_CHECKING:
    from demo.local_slack.rules import Verdict
    from demo.local_slack.schema import Problem
    from demo.local_slack.upstream import Upstream
    from demo.local_slack.workspace import Workspace

Json = dict[str, Any]


class SlackError(Exception):
    """The method is answered with an error of this name."""

    def __init__(self, error: str, problems: list[Problem] | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.problems = problems or []

    def answer(self) -> Json:
        """As Slack puts it."""
        said = [str(each) for each in self.problems]
        answer: Json = {"ok": False, "error": self.error}
        return answer | {"errors": said, "response_metadata": {"messages": said}} if said else answer


@dataclass(frozen=True)
class Refused:
    """A message or view that broke a rule; `error` is empty where Slack would have taken it but we do not want it."""

    method: str
    error: str
    problems: list[Problem]
    sent: Json

    def __str__(self) -> str:
        return f"{self.method}: {self.error or 'taken'}: {'; '.join(str(each) for each in self.problems)}"


@dataclass
class Api:
    """The workspace as the bot's calls see it."""

    workspace: Workspace
    base_url: str
    upstream: Upstream
    memory: Memory = field(default_factory=Memory)
    refused: list[Refused] = field(default_factory=list)

    def check(self, verdict: Verdict, method: str, sent: Json) -> None:
        """Write down what is wrong, and refuse what Slack would."""
        if verdict:
            self.refused.append(Refused(method, verdict.error, verdict.problems, sent))
        if verdict.error:
            raise SlackError(verdict.error, verdict.problems)

    def place(self, channel: object) -> str:
        """The channel, if the bot may write there; a person's id means the conversation with them."""
        name = str(channel or "")
        if not name:
            raise SlackError("channel_not_found")
        if name in self.memory.archived:
            raise SlackError("is_archived")
        known = self.workspace.channel(name)
        if known is None and not name.startswith(("D", "U")):
            raise SlackError("channel_not_found")
        if known and self.workspace.bot_user not in known.members:
            raise SlackError("channel_not_found" if known.is_private else "not_in_channel")
        return name

    async def own_message(self, channel: str, ts: object, *, error: str) -> Json:
        """A message of the bot's that everyone sees."""
        message = await self.upstream.message_at(channel, str(ts))
        if message is None or message.get("subtype") == "ephemeral":
            raise SlackError("message_not_found")
        if message.get("user") != self.workspace.bot_user:
            raise SlackError(error)
        return self.whole(channel, message)

    async def forward(self, method: str, arguments: Json) -> Json:
        """What the program behind us answers. Blocks reach it as its page can show them; we remember what they were."""
        blocks = arguments.get("blocks")
        if blocks is not None:
            arguments = {**arguments, "blocks": for_page(blocks, self.memory.file_pages)}
        answer = await self.upstream.call(method, arguments)
        ts = answer.get("ts") or answer.get("message_ts")
        if answer["ok"] and ts:
            self.memory.remember_blocks(ts, blocks)
            if "message" in answer:
                answer["message"] = self.whole(answer["channel"], answer["message"])
        return answer

    def whole(self, channel: str, message: Json) -> Json:
        """The message with what only we remember of it."""
        place = (channel, message["ts"])
        more: Json = {}
        if message["ts"] in self.memory.blocks:
            more["blocks"] = self.memory.blocks[message["ts"]]
        if place in self.memory.metadata:
            more["metadata"] = self.memory.metadata[place]
        if place in self.memory.unfurls:
            more["unfurls"] = self.memory.unfurls[place]
        if place in self.memory.streams:
            more["streaming"] = True
        return {**message, **more}


Method = Callable[[Api, Json], Awaitable[Json]]
