"""What a reader of an investigation has to know besides: sampling, other traffic, names put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from analyzers.investigation.naming import names_of
from analyzers.operation_names import grouped_remarks
from analyzers.sampling import sampling_remarks
from analyzers.searched import confidence_in, damage_remarks
from analyzers.wording import name_text, share_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzers.investigation.cohort import Cohort
    from analyzers.investigation.question import Question
    from analyzers.repair import Repaired

UNEVEN = 1.5
"""Mean weights that differ by more than this factor were not sampled alike."""

OFTEN, HARDLY = 0.5, 0.2
"""Shares of requests: from more than the first to less than the second a service has vanished, but for the moments of the change."""


def remarks_on(first: Cohort, second: Cohort, baseline: Repaired, question: Question) -> tuple[str, ...]:
    """One sentence each, what matters most first."""
    return tuple(_remarks(first, second, baseline, question))


def _remarks(first: Cohort, second: Cohort, baseline: Repaired, question: Question) -> Iterator[str]:
    yield f"compared with requests {question.baseline_when}"
    one, other = question.baseline, question.incident
    if one.start_ns < other.end_ns and other.start_ns < one.end_ns and question.versions is None:
        yield "the two periods overlap: what lies in both hides part of a change"
    if len(first) and len(second):
        yield from _sampling(first, second, baseline)
        yield from grouped_remarks(names_of(first.spans, second.spans).shown)
        yield from _no_longer_seen(first, second)
    if one.truncated:
        yield "of the period compared with, more traces exist than were read"
    health = one.health_of(baseline)
    if len(first) and confidence_in(health) != "high":
        cut_short = msgspec.structs.replace(health, truncated=False)
        yield from (f"the period compared with: {remark}" for remark in damage_remarks(cut_short))
    # What holds for both periods is said of the incident.
    yield from (note for note in one.notes if note not in other.notes)


def _no_longer_seen(first: Cohort, second: Cohort) -> Iterator[str]:
    """A service that vanishes from its callers' traces is seldom switched off: mostly the way to it loses the context."""
    before, now = _seen_in(first), _seen_in(second)
    for service, share in sorted(before.items()):
        if share >= OFTEN and now.get(service, 0.0) <= HARDLY:
            left = now.get(service, 0.0)
            yield (
                f"{name_text(service)} was seen in {share_text(share)} of the requests before and is in "
                f"{share_text(left) if left else 'none'} now: it is {'hardly' if left else 'not'} called any more, "
                "or the trace context is not passed on to it"
            )


def _seen_in(cohort: Cohort) -> dict[str, float]:
    """Of each service, the share of requests with a span of it."""
    spans = cohort.spans
    seen = np.zeros((len(cohort), len(spans.services)), dtype=np.bool_)
    seen[spans.trace, spans.service] = True
    shares = cohort.weight @ seen / cohort.weight.sum()
    return dict(zip(spans.services, shares.tolist(), strict=True))


def _sampling(first: Cohort, second: Cohort, baseline: Repaired) -> Iterator[str]:
    alike = sampling_remarks(second.spans)  # said of the incident by whoever completes the report
    for remark in sampling_remarks(baseline.spans):
        if remark not in alike:
            yield f"the period compared with: {remark}"
    if first.weighted != second.weighted:
        yield "only one of the two periods says how it was sampled: counts of the two cannot be compared, times of a call can"
    elif first.weighted:
        rates = [float(one.weight.mean()) for one in (first, second)]
        if max(rates) > UNEVEN * min(rates):
            yield "the two periods were sampled at different rates; figures are adjusted for it"
