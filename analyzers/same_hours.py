"""The histograms of a period, and of the same hours of the days before it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analyzers.baselines.reference import FEWEST_DAYS
from analyzers.baselines.slots import DAY_QUARTERS, DAYS, QUARTER_SLOTS, SLOT_NS, alike
from analyzers.minutes import MINUTE_NS, OperationKey, OperationMinutes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

QUARTER_NS = QUARTER_SLOTS * SLOT_NS
DAY_NS = DAY_QUARTERS * QUARTER_NS
SOME_HOURS_NS = 6 * 3_600_000_000_000
"""Of a period up to this length the middle stands for the whole; a longer one is read whole, or not at all."""
LONGEST_NS = DAY_NS
"""Of a longer period nothing is "at this hour": it would be held against itself."""
SHORTEST_MINUTES = 15
LEAST_DAYS = 7
"""However much it is to read."""
MOSTLY = 0.7
"""Of the days that are alike, an operation is called on, to be missed on another one."""


@dataclass(frozen=True)
class Days:
    """The histograms of a period, and of the same hours of the days before it."""

    now: OperationMinutes
    past: tuple[OperationMinutes, ...]
    """Newest day first, empty ones included."""
    alike: tuple[bool, ...]
    """Of each of them, whether it is a weekday if today is, else a weekend."""
    share: float
    """How long the period is, as a share of those before it."""
    whole: bool = True
    """Nothing was left out; else there are traces that were not read, and nothing may be counted."""

    @property
    def known(self) -> int:
        """On how many days there was anything at all."""
        return sum(len(day) > 0 for day in self.past)

    def each(self, change: Callable[[OperationMinutes], OperationMinutes]) -> Days:
        """The same of each day's histograms, changed."""
        return replace(self, now=change(self.now), past=tuple(change(day) for day in self.past))


def windows_before(start_ns: int, end_ns: int) -> tuple[tuple[int, int], ...]:
    """The same hours of the days before a period, a quarter more on either side of whole ones: [start_ns, end_ns), newest first.

    None of a period that is longer than a day. One that leaves no room for quarters on either side has none.
    """
    if not 0 < end_ns - start_ns <= LONGEST_NS:
        return ()
    begin = start_ns // QUARTER_NS * QUARTER_NS - QUARTER_NS
    end = -(-end_ns // QUARTER_NS) * QUARTER_NS + QUARTER_NS
    if end - begin > DAY_NS - QUARTER_NS:
        begin, end = start_ns, end_ns
    days = [(begin - day * DAY_NS, end - day * DAY_NS) for day in range(1, DAYS + 1)]
    return tuple(window for window in days if window[0] >= 0)


def rows_a_minute(minutes: OperationMinutes, length_ns: int) -> float:
    """How many rows the histograms of a period had in each of its minutes before these were added up.

    Of n spans at any time within m minutes, m (1 - (1 - 1/m)^n) minutes are expected to have some.
    """
    length = max(length_ns // MINUTE_NS, 1)
    return float((1 - (1 - 1 / length) ** minutes.spans.astype(np.float64)).sum())


def affordable(
    windows: tuple[tuple[int, int], ...], rows_a_minute: float, most_rows: int
) -> tuple[tuple[int, int], ...]:
    """Shorter windows around the same middle, then fewer days, where all of them would be too much to read.

    Windows of most of a day stay as they are; none are given where not even the fewest days can be read.
    """
    if not windows or rows_a_minute <= 0:
        return windows
    length = (windows[0][1] - windows[0][0]) // MINUTE_NS
    if windows[0][1] - windows[0][0] > SOME_HOURS_NS + 4 * QUARTER_NS:
        days = int(most_rows / (rows_a_minute * length))
        return windows[:days] if days >= FEWEST_DAYS else ()
    minutes = min(length, max(int(most_rows / (rows_a_minute * len(windows))), SHORTEST_MINUTES))
    days = max(int(most_rows / (rows_a_minute * minutes)), LEAST_DAYS)
    off = (length - minutes) // 2 * MINUTE_NS
    return tuple((begin + off, begin + off + minutes * MINUTE_NS) for begin, _ in windows[:days])


def days_of(
    now: OperationMinutes,
    period: tuple[int, int],
    windows: Sequence[tuple[int, int]],
    past: Sequence[OperationMinutes],
    ahead_ns: int = 0,
) -> Days:
    """Put together what a store gave for a period and for each window of the days before.

    Args:
        now: of the period.
        period: [start_ns, end_ns).
        windows: newest first.
        past: of each window.
        ahead_ns: by how much the clocks of the asker are ahead of UTC, by which days are weekdays.
    """
    today = (period[0] + ahead_ns) // DAY_NS
    same = alike(today, np.arange(today - 1, today - 1 - len(past), -1))
    length = windows[0][1] - windows[0][0] if windows else period[1] - period[0]
    found = tuple(inside(one, window) for one, window in zip(past, windows, strict=True))
    return Days(now, found, tuple(same.tolist()), (period[1] - period[0]) / length)


def inside(minutes: OperationMinutes, window: tuple[int, int]) -> OperationMinutes:
    """Only the minutes of a window, whatever a store gave, and the operations that ran in them."""
    begin, end = window[0] // MINUTE_NS, -(-window[1] // MINUTE_NS)
    return minutes.take((minutes.minute >= begin) & (minutes.minute < end)).without_unused()


def gone(days: Days) -> tuple[OperationKey, ...]:
    """Operations that ran at this time on most days that are alike, and not now; none where traces were left out."""
    if not days.whole or sum(days.alike) < FEWEST_DAYS:
        return ()
    running = _called(days.now)
    same = [_called(day) for day, is_same in zip(days.past, days.alike, strict=True) if is_same and len(day)]
    if len(same) < FEWEST_DAYS:
        return ()
    counts: dict[OperationKey, int] = {}
    for day in same:
        for key in day - running:
            counts[key] = counts.get(key, 0) + 1
    return tuple(sorted(key for key, often in counts.items() if often > MOSTLY * len(same)))


def _called(minutes: OperationMinutes) -> set[OperationKey]:
    return {minutes.operations[at] for at in np.unique(minutes.operation).tolist()}
