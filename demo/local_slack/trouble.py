"""What goes wrong on demand: answers that a test asked to be bad ones."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

Trouble = int | str
DUPLICATE = "duplicate"
NO_SOCKET = "no_socket"
ELSEWHERE = {DUPLICATE, NO_SOCKET}
"""What does not go wrong in a call."""
HANG_S = 3600


class DropConnection(Exception):
    """The connection is to end without an answer."""


@dataclass
class _Planned:
    trouble: Trouble
    times: int
    method: str | None
    retry_after_s: int


class Troubles:
    """What is planned to go wrong, first planned first."""

    def __init__(self) -> None:
        self._planned: list[_Planned] = []

    def plan(self, trouble: Trouble, times: int, method: str | None, retry_after_s: int) -> None:
        """Spoil so many answers; of that method, or whichever comes."""
        self._planned.append(_Planned(trouble, times, method, retry_after_s))

    def duplicates(self) -> bool:
        """Whether the next event is to come twice."""
        return self._take(lambda each: each.trouble == DUPLICATE) is not None

    def refuses_socket(self) -> bool:
        """Whether the next socket is not to be opened; its address is used up all the same."""
        return self._take(lambda each: each.trouble == NO_SOCKET) is not None

    async def meet(self, method: str, answer: Callable[[], Awaitable[dict[str, Any]]]) -> web.Response:
        """The answer, or what was planned in its place."""
        planned = self._take(lambda each: each.trouble not in ELSEWHERE and each.method in {None, method})
        if planned is None:
            return web.json_response(await answer())
        return await _spoiled(planned, answer)

    def _take(self, wanted: Callable[[_Planned], bool]) -> _Planned | None:
        for each in self._planned:
            if wanted(each):
                each.times -= 1
                if each.times == 0:
                    self._planned.remove(each)
                return each
        return None


async def _spoiled(planned: _Planned, answer: Callable[[], Awaitable[dict[str, Any]]]) -> web.Response:
    match planned.trouble:
        case 429:
            headers = {"Retry-After": str(planned.retry_after_s)}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
        case int(status):
            return web.Response(
                status=status, text="<html>upstream connect error</html>", content_type="text/html"
            )
        case "timeout":
            await asyncio.sleep(HANG_S)
        case "lost_answer":
            await answer()
        case "drop":
            pass
        case error:
            return web.json_response({"ok": False, "error": error})
    raise DropConnection
