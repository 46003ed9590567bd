"""The tokens of Slack, by their form alone: nothing is asked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.services.doctor.finding import fail, ok, warn

if TYPE_CHECKING:
    from pydantic import SecretStr

    from bot.services.doctor.finding import Finding
    from config.settings import SlackSettings

ABOUT = "slack tokens"
SET_UP = "docs/how-to/set-up-slack.md shows where it is found."
KINDS = {
    "xoxb-": "a bot's token: it belongs into slack.bot_token",
    "xapp-": "an app-level token: it belongs into slack.app_token",
    "xoxp-": "a person's token, which tracewhy has no use for",
    "xoxe": "a token for configuring apps, or one that expires, which tracewhy has no use for",
}
SIGNING_SECRET = re.compile(r"[0-9a-f]{32}")


def look_at_tokens(slack: SlackSettings) -> list[Finding]:
    """What is missing, and what is in the wrong place. No part of a token is shown."""
    if not slack.is_wanted:
        return [
            warn(
                ABOUT,
                "none, so there is no bot in Slack",
                "docs/how-to/set-up-slack.md gets you two of them.",
            )
        ]
    wrong = [
        fail(ABOUT, f"{name} is missing, which mode {slack.mode} needs", SET_UP) for name in slack.missing
    ]
    wrong += _misplaced("slack.bot_token", slack.bot_token, "xoxb-")
    wrong += _misplaced("slack.app_token", slack.app_token, "xapp-")
    secret = slack.signing_secret.get_secret_value() if slack.signing_secret else None
    if secret and not SIGNING_SECRET.fullmatch(secret):
        wrong.append(
            warn(
                ABOUT, "slack.signing_secret is not 32 hex digits as Slack's are", f"Copy it again: {SET_UP}"
            )
        )
    return wrong or [ok(ABOUT, f"there, and of the right form for mode {slack.mode}")]


def _misplaced(name: str, secret: SecretStr | None, begins: str) -> list[Finding]:
    token = secret.get_secret_value() if secret else begins
    if token.startswith(begins):
        return []
    kind = next((kind for start, kind in KINDS.items() if token.startswith(start)), "no token of Slack")
    return [fail(ABOUT, f"{name} is {kind}", f"Give one that begins with {begins} instead: {SET_UP}")]
