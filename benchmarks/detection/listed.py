"""The cases in which a detector must be silent, each played to all detectors; and those in which it must not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analyzers.baselines.slots import DAY_SLOTS
from benchmarks.detection.simulated import Character
from benchmarks.detection.system import (
    OPERATIONS,
    Counts,
    counted,
    day,
    findings,
    first_bucket_of,
    history_of,
    operations,
)
from benchmarks.measure import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzers.baselines.history import History
    from benchmarks.detection.simulated import Operation

OWN = Character(median_ns=2e8, spread=0.5, noise=0.03, lasting=0.7, peak_slot=14 * 12, growth=0.002)
RESTLESS = replace(OWN, noise=0.06, lasting=0.95)
WEDNESDAY = 16
MONDAY = 21
TWO_HOURS = slice(WEDNESDAY * DAY_SLOTS + 120, WEDNESDAY * DAY_SLOTS + 144)


@dataclass(frozen=True)
class Played:
    """A system, its past, and who draws."""

    random: np.random.Generator
    system: list[Operation]
    history: History

    @property
    def first_bucket(self) -> int:
        return first_bucket_of(self.system)

    def told(
        self, counts: Counts, looked_at: np.ndarray[tuple[int], np.dtype[np.bool_]] | None = None
    ) -> int:
        """How many findings the slots after the past bring."""
        return len(findings(self.history, counts, self.first_bucket, looked_at))


def played(own: Character, until: int, seed: int, *, quiet_weekend: bool = False) -> Played:
    """Past up to a slot."""
    random = np.random.default_rng(seed)
    system = operations(random, own)
    counts = counted(random, system, slice(0, until))
    if quiet_weekend:
        weekend = np.arange(until) // DAY_SLOTS % 7 >= 5
        thinned = random.binomial(counts.spans.astype(np.int64), 0.1).astype(np.float32)
        counts = replace(counts, spans=np.where(weekend[None, :, None], thinned, counts.spans))
    return Played(random, system, history_of(counts, first_bucket_of(system)))


def listed_cases() -> Iterator[Figure]:
    """Findings in each case; every goal is 0 where nothing is wrong, and at least 1 where something is."""
    before = played(OWN, TWO_HOURS.start, 1)
    usual = counted(before.random, before.system, TWO_HOURS)
    for name, number in (*_silent(before, usual), *_silent_elsewhere()):
        yield Figure(f"findings: {name}", number, "", "0")
    for name, number in _told(before, usual):
        yield Figure(f"findings: {name}", number, "", ">= 1")


def _silent(before: Played, usual: Counts) -> Iterator[tuple[str, int]]:
    one_slot = usual.spans.copy()
    one_slot[:, 6] = counted(before.random, before.system, TWO_HOURS, 5.0).spans[:, 6]
    yield "one slow slot of five minutes, 5 ×, everywhere", before.told(replace(usual, spans=one_slot))
    tenth = before.random.binomial(usual.spans.astype(np.int64), 0.1).astype(np.float32)
    yield (
        "one span in ten kept from now on, and saying so",
        before.told(replace(usual, spans=tenth, weight=10.0)),
    )
    yield "one span in ten kept from now on, unsaid", before.told(replace(usual, spans=tenth))
    more = np.concatenate([usual.spans, usual.spans[:1]])
    errors = np.concatenate([usual.error_ratio, usual.error_ratio[:1] + 0.2])
    yield "a new operation, failing", before.told(replace(usual, spans=more, error_ratio=errors))
    reset = usual.spans.copy()
    reset[:, 6] *= -1
    yield "a counter reset: a slot of negative counts", before.told(replace(usual, spans=reset))
    away = np.ones(usual.spans.shape[1], dtype=np.bool_)
    away[4:16] = False
    yield "an hour in which the bot was down", before.told(usual, away)


def _silent_elsewhere() -> Iterator[tuple[str, int]]:
    monday = played(OWN, day(MONDAY).start, 2, quiet_weekend=True)
    yield (
        "Monday after a weekend of a tenth of the traffic",
        monday.told(counted(monday.random, monday.system, day(MONDAY, 12))),
    )
    night = played(OWN, day(WEDNESDAY).start, 3)
    yield (
        "a day with its night, evening and morning",
        night.told(counted(night.random, night.system, day(WEDNESDAY))),
    )
    restless = played(RESTLESS, day(WEDNESDAY).start, 4)
    yield (
        "a day of noise that lasts for hours, 6 %",
        restless.told(counted(restless.random, restless.system, day(WEDNESDAY))),
    )


def _told(before: Played, usual: Counts) -> Iterator[tuple[str, int]]:
    first = np.arange(OPERATIONS) == 0
    slower = counted(before.random, before.system, TWO_HOURS, 2.0).spans
    yield (
        "one operation twice as slow",
        before.told(replace(usual, spans=np.where(first[:, None, None], slower, usual.spans))),
    )
    failing = np.where(first[:, None], 0.1, usual.error_ratio)
    yield "one call in ten fails", before.told(replace(usual, error_ratio=failing))
    for name, factor in (
        ("a third of the traffic", 0.33),
        ("three times the traffic", 3.0),
        ("no traffic", 0.0),
    ):
        changed = np.where(first[:, None, None], np.rint(usual.spans * factor), usual.spans)
        yield f"{name}, of one operation", before.told(replace(usual, spans=changed))
