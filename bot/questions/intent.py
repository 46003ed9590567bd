"""What a question can mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class ExplainTrace:
    """Why this one trace took its time."""

    trace_id: str
    """32 lower-case hex digits."""


@dataclass(frozen=True)
class Help:
    """What can be asked."""


Intent: TypeAlias = ExplainTrace | Help
