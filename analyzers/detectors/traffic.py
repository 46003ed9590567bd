"""Operations whose calls halved or doubled against the same time of day, or stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from analyzers.baselines.reference import FEWEST_DAYS, median_of
from analyzers.baselines.slots import (
    DAY_QUARTERS,
    DAY_SLOTS,
    QUARTER_SLOTS,
    SLOT_NS,
    WEEK_SLOTS,
    alike,
)
from analyzers.detectors.false_discovery import MOST_FALSE, q_values
from analyzers.detectors.finding import Finding, FindingKind
from analyzers.wording import count_text, duration_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analyzers.baselines.history import History

    Floats: TypeAlias = NDArray[np.floating]

WINDOW = QUARTER_SLOTS
LOST_RATIO = 0.5
DOUBLED_RATIO = 2.0
EACH_SLOT = 0.8
"""Of that change, every slot of the window must show so much."""
FEWEST_EXPECTED = 50.0
"""Calls in the window, before their loss is told; of a doubling, calls that came."""
TOGETHER_RATIO = 1.5
"""If the middle operation changed by more than this, then so did sampling, or what the bot gets to see."""
FEWEST_TOGETHER = 5
LEAST_SPREAD = 0.05
FEWEST_SILENT = 2
"""Slots: what takes a while to arrive is not gone."""


@dataclass(frozen=True)
class UsualTraffic:
    """Calls in a quarter of an hour, by time of day."""

    calls: Floats
    """Shape (n_operations, DAY_QUARTERS), for days like `day`."""
    spread: Floats
    """How far quarters of single days are off, in logarithms: a standard deviation, shape (n_operations,)."""
    longest_silence: Floats
    """The most calls that were expected while none came, shape (n_operations,)."""
    days: int
    day: int
    """Since the epoch."""


def usual_traffic(history: History) -> UsualTraffic:
    """The middle of all days that are alike: an outage yesterday is outvoted. Slots that nobody looked at do not count."""
    day = (history.end_slot - 1) // DAY_SLOTS
    first = -(-history.first_slot // DAY_SLOTS)
    days = np.arange(first, day)
    counted, there = _by_quarter(history, days)
    chosen = alike(day, days)
    if chosen.sum() < FEWEST_DAYS:
        zero = np.zeros(len(history.operations))
        return UsualTraffic(np.zeros((len(zero), DAY_QUARTERS)), zero, zero, 0, day)
    expected = np.empty_like(counted)
    for kind in (chosen, ~chosen):
        expected[:, kind] = _middle(counted[:, kind], there[kind])[:, None]
    off = np.log((counted + 1) / (expected + 1))
    seen = there[None] & (expected > 0)
    spread = np.where(seen, np.abs(off), np.nan).reshape(len(off), -1)
    return UsualTraffic(
        expected[:, int(np.flatnonzero(chosen)[-1])],
        _two_sided(spread),
        _silences(counted, expected, there),
        int(chosen.sum()),
        day,
    )


def _by_quarter(history: History, days: NDArray[np.integer]) -> tuple[Floats, NDArray[np.bool_]]:
    """Calls, shape (n_operations, n_days, DAY_QUARTERS), and which quarters somebody looked at all the time."""
    begin = int(days[0]) * DAY_SLOTS - history.first_slot if len(days) else 0
    inside = slice(begin, begin + len(days) * DAY_SLOTS)
    shape = (len(days), DAY_QUARTERS, QUARTER_SLOTS)
    there: NDArray[np.bool_] = np.all(history.covered[inside].reshape(shape), axis=-1)
    return history.calls[:, inside].reshape(len(history.operations), *shape).sum(axis=-1), there


def _middle(counted: Floats, there: NDArray[np.bool_]) -> Floats:
    by_day = np.moveaxis(counted, 1, -1)
    middle: Floats = median_of(by_day, np.broadcast_to(there.T, by_day.shape))[..., 0]
    return middle


def _two_sided(off: Floats) -> Floats:
    """A standard deviation from absolute deviations, the larger of two readings, since tails are often heavy."""
    ordered = np.sort(off, axis=-1)
    count = np.isfinite(ordered).sum(axis=-1)

    def at(share: float) -> Floats:
        place = np.clip(np.rint(share * (count - 1)), 0, None).astype(np.int64)
        found: Floats = np.take_along_axis(ordered, place[:, None], axis=-1)[:, 0]
        return found

    spread: Floats = np.nan_to_num(np.maximum(at(0.6827), at(0.9545) / 2))
    return spread


def _silences(counted: Floats, expected: Floats, there: NDArray[np.bool_]) -> Floats:
    """The longest silence but that of the worst day: the calls expected in it."""
    days = counted.shape[1]
    missed = np.where(there[None], expected, 0.0).reshape(len(counted), -1).cumsum(axis=-1)
    heard = np.where((counted > 0).reshape(missed.shape), missed, 0.0)
    silent = (missed - np.maximum.accumulate(heard, axis=-1)).reshape(len(counted), days, -1)
    by_day = np.sort(silent.max(axis=-1), axis=-1)
    longest: Floats = by_day[:, -2] if days > 1 else by_day[:, -1]
    return longest


def expected_calls(history: History, usual: UsualTraffic, slots: int) -> Floats:
    """Calls to be expected in each of the last slots, shape (n_operations, slots); 0 where nobody looked, and on days of the other sort."""
    slot = np.arange(history.end_slot - slots, history.end_slot)
    expected = usual.calls[:, slot % DAY_SLOTS // QUARTER_SLOTS] / QUARTER_SLOTS
    counted = history.covered[-slots:] & alike(usual.day, slot // DAY_SLOTS)
    result: Floats = np.where(counted, expected, 0.0)
    return result


def find_traffic(history: History, usual: UsualTraffic) -> list[Finding]:
    """Operations whose traffic was lost or doubled over the last quarter of an hour.

    If most operations changed alike, then each is compared with the others: that is a changed sampling rate, or the
    bot that sees less, and says nothing of a single operation.
    """
    known = history.first_seen <= history.end_slot - DAY_SLOTS
    if not usual.days or not known.any() or not history.covered[-WINDOW:].all():
        return []
    expected = expected_calls(history, usual, WINDOW)
    if not expected.any(axis=0).all():
        return []
    calls = history.calls[:, -WINDOW:].astype(np.float64)
    expected = expected * _together(expected, calls)
    wanted, came = expected.sum(axis=-1), calls.sum(axis=-1)
    change = np.log((came + 1) / (wanted + 1))
    spread = np.sqrt(usual.spread**2 + LEAST_SPREAD**2 + 1 / np.maximum(np.minimum(wanted, came + 10), 1))
    lost = (calls <= expected * (1 - EACH_SLOT * (1 - LOST_RATIO))).all(axis=-1) & (
        came <= LOST_RATIO * wanted
    )
    doubled = (calls >= expected * (1 + EACH_SLOT * (DOUBLED_RATIO - 1))).all(axis=-1) & (
        came >= DOUBLED_RATIO * wanted
    )
    enough = np.where(lost, wanted, came) >= FEWEST_EXPECTED
    asked = known & enough & (lost | (doubled & (wanted > 0)))
    q_value = q_values(np.where(asked, np.minimum(_tail(np.abs(change) / spread) * WEEK_SLOTS, 1.0), 1.0))
    return [
        _finding(history, at, bool(lost[at]), float(wanted[at]), float(came[at]), usual.days, q_value)
        for at in np.flatnonzero(asked & (q_value <= MOST_FALSE)).tolist()
    ]


def find_vanished(history: History, usual: UsualTraffic) -> list[Finding]:
    """Operations that are not called any more, for longer than they ever were silent when they were expected.

    Arrivals that came one by one would leave out n expected calls with a chance of e^-n; how much rarer the longest
    silence so far was than that says by how much arrivals cluster, and n is divided by it.
    """
    known = history.first_seen <= history.end_slot - DAY_SLOTS
    if not usual.days or not known.any():
        return []
    slots = min(DAY_SLOTS, len(history.covered))
    expected, calls = expected_calls(history, usual, slots), history.calls[:, -slots:]
    common = _together(expected[:, -WINDOW:], calls[:, -WINDOW:].astype(np.float64))
    silent = np.cumsum((calls > 0)[:, ::-1], axis=-1)[:, ::-1] == 0
    missed = (expected * silent).sum(axis=-1) * common
    clusters = np.maximum(usual.longest_silence / np.log(WEEK_SLOTS), 1.0)
    chance = np.where(known, np.minimum(np.exp(-missed / clusters) * WEEK_SLOTS, 1.0), 1.0)
    q_value = q_values(chance)
    return [
        _vanished(history, at, int(silent[at].sum()), float(missed[at]), usual.days, float(q_value[at]))
        for at in np.flatnonzero((q_value <= MOST_FALSE) & (silent.sum(axis=-1) >= FEWEST_SILENT)).tolist()
    ]


def _together(expected: Floats, calls: Floats) -> float:
    """By what factor the middle operation changed; 1 where that is little, or there are few to tell by."""
    wanted = expected.sum(axis=-1)
    asked = wanted >= FEWEST_EXPECTED / 5
    if asked.sum() < FEWEST_TOGETHER:
        return 1.0
    factor = float(np.median(calls.sum(axis=-1)[asked] / wanted[asked]))
    return factor if not 1 / TOGETHER_RATIO < factor < TOGETHER_RATIO else 1.0


def _tail(far: Floats) -> Floats:
    """Of a normal distribution, both sides."""
    from scipy.special import ndtr  # type: ignore[import-untyped]  # noqa: PLC0415 - no types; slow to import

    tail: Floats = 2 * ndtr(-far)
    return tail


def _finding(
    history: History, at: int, lost: bool, wanted: float, came: float, days: int, q_value: Floats
) -> Finding:
    key = history.operations[at]
    return Finding(
        service=key.service,
        operation=key.operation,
        span_kind=key.kind,
        kind=FindingKind.TRAFFIC_LOST if lost else FindingKind.TRAFFIC_DOUBLED,
        what="calls",
        since_ns=(history.end_slot - WINDOW) * SLOT_NS,
        until_ns=history.end_slot * SLOT_NS,
        baseline=wanted / WINDOW,
        now=came / WINDOW,
        q_value=float(q_value[at]),
        reason=(
            f"{round(came):,} calls in {duration_text(WINDOW * SLOT_NS)}, usually {round(wanted):,} at this hour "
            f"(from {count_text(days, 'day')} like today)"
        ),
    )


def _vanished(history: History, at: int, slots: int, missed: float, days: int, q_value: float) -> Finding:
    key = history.operations[at]
    return Finding(
        service=key.service,
        operation=key.operation,
        span_kind=key.kind,
        kind=FindingKind.VANISHED,
        what="calls",
        since_ns=(history.end_slot - slots) * SLOT_NS,
        until_ns=history.end_slot * SLOT_NS,
        baseline=missed / slots,
        now=0.0,
        q_value=q_value,
        reason=(
            f"no calls for {duration_text(slots * SLOT_NS)}, in which {round(missed):,} were to be expected "
            f"(from {count_text(days, 'day')} like today)"
        ),
    )
