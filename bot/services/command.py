"""A question as the command that asks it."""

from __future__ import annotations

import shlex


def ask_command(question: str, backend: str | None) -> str:
    """What one would type in a shell, with the store where one is named."""
    words = ["tracewhy", "ask", question]
    return shlex.join([*words, "--backend", backend.removeprefix("file:")] if backend else words)
