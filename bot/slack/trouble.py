"""What Slack can refuse, and what to do about it."""

from __future__ import annotations

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

CONNECTION_ERRORS = (aiohttp.ClientError, TimeoutError, ConnectionError)
"""Slack does not answer at all."""

GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
"""A message can no longer be edited: a new one is posted."""
TOO_MUCH = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"})
"""Slack does not take these blocks: the plain text is sent."""
UNKNOWN_HERE = frozenset(
    {
        "missing_scope",
        "unknown_method",
        "not_allowed_token_type",
        "method_not_supported_for_channel_type",
        "feature_not_enabled",
        "not_implemented",
    }
)
"""The workspace, or the way the app is installed, lacks it."""
REVOKED = frozenset({"token_revoked", "invalid_auth", "account_inactive", "token_expired", "not_authed"})

ADVICE = {
    "not_in_channel": ("I am not in that channel.", "Invite me with /invite, then press the button again."),
    "channel_not_found": (
        "I cannot see that channel.",
        "Invite me with /invite, then try again; in a direct message I always answer.",
    ),
    "is_archived": ("That channel is archived.", "Ask in another channel, or in a direct message."),
    "restricted_action": (
        "I may not post in that channel.",
        "Ask whoever runs the workspace, or ask in a direct message.",
    ),
    "ratelimited": ("Slack asks us to slow down.", "Wait a minute, then try again."),
    "missing_scope": (
        "The app lacks a permission for that.",
        "Whoever runs it can say more: tracewhy doctor.",
    ),
    "expired_trigger_id": ("That took too long to open.", "Press the button again."),
}
REVOKED_ADVICE = (
    "Slack no longer accepts the app's token.",
    "Install the app anew in the workspace and set TRACEWHY_SLACK__BOT_TOKEN; tracewhy doctor checks it.",
)
UNREACHABLE_ADVICE = ("Slack cannot be reached.", "Wait and try again; tracewhy doctor checks the way there.")


def code_of(error: SlackApiError) -> str:
    """Slack's word for what went wrong, as `not_in_channel`; empty where it said nothing that can be read."""
    data = getattr(error.response, "data", error.response)
    code = data.get("error") if isinstance(data, dict) else None
    return code if isinstance(code, str) else ""


def explained(error: BaseException) -> tuple[str, str] | None:
    """What went wrong and what to do, where it is Slack's doing."""
    if isinstance(error, SlackApiError):
        code = code_of(error)
        if code in REVOKED:
            return REVOKED_ADVICE
        return ADVICE.get(
            code,
            (
                f"Slack refused what I wanted to show ({_shown(code)}).",
                "Try again, or ask in a direct message.",
            ),
        )
    if isinstance(error, (SlackClientError, *CONNECTION_ERRORS)):
        return UNREACHABLE_ADVICE
    return None


def _shown(code: str) -> str:
    return code if code.replace("_", "").isalnum() and len(code) < 60 else "no reason given"
