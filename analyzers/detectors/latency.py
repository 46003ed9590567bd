"""Operations that became slower: by their whole distributions, over windows from ten minutes to four hours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analyzers.baselines.history import RECENT_SLOTS, reference_at, slot_calls
from analyzers.baselines.reference import FEWEST_DAYS, quantiles_ns
from analyzers.baselines.slots import DAY_SLOTS, QUARTER_SLOTS, SLOT_NS
from analyzers.detectors.false_discovery import MOST_FALSE, q_values
from analyzers.detectors.finding import Finding, FindingKind
from analyzers.detectors.windows import (
    DRIFT_LAG,
    WINDOWS,
    chances,
    learn_noise,
    pair_lows,
    window_means,
    without_drift,
)
from analyzers.wording import count_text, duration_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analyzers.baselines.history import History
    from analyzers.detectors.windows import Noise

MIN_RATIO = 1.1
LEARNING_RATIO = 1.5
"""While what is usual is that of the last day, which knows no time of day."""
MIN_DELTA_NS = 1_000_000.0
"""Less than a millisecond, nobody waits for."""
QUANTILES = (0.5, 0.95)
LOOKED_BACK = DAY_SLOTS + DRIFT_LAG + max(WINDOWS) + 2


@dataclass(frozen=True)
class Slowed:
    """How much slower, and what it was before."""

    what: str
    baseline_ns: float
    now_ns: float
    calls: float
    days: int

    @property
    def learning(self) -> bool:
        """Whether what is usual is that of the last day."""
        return self.days < FEWEST_DAYS

    @property
    def matters(self) -> bool:
        """Whether the effect is worth a word: relative and absolute."""
        ratio = LEARNING_RATIO if self.learning else MIN_RATIO
        return self.now_ns >= ratio * self.baseline_ns and self.now_ns - self.baseline_ns >= MIN_DELTA_NS


def latency_noise(history: History) -> Noise:
    """How the levels of all operations wobble by themselves; what is learned hardly changes within an hour.

    Levels from before the time of day was known wobble with it; they count until there are others.
    """
    slot = np.arange(history.first_slot, history.end_slot)
    learned = (history.first_seen + FEWEST_DAYS * DAY_SLOTS)[:, None]
    early = (slot < learned) & (history.end_slot > learned + DAY_SLOTS)
    level = np.where(early, np.nan, history.level.astype(np.float32))
    lows = pair_lows(without_drift(level))
    return learn_noise(lows[:, :-DRIFT_LAG], history.spans[:, :-DRIFT_LAG].astype(np.float32))


def find_slower(history: History, noise: Noise) -> list[Finding]:
    """The operations that are slower than usual at the end of the history.

    Nothing is said of an operation's first day, and only of half as slow again before three days are known.
    """
    if not history.operations:
        return []
    lows = pair_lows(without_drift(history.level[:, -LOOKED_BACK:].astype(np.float32)))
    span = max(WINDOWS) + 1
    chance = chances(lows[:, -span:], history.spans[:, -span:].astype(np.float32), noise)[..., -1]
    window = chance.argmin(axis=0)
    known = history.first_seen <= history.end_slot - DAY_SLOTS
    q_value = q_values(np.where(known, chance.min(axis=0), 1.0))
    return [
        finding
        for at in np.flatnonzero(q_value <= MOST_FALSE).tolist()
        if (finding := _finding(history, at, int(window[at]), lows[at], noise, float(q_value[at])))
        is not None
    ]


def _finding(
    history: History, at: int, window: int, lows: NDArray[np.floating], noise: Noise, q_value: float
) -> Finding | None:
    slowed = slowed_by(history, at, WINDOWS[window] + 1)
    if slowed is None or not slowed.matters:
        return None
    centre = float(noise.centre[window][at])
    since = history.end_slot - _lasting(lows, WINDOWS[window], centre)
    key = history.operations[at]
    return Finding(
        service=key.service,
        operation=key.operation,
        span_kind=key.kind,
        kind=FindingKind.SLOWER,
        what=slowed.what,
        since_ns=since * SLOT_NS,
        until_ns=history.end_slot * SLOT_NS,
        baseline=slowed.baseline_ns,
        now=slowed.now_ns,
        q_value=q_value,
        reason=_reason(slowed, history.end_slot - since),
        learning=slowed.learning,
    )


def slowed_by(history: History, at: int, slots: int) -> Slowed | None:
    """The larger of the changes of median and p95 over the last slots, at most an hour; None where either is not known."""
    wanted, slots = np.array([at]), min(slots, RECENT_SLOTS)
    now, usual, days = 0.0, 0.0, 0
    references = {
        quarter: reference_at(history, quarter, wanted)
        for quarter in {slot // QUARTER_SLOTS for slot in range(history.end_slot - slots, history.end_slot)}
    }
    for slot in range(history.end_slot - slots, history.end_slot):
        calls, reference = (
            slot_calls(history.recent, slot, len(history.operations))[at],
            references[slot // QUARTER_SLOTS],
        )
        now, usual = now + calls, usual + reference.shares[0] * calls.sum()
        days = max(days, int(reference.days[0]))
    before_ns, after_ns = quantiles_ns(np.asarray(usual), QUANTILES), quantiles_ns(np.asarray(now), QUANTILES)
    if not (np.isfinite(before_ns).all() and np.isfinite(after_ns).all()):
        return None
    more = int((after_ns / before_ns).argmax())
    what = f"p{QUANTILES[more] * 100:.0f}"
    return Slowed(what, float(before_ns[more]), float(after_ns[more]), float(np.sum(now)), days)


def _lasting(lows: NDArray[np.floating], window: int, centre: float) -> int:
    """How many slots the level has been up: at least half of what it is on average over the window."""
    half = centre + (float(window_means(lows[None], window)[0, -1]) - centre) / 2
    down = np.flatnonzero(~(lows > half))
    # A pair is up where both its slots are.
    return len(lows) - int(down[-1]) if len(down) else len(lows)


def _reason(slowed: Slowed, slots: int) -> str:
    known = "over the last day: still learning"
    if not slowed.learning:
        known = f"at this hour (from {count_text(slowed.days, 'day')})"
    now, before = duration_text(round(slowed.now_ns), 2), duration_text(round(slowed.baseline_ns), 2)
    return (
        f"{slowed.what} {now}, usually {before} {known}; "
        f"up for {duration_text(slots * SLOT_NS)}, by more than it ever wobbles by itself"
    )
