"""How far the work on an answer is, told from wherever in the work: each answer hears its own."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backends.interface import Progress

LISTENER: ContextVar[Progress | None] = ContextVar("LISTENER", default=None)
TOLD_EVERY_S = 1.0


def tell(doing: str, done: int, total: int | None) -> None:
    """What the backends are given: whoever waits for this answer is told. Quick, and callable from threads."""
    listener = LISTENER.get()
    if listener is not None:
        listener(doing, done, total)


@contextmanager
def told_to(show: Callable[[str], None], clock: Callable[[], float]) -> Iterator[None]:
    """Within this block what backends tell is shown, in words, on the event loop."""
    mark = LISTENER.set(_Told(show, clock, asyncio.get_running_loop()))
    try:
        yield
    finally:
        LISTENER.reset(mark)


class _Told:
    def __init__(
        self, show: Callable[[str], None], clock: Callable[[], float], loop: asyncio.AbstractEventLoop
    ) -> None:
        self._show = show
        self._clock = clock
        self._loop = loop
        self._due_s = 0.0

    def __call__(self, doing: str, done: int, total: int | None) -> None:
        now_s = self._clock()
        if now_s >= self._due_s:
            self._due_s = now_s + TOLD_EVERY_S
            self._loop.call_soon_threadsafe(self._show, words(doing, done, total))


def words(doing: str, done: int, total: int | None) -> str:
    """`reading day.json, 40 %`."""
    if not total:
        return f"{doing}, {done:,}" if done else doing
    return f"{doing}, {min(done * 100 // total, 100)} %"
