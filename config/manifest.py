"""What the shipped Slack manifest asks for, so that nobody has to keep a second list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

MANIFEST = Path(__file__).parent / "slack-manifest.yaml"


def manifest() -> dict[str, Any]:
    """The manifest as Slack reads it."""
    content: dict[str, Any] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    return content


def bot_scopes() -> tuple[str, ...]:
    """The scopes that the bot's token should have."""
    return tuple(manifest()["oauth_config"]["scopes"]["bot"])
