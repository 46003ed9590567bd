"""Running a store: what has to be done while it receives spans."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from backends.errors import BackendError

if TYPE_CHECKING:
    from collections.abc import Callable

    from backends.embedded.receivers.intake import Tally

RETIRE_EVERY_S = 60.0
SETTLE_EVERY_S = 10.0
"""A trace to which nothing was added for so long is taken for whole, until something is."""
RESTS = 9.0
"""Measuring self times takes a tenth of the time at most, however much there is to be measured."""


class Running(Protocol):
    """A store that receives spans."""

    @property
    def tally(self) -> Tally: ...

    async def retire(self, now_ns: int) -> int: ...

    async def settle(self) -> int: ...


async def run_until(
    stop: asyncio.Event,
    running: Running,
    clock_ns: Callable[[], int],
    report: Callable[[str], None],
    every_s: int,
) -> None:
    """Forget old spans every minute, measure traces that are quiet, and say now and then what happened, until it is time to stop."""
    chores = [
        asyncio.create_task(_retire(running, clock_ns, report)),
        asyncio.create_task(_settle(running, report)),
    ]
    if every_s:
        chores.append(asyncio.create_task(_report(running, report, every_s)))
    try:
        await stop.wait()
    finally:
        for chore in chores:
            chore.cancel()
        await asyncio.gather(*chores, return_exceptions=True)


def tally_text(tally: Tally) -> str:
    """`12,000 spans kept, 3 rejected as unreadable, 1 request refused`."""
    parts = [f"{tally.kept:,} span{'s' * (tally.kept != 1)} kept"]
    if tally.rejected:
        parts.append(f"{tally.rejected:,} rejected as unreadable")
    if tally.refused_requests:
        plural = "s" * (tally.refused_requests != 1)
        parts.append(f"{tally.refused_requests:,} request{plural} refused")
    told = ", ".join(parts)
    return f"{told}. The store had trouble: {tally.trouble}" if tally.trouble else told


async def _retire(running: Running, clock_ns: Callable[[], int], report: Callable[[str], None]) -> None:
    said = ""
    while True:
        try:
            await running.retire(clock_ns())
            said = ""
        except BackendError as exc:
            if str(exc) != said:  # once, not every minute
                said = str(exc)
                report(f"Old spans could not be removed. {said}")
        await asyncio.sleep(RETIRE_EVERY_S)


async def _settle(running: Running, report: Callable[[str], None]) -> None:
    said = ""
    while True:
        began = asyncio.get_running_loop().time()
        try:
            await running.settle()
            said = ""
        except BackendError as exc:
            if str(exc) != said:
                said = str(exc)
                report(f"Self times could not be counted. {said}")
        took = asyncio.get_running_loop().time() - began
        await asyncio.sleep(max(SETTLE_EVERY_S, RESTS * took))


async def _report(running: Running, report: Callable[[str], None], every_s: int) -> None:
    before = ""
    while True:
        await asyncio.sleep(every_s)
        now = tally_text(running.tally)
        if now != before:
            report(now)
        before = now
