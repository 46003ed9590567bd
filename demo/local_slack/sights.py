"""What is seen in the local Slack, by everyone or by one person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from demo.local_slack.views import shown

if TYPE_CHECKING:
    from demo.local_slack.proxy import Proxy
    from demo.local_slack.workspace import Workspace

Json = dict[str, Any]


class Sights:
    """Messages as they were sent, with their metadata and unfurls."""

    _proxy: Proxy
    workspace: Workspace

    async def messages(self, channel: str) -> list[Json]:
        """What everyone in the channel sees outside of threads, oldest first."""
        return [each for each in await self._seen(channel) if each.get("thread_ts") in {None, each["ts"]}]

    async def thread(self, channel: str, ts: str) -> list[Json]:
        """The replies to that message, oldest first."""
        return [
            each for each in await self._seen(channel) if each.get("thread_ts") == ts and each["ts"] != ts
        ]

    async def message_at(self, channel: str, ts: str) -> Json:
        """That message, also if only one person sees it."""
        found = await self._proxy.api.upstream.message_at(channel, ts)
        if found is None:
            raise LookupError(f"no message at {ts} in {channel}")
        return self._proxy.api.whole(channel, found)

    async def ephemerals(self, user: str) -> list[Json]:
        """What only that person sees, in every channel."""
        upstream = self._proxy.api.upstream
        everywhere = {channel: await upstream.messages(channel) for channel in await upstream.channels()}
        return [
            self._proxy.api.whole(channel, each)
            for channel, here in everywhere.items()
            for each in here
            if each.get("ephemeral_to") == user
        ]

    def modal(self, user: str) -> Json | None:
        """What they have open, if anything."""
        view = self._proxy.api.memory.modals.get(user)
        return shown(view) if view else None

    def home(self, user: str) -> Json | None:
        """Their Home, if one was published."""
        view = self._proxy.api.memory.homes.get(user)
        return shown(view) if view else None

    def status(self, channel: str, thread_ts: str) -> str:
        """What the assistant says it is doing in that thread; empty for nothing."""
        return self._proxy.api.memory.statuses.get((channel, thread_ts), "")

    def prompts(self, channel: str) -> list[Json]:
        """The prompts suggested there."""
        return self._proxy.api.memory.prompts.get(channel, [])

    async def _seen(self, channel: str) -> list[Json]:
        found = await self._proxy.api.upstream.messages(channel)
        return [self._proxy.api.whole(channel, each) for each in found if each.get("subtype") != "ephemeral"]
