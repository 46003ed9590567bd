"""What is done for the bot's state."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.jobs.schedule import Schedule
    from bot.services.serve import StateChores

RETIRE_EVERY_S = 3_600.0


def schedule_state(schedule: Schedule, chores: StateChores) -> None:
    """Forget answers, conversations and all else that is older than it may be."""
    schedule.every(RETIRE_EVERY_S, chores.retire, "old answers are forgotten")
