"""Where the store is, for those who did not say. It needs no settings model, so that asking stays quick."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE = "TRACEWHY_STORE__FOLDER"


def default_folder(environment: Mapping[str, str]) -> Path:
    """The folder of the variable, else `tracewhy` where this user's data belongs (XDG Base Directory)."""
    if named := environment.get(VARIABLE):
        return Path(named).expanduser()
    data = Path(environment.get("XDG_DATA_HOME", ""))
    if data.is_absolute():
        return data / "tracewhy"
    home = environment.get("HOME")
    return (Path(home) if home else Path.home()) / ".local" / "share" / "tracewhy"
