"""What our latency detector says of one simulated operation, slot by slot, with the code that watches real ones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from analyzers.baselines.history import RECENT_SLOTS
from analyzers.baselines.reference import FEWEST_DAYS, level_of, quantiles_ns, reference_of, scores_of
from analyzers.baselines.slots import DAY_SLOTS, DAYS, QUARTER_SLOTS, alike
from analyzers.detectors.latency import MIN_DELTA_NS, MIN_RATIO, QUANTILES
from analyzers.detectors.windows import WINDOWS, chances, learn_noise, pair_lows, without_drift
from benchmarks.detection.simulated import BUCKET, FIRST_SLOT, by_quarter

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analyzers.baselines.reference import Reference
    from analyzers.detectors.windows import Noise
    from benchmarks.detection.simulated import Measured, Operation

    Floats = NDArray[np.floating]

FIRST_DAY = FIRST_SLOT // DAY_SLOTS
LOOKED_BACK = DAY_SLOTS + RECENT_SLOTS + max(WINDOWS) + 2
PROMISING = 0.01
"""Less likely than this, a slot is looked at for its effect; far more than can pass among all operations."""


@dataclass(frozen=True)
class Watched:
    """One operation, measured from the beginning."""

    operation: Operation
    measured: Measured

    @cached_property
    def references(self) -> dict[int, Reference]:
        """What was usual on each day by quarter of an hour, where it was known."""
        quarters = by_quarter(self.measured.histograms)
        found = {}
        for day in range(FEWEST_DAYS, len(quarters)):
            past = np.arange(max(0, day - DAYS), day)
            days = np.ascontiguousarray(quarters[past].transpose(1, 0, 2))
            found[day] = reference_of(days, alike(day + FIRST_DAY, past + FIRST_DAY))
        return found

    @cached_property
    def scores(self) -> dict[int, Floats]:
        return {day: scores_of(reference) for day, reference in self.references.items()}

    @cached_property
    def level(self) -> Floats:
        level = np.full((1, self.operation.slots), np.nan, dtype=np.float32)
        for day in self.scores:
            inside = slice(day * DAY_SLOTS, (day + 1) * DAY_SLOTS)
            level[0, inside] = self.levels(self.measured.histograms[inside], day * DAY_SLOTS)
        return level

    @cached_property
    def lows(self) -> Floats:
        return pair_lows(without_drift(self.level))

    @cached_property
    def spans(self) -> Floats:
        return self.operation.calls[None].astype(np.float32)

    def levels(self, histograms: Floats, first: int) -> Floats:
        """Of slots measured otherwise than they were, against the same reference."""
        slots = np.arange(first, first + len(histograms))
        scores = np.stack(
            [self.scores[slot // DAY_SLOTS][slot % DAY_SLOTS // QUARTER_SLOTS] for slot in slots.tolist()]
        )
        return level_of(histograms, scores)

    def noise(self, day: int) -> Noise:
        """As learned by the beginning of a day."""
        past = slice(max(0, day - DAYS) * DAY_SLOTS, day * DAY_SLOTS)
        return learn_noise(self.lows[:, past], self.spans[:, past])

    def day_chances(self, day: int) -> Floats:
        """The least chance of each slot of a day over all windows; 1 where the effect is too small to tell of."""
        begin, end = day * DAY_SLOTS, (day + 1) * DAY_SLOTS
        before = begin - max(WINDOWS) - 1
        found = chances(self.lows[:, before:end], self.spans[:, before:end], self.noise(day))
        return self._that_matter(found[:, 0, begin - before :], begin, self.measured.histograms[:end], 0)

    def delay_slots(self, changed: Measured, first: int, most_likely: float) -> float:
        """Slots from the first one that was changed to the one after which it is told; infinite if not within these."""
        end = first + len(changed.histograms)
        before = first - LOOKED_BACK
        level = self.level[:, before:end].copy()
        level[0, first - before :] = self.levels(changed.histograms, first)
        lows, spans = pair_lows(without_drift(level)), self.spans[:, before:end]
        tail = slice(LOOKED_BACK - max(WINDOWS) - 1, None)
        found = chances(lows[:, tail], spans[:, tail], self.noise(first // DAY_SLOTS))[
            :, 0, max(WINDOWS) + 1 :
        ]
        unchanged = self.measured.histograms[first - RECENT_SLOTS : first]
        histograms = np.concatenate([unchanged, changed.histograms])
        told = np.flatnonzero(
            self._that_matter(found, first, histograms, first - RECENT_SLOTS) <= most_likely
        )
        return float(told[0]) if len(told) else np.inf

    def _that_matter(self, found: Floats, first: int, histograms: Floats, begin: int) -> Floats:
        least: Floats = found.min(axis=0)
        for at in np.flatnonzero(least < PROMISING).tolist():
            slots = min(WINDOWS[int(found[:, at].argmin())] + 1, RECENT_SLOTS)
            if not self._matters(first + at + 1, slots, histograms, begin):
                least[at] = 1.0
        return least

    def _matters(self, end: int, slots: int, histograms: Floats, begin: int) -> bool:
        inside = histograms[end - slots - begin : end - begin]
        usual = sum(
            self.references[slot // DAY_SLOTS].shares[slot % DAY_SLOTS // QUARTER_SLOTS] * calls
            for slot, calls in zip(range(end - slots, end), inside.sum(axis=-1).tolist(), strict=True)
        )
        offset = np.exp(self.measured.first_bucket * BUCKET)
        before_ns, after_ns = (
            quantiles_ns(one, QUANTILES) * offset for one in (np.asarray(usual), inside.sum(axis=0))
        )
        more = int((after_ns / before_ns).argmax())
        rise_ns = after_ns[more] - before_ns[more]
        return bool(after_ns[more] >= MIN_RATIO * before_ns[more] and rise_ns >= MIN_DELTA_NS)
