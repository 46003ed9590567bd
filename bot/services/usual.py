"""What a store knows of the same hours on the days before: the histograms that now is compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.minutes import MINUTE_NS
from analyzers.same_hours import affordable, days_of, windows_before
from backends.errors import CannotAsk
from backends.interface import MinutesQuery

if TYPE_CHECKING:
    from analyzers.minutes import OperationMinutes
    from analyzers.same_hours import Days
    from backends.interface import Backend

MOST_ROWS = 1_000_000
"""Of histograms by the minute, read from all days together: about a second."""


async def same_hours(
    backend: Backend, now: OperationMinutes, period: tuple[int, int], service: str | None = None
) -> Days | None:
    """The days before, beside the histograms of a period [start_ns, end_ns).

    None where there is nothing to compare with: the period is too long to be at any hour, or its hours hold more than
    a store can tell at once.

    Raises:
        BackendError: the store gives no answer.
    """
    rows_a_minute = len(now) * MINUTE_NS / max(period[1] - period[0], MINUTE_NS)
    windows = affordable(windows_before(*period), rows_a_minute, MOST_ROWS)
    if not windows:
        return None
    try:
        past = [await backend.minutes(MinutesQuery(*window, service, together=True)) for window in windows]
    except CannotAsk:
        return None
    return days_of(now, period, windows, past)
