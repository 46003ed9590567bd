"""A picture of what the local Slack's web page shows, taken by Chromium without a window."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SHOWN_MS = 6_000
TAKEN_S = 60
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = "--headless=new --no-sandbox --disable-gpu --hide-scrollbars --disable-dev-shm-usage".split()


class NoPicture(Exception):
    """The browser is missing or took none. The message says what to do."""


def browser() -> str:
    """A Chromium of this machine."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise NoPicture("There is no Chromium here. Install it (on Debian: apt-get install chromium).")
    return found


def take_picture(page: str, path: Path, width: int = 1280, height: int = 1600) -> None:
    """Write what a browser window of that size shows of the page as a PNG. It waits; run it beside an event loop."""
    with tempfile.TemporaryDirectory(prefix="tracewhy-picture-") as profile:
        window = [f"--user-data-dir={profile}", f"--window-size={width},{height}"]
        taking = [f"--virtual-time-budget={SHOWN_MS}", f"--screenshot={path.absolute()}"]
        command = [browser(), *OPTIONS, *window, *taking, page]
        run = subprocess.run(command, capture_output=True, text=True, timeout=TAKEN_S, check=False)  # noqa: S603 - the arguments are ours
    if not path.is_file():
        raise NoPicture(f"Chromium took no picture. It said: {run.stderr[-500:]}")


def thread_page(ui_url: str, channel: str, root_ts: str, reply_ts: str) -> str:
    """The address at which the page shows a channel with that thread open beside it."""
    return f"{ui_url}/archives/{channel}/p{reply_ts.replace('.', '')}?thread_ts={root_ts}&cid={channel}"
