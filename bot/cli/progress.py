"""One line on the terminal while something takes long, gone when it is done."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

QUIET_S = 0.5
"""Before this nobody wonders what takes so long."""
EVERY_S = 0.1
TICK_S = 0.5
WIDEST = 70
ERASE_LINE = "\r\x1b[K"


class ProgressLine:
    """Says on a terminal what is being done, at most ten times a second, and not at all where it is done at once."""

    def __init__(self, stream: TextIO, clock: Callable[[], float], *, shown: bool) -> None:
        self._stream = stream
        self._clock = clock
        self._shown = shown
        self._began_s = clock()
        self._due_s = self._began_s + QUIET_S
        self._written = False

    def __call__(self, doing: str, done: int, total: int | None) -> None:
        if self._shown and self._clock() >= self._due_s:
            self._write(_words(doing, done, total))

    async def tick(self) -> None:
        """Say how long it has taken while nobody else says anything, until cancelled."""
        while self._shown:
            await asyncio.sleep(TICK_S)
            if self._clock() >= self._due_s + TICK_S:
                self._write(f"working, {self._clock() - self._began_s:.0f} s ")

    def _write(self, words: str) -> None:
        self._due_s = self._clock() + EVERY_S
        self._written = True
        self._stream.write(f"{ERASE_LINE}{words}")
        self._stream.flush()

    def clear(self) -> None:
        """Take the line away."""
        if self._written:
            self._written = False
            self._stream.write(ERASE_LINE)
            self._stream.flush()


def _words(doing: str, done: int, total: int | None) -> str:
    what = "".join(char if char.isprintable() and char.isascii() else "?" for char in doing[:WIDEST])
    amount = f"{min(done * 100 // total, 100)} %" if total else f"{done:,}"
    return f"{what} {amount} "
