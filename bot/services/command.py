"""A question as the command that asks it."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from analyzers.report import Candidate


def ask_command(question: str, backend: str | None) -> str:
    """What one would type in a shell, with the store where one is named."""
    words = ["tracewhy", "ask", question]
    return shlex.join([*words, "--backend", backend.removeprefix("file:")] if backend else words)


def as_commands(candidates: tuple[Candidate, ...], backend: str | None) -> tuple[Candidate, ...]:
    """Questions as what one would type to ask them of a store."""
    return tuple(msgspec.structs.replace(one, text=ask_command(one.text, backend)) for one in candidates)
