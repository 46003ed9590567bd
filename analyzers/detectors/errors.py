"""Operations that fail more than usual: failures come in bursts, and how much so is learned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analyzers.baselines.slots import DAY_SLOTS, SLOT_NS, WEEK_SLOTS
from analyzers.detectors.counts import UsualErrors, chance_of_so_many, usual_errors
from analyzers.detectors.false_discovery import MOST_FALSE, q_values
from analyzers.detectors.finding import Finding, FindingKind
from analyzers.wording import duration_text, share_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analyzers.baselines.history import History

FEWEST_ERRORS = 5
MIN_RATIO = 2.0
MIN_RISE = 0.01
"""Of all calls."""
WINDOWS = (1, 3, 12)
"""Slots: five and fifteen minutes, an hour. Bursts even out in longer ones, which is learned for each."""
LAG_SLOTS = 12
"""The last hour is not part of what is usual."""


def error_noise(history: History) -> tuple[UsualErrors, ...]:
    """The usual share of failures and their bursts by window, from whole days that ended an hour ago."""
    end = history.calls.shape[1] - LAG_SLOTS
    days = max(0, end) // DAY_SLOTS
    inside = slice(end - days * DAY_SLOTS, end) if days else slice(0, 0)
    shape = (len(history.operations), days, DAY_SLOTS)
    spans = history.spans[:, inside].astype(np.float32).reshape(shape)
    if not days:
        return (UsualErrors(np.zeros(shape[0]), np.zeros(shape[0])),) * len(WINDOWS)
    return usual_in_windows(history.error_ratio[:, inside].reshape(shape) * spans, spans)


def usual_in_windows(errors: NDArray[np.floating], calls: NDArray[np.floating]) -> tuple[UsualErrors, ...]:
    """Of slots by day, shape (n_operations, n_days, DAY_SLOTS), put together to windows side by side."""
    windows = [(*errors.shape[:2], -1, window) for window in WINDOWS]
    return tuple(
        usual_errors(errors.reshape(shape).sum(axis=-1), calls.reshape(shape).sum(axis=-1))
        for shape in windows
    )


def find_errors_up(history: History, usual: tuple[UsualErrors, ...]) -> list[Finding]:
    """The operations that fail more than usual in the last slots; nothing is said of an operation's first day."""
    if not history.operations:
        return []
    counted = [_counted(history, window) for window in WINDOWS]
    chance = np.stack([_chances(history, *one, learned) for one, learned in zip(counted, usual, strict=True)])
    best = chance.argmin(axis=0)
    q_value = q_values(chance.min(axis=0))
    found = np.flatnonzero(q_value <= MOST_FALSE).tolist()
    return [
        _finding(history, at, WINDOWS[best[at]], counted[best[at]], usual[best[at]], float(q_value[at]))
        for at in found
    ]


def _counted(history: History, window: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Failures and calls that were received in the last slots: adjusted ones would be surer than they are."""
    spans = history.spans[:, -window:].astype(np.float64)
    errors = (history.error_ratio[:, -window:] * spans).sum(axis=-1)
    return errors, spans.sum(axis=-1)


def _chances(
    history: History, errors: NDArray[np.float64], spans: NDArray[np.float64], usual: UsualErrors
) -> NDArray[np.float64]:
    ratio = errors / np.maximum(spans, 1)
    known = history.first_seen <= history.end_slot - DAY_SLOTS
    many = (np.rint(errors) >= FEWEST_ERRORS) & (ratio >= MIN_RATIO * usual.ratio)
    asked = np.flatnonzero(known & many & (ratio >= usual.ratio + MIN_RISE) & (usual.ratio > 0))
    chance = np.ones(len(errors))
    of_these = UsualErrors(usual.ratio[asked], usual.rho[asked])
    looks = len(WINDOWS) * WEEK_SLOTS
    chance[asked] = np.minimum(chance_of_so_many(errors[asked], spans[asked], of_these) * looks, 1.0)
    return chance


def _finding(
    history: History,
    at: int,
    window: int,
    counted: tuple[NDArray[np.float64], NDArray[np.float64]],
    usual: UsualErrors,
    q_value: float,
) -> Finding:
    key, (errors, spans) = history.operations[at], counted
    now, before = float(errors[at] / spans[at]), float(usual.ratio[at])
    return Finding(
        service=key.service,
        operation=key.operation,
        span_kind=key.kind,
        kind=FindingKind.ERRORS,
        what="error_ratio",
        since_ns=(history.end_slot - window) * SLOT_NS,
        until_ns=history.end_slot * SLOT_NS,
        baseline=before,
        now=now,
        q_value=q_value,
        reason=(
            f"{round(errors[at]):,} of {round(spans[at]):,} calls failed in {duration_text(window * SLOT_NS)}, "
            f"{share_text(now)}; usually {share_text(before)}, bursts considered"
        ),
    )
