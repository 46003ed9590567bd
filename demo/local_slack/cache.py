"""What `make servers` put into its cache outside the tree."""

from __future__ import annotations

import os
import re
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "scripts/servers"


class NotBuilt(Exception):
    """Something that `make servers` makes is not there. The message says what to do."""


def built(name: str) -> Path:
    """The file of that name in the version that scripts/servers names."""
    version = re.search(rf'^{name.upper()}_VERSION="([^"]+)"', SCRIPT.read_text("utf-8"), re.MULTILINE)
    if version is None:
        raise NotBuilt(f"scripts/servers names no version of {name}.")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    servers = Path(os.environ.get("TRACEWHY_SERVERS_DIR") or cache / "tracewhy" / "servers")
    path = servers / f"{name}-{version[1]}" / name
    if not path.is_file():
        raise NotBuilt(
            f"{name} {version[1]} is not in {servers}. Run `make servers` (needs npm), then again."
        )
    return path
