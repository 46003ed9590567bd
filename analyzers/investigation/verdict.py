"""Slower, faster, failing more, or not: what two cohorts show, before anybody asks why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.investigation.cohort import FEWEST_TRACES

if TYPE_CHECKING:
    from analyzers.investigation.causes import Found
    from analyzers.investigation.cohort import Cohort
    from analyzers.investigation.measure import Measure
    from analyzers.investigation.requests import RequestChange
    from analyzers.investigation_report import Verdict

SURE_Z = 3.5
"""Standard errors: any one figure is so high by chance once in 4,300 times, and a question looks at several."""
LEAST_RISE = 0.05
"""Of what requests of a kind usually take; hours of a day differ by that much."""
CLEAR_RISES = ((SURE_Z, LEAST_RISE), (3.0, 0.2), (2.5, 0.5))
"""(Standard errors, rise): of a large rise less certainty is asked. By chance 3.0 are reached once in 741 times, 2.5 once in
161; but a place that became slower must be found as well."""
LEAST_TAIL_RISE = 0.1
LEAST_FAILURES = 0.005
"""Rise of the share of failing requests."""
CLEAR_CAUSES = ((5.0, 0.02), (4.25, 0.04), (SURE_Z, 0.08))
"""(Standard errors, share of a usual request): a place that surely became so much slower is worth telling even where few
requests pass through it."""


def too_few(baseline: Cohort, incident: Cohort) -> bool:
    """One of the cohorts is too small to compare."""
    return min(len(baseline), len(incident)) < FEWEST_TRACES


def is_slower(change: RequestChange) -> bool:
    """Requests of a kind take longer, surely and by enough to matter."""
    rises, tail = change.rises, change.tail_rises
    clear = any(change.z >= z and rises >= least for z, least in CLEAR_RISES)
    return clear or (change.z >= SURE_Z and tail >= LEAST_TAIL_RISE and rises > 0)


def is_other_traffic(change: RequestChange, found: tuple[Found, ...]) -> bool:
    """Requests take longer, but nothing in them does, like held against like: they are heavier ones of their kind."""
    return is_slower(change) and not found


def fails_more(change: RequestChange, error_rise: float) -> bool:
    """A larger share of requests fails, surely and by enough to matter."""
    return change.error_z >= SURE_Z and error_rise >= LEAST_FAILURES


def does_other_work(change: RequestChange, found: tuple[Found, ...]) -> bool:
    """Requests take longer since one operation calls more than it did before: no other traffic, but other work for the same."""
    if not found or found[0].kind != "new" or not found[0].adds or is_slower(change):
        return False
    surely = min(found[0].z, change.entry_z) >= SURE_Z
    return surely and change.entry_rises >= LEAST_RISE


def verdict_of(
    change: RequestChange, found: tuple[Found, ...], measure: Measure, delta_ns: int, error_rise: float
) -> Verdict:
    """What the cohorts show. Requests are held against like requests, so that other traffic is no verdict."""
    rises = change.rate_ns / max(change.usual_ns, 1.0)
    failing, slower = fails_more(change, error_rise), is_slower(change) and bool(found)
    first = found[0] if found else None
    hidden = first is not None and any(first.z >= z and first.score >= score for z, score in CLEAR_CAUSES)
    if failing and (not slower or (first is not None and first.kind == "errors")):
        return "more_errors"
    if slower or does_other_work(change, found):
        return "slower"
    if hidden and first is not None and first.kind == "errors":
        return "more_errors"
    if (
        hidden
        and first is not None
        and first.kind in {"self_time", "wire", "queue", "calls"}
        and rises > -LEAST_RISE
    ):
        return "slower"
    if change.faster_z >= SURE_Z and rises <= -LEAST_RISE and (measure == "mean" or delta_ns < 0):
        return "faster"
    return "not_slower"
