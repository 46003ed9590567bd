"""What a person typed, from what Slack made of it."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

MARKUP = re.compile(r"<(?P<what>[^<>|]+)(?:\|(?P<label>[^<>]*))?>")
FENCE = re.compile(r"^`{1,3}\s*|\s*`{1,3}$")
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad"))


def typed(text: str, bot_user: str | None = None) -> str:
    """The words, without the mention of the bot; links and names as they were typed, nothing of it markup any more."""
    if bot_user:
        text = re.sub(rf"<@{re.escape(bot_user)}(?:\|[^<>]*)?>[:,]?", " ", text)
    plain = unescape(MARKUP.sub(_as_typed, text)).translate(INVISIBLE)
    return FENCE.sub("", plain.strip()).strip()


def mentions(text: str, bot_user: str) -> bool:
    """Whether the bot is named."""
    return re.search(rf"<@{re.escape(bot_user)}(?:\|[^<>]*)?>", text) is not None


def _as_typed(match: re.Match[str]) -> str:
    what, label = match["what"], match["label"] or ""
    if what.startswith("@"):
        return f"@{label or what[1:]}"
    if what.startswith("#"):
        return f"#{label or what[1:]}"
    if what.startswith("!"):
        return label or f"@{what[1:].split('^', 1)[0]}"
    return label if _linked_by_slack(what, label) else what


def _linked_by_slack(url: str, label: str) -> bool:
    """Slack makes links of what looks like a host or an address: `<http://shop.example|shop.example>`."""
    try:
        parts = urlsplit(unescape(url))
    except ValueError:
        return False
    return bool(label) and (parts.scheme == "mailto" or ("://" not in label and label in unescape(url)))
