"""Chromium without a window, told what to show and asked for pictures of it."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import AsyncExitStack, suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp

if TYPE_CHECKING:
    from types import TracebackType

Json = dict[str, Any]
NAMES = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = "--headless=new --no-sandbox --disable-gpu --hide-scrollbars --disable-dev-shm-usage --no-first-run".split()
START_S = 120.0
SHOWN_S = 60.0
END_S = 30.0
LOOK_EVERY_S = 0.05
MARGIN = 12
SCALE = 1.25
"""Legible where a page of documentation shows it smaller."""


class NoPicture(Exception):
    """The browser is missing, or does not show what was asked for. The message says what to do."""


class Browser:
    """One page of a Chromium of this machine; an async context manager."""

    def __init__(self, width: int, height: int, patience_s: float = SHOWN_S) -> None:
        self._patience_s = patience_s
        self._window = (width, height)
        self._left = AsyncExitStack()
        self._numbers = count(1)

    async def __aenter__(self) -> Browser:
        async with AsyncExitStack() as left:
            folder = Path(left.enter_context(tempfile.TemporaryDirectory(prefix="tracewhy-picture-")))
            command = [_program(), *OPTIONS, f"--user-data-dir={folder}", "--remote-debugging-port=0"]
            process = subprocess.Popen(  # noqa: S603, ASYNC220 - our own arguments; it starts at once
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                process_group=0,
            )
            left.callback(_end, process)
            port = await _port(folder / "DevToolsActivePort")
            session = await left.enter_async_context(aiohttp.ClientSession())
            async with session.put(f"http://127.0.0.1:{port}/json/new") as response:
                page = (await response.json(content_type=None))["webSocketDebuggerUrl"]
            self._socket = await left.enter_async_context(session.ws_connect(page, max_msg_size=0))
            width, height = self._window
            await self._do(
                "Emulation.setDeviceMetricsOverride",
                width=width,
                height=height,
                deviceScaleFactor=SCALE,
                mobile=False,
            )
            self._left = left.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._left.aclose()

    async def show(self, address: str, until: str, style: str = "") -> None:
        """Go there and wait for an element; `until` is its CSS selector. The style is added to the page's own."""
        await self._do("Page.navigate", url=address)
        await self.wait(until)
        await self.evaluate(
            f"document.head.append(Object.assign(document.createElement('style'), {{textContent: {json.dumps(style)}}}))"
        )

    async def wait(self, selector: str) -> None:
        """Until the page has such an element.

        Raises:
            NoPicture: it has none after a while.
        """
        try:
            async with asyncio.timeout(self._patience_s):
                while not await self.evaluate(f"!!document.querySelector({json.dumps(selector)})"):  # noqa: ASYNC110 - nothing tells us
                    await asyncio.sleep(LOOK_EVERY_S)
        except TimeoutError:
            raise NoPicture(
                f"The page shows no {selector} after {self._patience_s:g} s: it is another version's."
            ) from None

    async def evaluate(self, expression: str) -> Any:
        """What the expression gives in the page."""
        answer = await self._do("Runtime.evaluate", expression=expression, returnByValue=True)
        return answer.get("result", {}).get("value")

    async def picture(self, first: str, last: str) -> bytes:
        """A PNG of what lies between the first element of one selector and the last of another, as wide as the first."""
        place = await self.evaluate(
            f"""(() => {{
                const first = document.querySelector({json.dumps(first)}).getBoundingClientRect();
                const last = [...document.querySelectorAll({json.dumps(last)})].pop().getBoundingClientRect();
                return {{x: first.x, y: first.y, width: first.width, height: last.bottom - first.y}};
            }})()"""
        )
        clip = {**place, "height": place["height"] + MARGIN, "scale": 1}
        answer = await self._do("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)
        return base64.b64decode(answer["data"])

    async def _do(self, method: str, **parameters: Any) -> Json:
        """Ask the browser, and wait for its answer to this."""
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        while True:
            said: Json = await self._socket.receive_json(timeout=SHOWN_S)
            if said.get("id") == number:
                return dict(said.get("result", {}))


def _program() -> str:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise NoPicture("There is no Chromium here. Install it (on Debian: apt-get install chromium).")
    return found


async def _port(file: Path) -> int:
    """Where the browser listens: it writes that down when it does."""
    try:
        async with asyncio.timeout(START_S):
            while not (said := _words(file)):  # noqa: ASYNC110 - likewise
                await asyncio.sleep(LOOK_EVERY_S)
    except TimeoutError:
        raise NoPicture(f"Chromium did not start within {START_S:.0f} s.") from None
    return int(said[0])


def _words(file: Path) -> list[str]:
    return file.read_text("utf-8").split() if file.is_file() else []


def _end(process: subprocess.Popen[bytes]) -> None:
    """It and what it started: each holds the end of our pipe, and may write to the folder, until it is gone."""
    os.killpg(process.pid, signal.SIGKILL)
    with suppress(subprocess.TimeoutExpired):
        process.communicate(timeout=END_S)
