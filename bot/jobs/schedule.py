"""When jobs run: the only file that knows APScheduler."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]  # version 3 has no types

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType

LOG = logging.getLogger(__name__)
LATE_S = 30
"""A run that could not begin for so long is left out; the next one does its work."""
MISFIRES = logging.getLogger("apscheduler")


class Schedule:
    """`async with Schedule() as schedule:` runs its jobs until the block ends; each never beside itself."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        # That a job was still at it when it was due again is no news: it is why it runs once at a time.
        MISFIRES.setLevel(logging.ERROR)

    def every(
        self, seconds: float, job: Callable[[], Awaitable[None]], name: str, *, at_once: bool = True
    ) -> None:
        """Run the job so often, from now on."""
        first = datetime.now(UTC) + timedelta(seconds=0 if at_once else seconds)

        async def run() -> None:
            try:
                await job()
            except asyncio.CancelledError:  # the schedule ends, which APScheduler would log as an error
                LOG.debug("Cancelled: %s.", name)
            except Exception:  # the edge of a scheduled job
                LOG.exception("What is done every %g s failed: %s.", seconds, name)

        self._scheduler.add_job(
            run,
            "interval",
            seconds=seconds,
            id=name,
            next_run_time=first,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=LATE_S,
        )

    async def __aenter__(self) -> Schedule:
        self._scheduler.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """What runs is cancelled."""
        self._scheduler.shutdown(wait=False)
        await asyncio.sleep(0)
