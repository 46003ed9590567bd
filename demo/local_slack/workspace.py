"""Who is in the local Slack, and the keys of the one app that is installed there."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Person:
    """Somebody in the workspace."""

    id: str
    name: str
    real_name: str
    tz: str = "Europe/Berlin"


@dataclass(frozen=True)
class Channel:
    """A channel and who is in it."""

    id: str
    name: str
    members: tuple[str, ...]
    is_private: bool = False
    topic: str = ""


ALICE = Person("U01ALICE", "alice", "Alice Anderson")
BOB = Person("U02BOB", "bob", "Bob Brown", tz="America/New_York")
CAROL = Person("U03CAROL", "carol", "Carol Clark", tz="Asia/Kolkata")
BOT = "U0BOT"


@dataclass(frozen=True)
class Workspace:
    """A workspace. The keys are those of a toy, and say so."""

    team_id: str = "T01LOCAL"
    name: str = "Local"
    domain: str = "local"
    app_id: str = "A01TRACEWHY"
    bot_user: str = BOT
    bot_name: str = "tracewhy"
    bot_token: str = "xoxb-local-slack"  # noqa: S105 - no secret: it opens nothing but this toy
    app_token: str = "xapp-1-local-slack"  # noqa: S105 - likewise
    signing_secret: str = "local-slack-signing-secret"  # noqa: S105 - likewise
    people: tuple[Person, ...] = (ALICE, BOB, CAROL)
    channels: tuple[Channel, ...] = (
        Channel("C01GEN", "general", (ALICE.id, BOB.id, CAROL.id, BOT)),
        Channel("C02OPS", "incidents", (ALICE.id, BOB.id, BOT), topic="What is slow, and why"),
        Channel("C03ALONE", "no-bot-here", (ALICE.id, BOB.id)),
        Channel("C04PRIV", "platform", (ALICE.id, BOT), is_private=True),
    )
    groups: dict[str, tuple[str, ...]] = field(default_factory=lambda: {"S01ONCALL": (ALICE.id,)})
    scopes: tuple[str, ...] = (
        *(
            "app_mentions:read",
            "assistant:write",
            "channels:history",
            "channels:read",
            "chat:write",
            "commands",
        ),
        *("files:read", "files:write", "groups:history", "groups:read", "im:history", "im:read", "im:write"),
        *("links:read", "links:write", "mpim:history", "usergroups:read", "users:read"),
    )

    def channel(self, channel_id: str) -> Channel | None:
        """The channel, if it is one of these; DMs are not."""
        return next((each for each in self.channels if each.id == channel_id), None)

    def configuration(self, request_url: str) -> dict[str, Any]:
        """What the program is told: everything that happens goes to that address."""
        app = {
            "appId": self.app_id,
            "botUserId": self.bot_user,
            "botName": self.bot_name,
            "botToken": self.bot_token,
            "appToken": self.app_token,
            "signingSecret": self.signing_secret,
            "mode": "events",
            "requestUrl": request_url,
        }
        return {
            "workspace": {"name": self.name, "domain": self.domain, "teamId": self.team_id},
            "apps": [app],
            "users": [asdict(each) for each in self.people],
            "channels": [asdict(each) for each in self.channels],
        }
