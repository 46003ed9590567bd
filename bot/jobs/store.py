"""What is done for the store of spans."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.jobs.schedule import Schedule
    from bot.services.serve import StoreChores

RETIRE_EVERY_S = 60.0
SETTLE_EVERY_S = 10.0
"""A trace to which nothing was added for so long is taken for whole, until something is."""


def schedule_store(schedule: Schedule, chores: StoreChores, report_every_s: float) -> None:
    """Forget old spans, count self times, and say now and then what happened (never where that is 0)."""
    schedule.every(RETIRE_EVERY_S, chores.retire, "old spans are forgotten")
    schedule.every(SETTLE_EVERY_S, chores.settle, "self times are counted")
    if report_every_s:
        schedule.every(report_every_s, chores.report, "it is said what was received", at_once=False)
