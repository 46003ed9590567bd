"""Variables that need no settings to be read, so that asking stays quick."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.folder import VARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterable

PREFIX = "TRACEWHY_"
OTHER_VARIABLES = (
    "TRACEWHY_BACKEND",
    "TRACEWHY_BACKEND_CA_FILE",
    "TRACEWHY_BACKEND_PASSWORD",
    "TRACEWHY_BACKEND_TENANT",
    "TRACEWHY_BACKEND_TOKEN",
    "TRACEWHY_BACKEND_TOKEN_FILE",
    "TRACEWHY_BACKEND_USER",
    "TRACEWHY_DEBUG",
)
"""Variables that commands and backends read, which are no settings."""


def may_be_unknown(names: Iterable[str]) -> bool:
    """Whether some begin as ours do beyond the few that `ask` reads, so that it pays to look closer."""
    return any(name.upper().startswith(PREFIX) and name not in {*OTHER_VARIABLES, VARIABLE} for name in names)
