"""The bot's state: whether its database answers, and is of a form that this version can use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.services.doctor.finding import fail, ok
from bot.stores.errors import StateError
from bot.stores.migration import state_condition

if TYPE_CHECKING:
    from sqlalchemy import URL

    from bot.services.doctor.finding import Finding

ABOUT = "state"


async def look_at_state(url: str | URL) -> list[Finding]:
    """Nothing is made and nothing migrated: that is for `serve`."""
    try:
        place, condition = await state_condition(url)
    except StateError as exc:
        return [fail(ABOUT, exc.problem.rstrip("."), exc.advice)]
    return [ok(ABOUT, f"{place} {condition}")]
