"""Answers that are being made: how many at a time, and how one of them is stopped."""

from __future__ import annotations

import asyncio
import secrets
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

ID_BYTES = 12


class TooMany(Exception):
    """More questions wait than may."""


@dataclass(frozen=True)
class _Piece:
    task: asyncio.Task[None]
    asked_by: str


class Work:
    """Bounds what is worked on at a time; the others wait, first come first served."""

    def __init__(self, at_a_time: int, most_waiting: int) -> None:
        self._turns = asyncio.Semaphore(at_a_time)
        self._most_waiting = most_waiting
        self._pieces: dict[str, _Piece] = {}
        self.waiting = 0

    @property
    def count(self) -> int:
        """Answers that are being made or wait."""
        return len(self._pieces)

    @staticmethod
    def new_id() -> str:
        """What a cancel button carries."""
        return secrets.token_urlsafe(ID_BYTES)

    @contextmanager
    def entered(self, work_id: str, asked_by: str) -> Iterator[None]:
        """Within this block the running task can be stopped under the id."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("answers are made in tasks")
        self._pieces[work_id] = _Piece(task, asked_by)
        try:
            yield
        finally:
            del self._pieces[work_id]

    @asynccontextmanager
    async def turn(self, told_to_wait: Callable[[int], None]) -> AsyncIterator[None]:
        """One answer's turn; where others are before it, how many is told.

        Raises:
            TooMany: so many wait that it makes no sense to wait too.
        """
        if self.waiting >= self._most_waiting:
            raise TooMany
        if self._turns.locked():
            told_to_wait(self.waiting)
        self.waiting += 1
        try:
            await self._turns.acquire()
        finally:
            self.waiting -= 1
        try:
            yield
        finally:
            self._turns.release()

    def stop(self, work_id: str, user: str) -> bool | None:
        """Stop an answer: True if done, False if somebody else asked for it, None if there is none such any more."""
        piece = self._pieces.get(work_id)
        if piece is None:
            return None
        if piece.asked_by != user:
            return False
        piece.task.cancel()
        return True
