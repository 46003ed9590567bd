"""Programs that `make servers` built, found in its cache."""

from __future__ import annotations

import os
import re
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]


def built(name: str) -> Path | None:
    """The program of that name in the version that scripts/servers names, if it was built."""
    script = (REPOSITORY / "scripts/servers").read_text()
    version = re.search(rf'^{name.upper()}_VERSION="([^"]+)"', script, re.MULTILINE)
    assert version, f"scripts/servers names no version of {name}"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    servers = Path(os.environ.get("TRACEWHY_SERVERS_DIR") or cache / "tracewhy" / "servers")
    program = servers / f"{name}-{version[1]}" / name
    return program if program.is_file() else None
