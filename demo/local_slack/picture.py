"""A picture of what the local Slack's web page shows, taken by Chromium without a window."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path

SHOWN_MS = 6_000
TAKEN_S = 60
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class NoPicture(Exception):
    """The browser is missing or took none. The message says what to do."""


def browser() -> str:
    """A Chromium of this machine."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise NoPicture("There is no Chromium here. Install it (on Debian: apt-get install chromium).")
    return found


async def take_picture(page: str, path: Path, width: int = 1280, height: int = 1600) -> None:
    """Write what a browser window of that size shows of the page as a PNG."""
    with tempfile.TemporaryDirectory(prefix="tracewhy-picture-") as profile:
        options = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--disable-dev-shm-usage",
        ]
        options += [
            f"--user-data-dir={profile}",
            f"--window-size={width},{height}",
            "--force-device-scale-factor=1",
        ]
        options += [f"--virtual-time-budget={SHOWN_MS}", f"--screenshot={path.absolute()}"]
        process = await asyncio.create_subprocess_exec(
            browser(), *options, page, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        try:
            async with asyncio.timeout(TAKEN_S):
                said, _ = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if not path.is_file():
        raise NoPicture(f"Chromium took no picture. It said: {said.decode(errors='replace')[-500:]}")
