"""Deploys as evidence: a version of a suspect that the baseline hardly saw."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analyzers.breakdown import rfc3339
from analyzers.details import resource_value
from analyzers.wording import name_text

if TYPE_CHECKING:
    from analyzers.investigation.causes import Found
    from analyzers.investigation.cohort import Cohort
    from analyzers.investigation.observations import Observed

VERSION_KEYS = ("service.version", "container.image.tag", "k8s.deployment.revision")
MOST_VERSIONS = 3
RARE_RATIO = 0.1
"""Times as often as now: a version seen so seldom before is new. The moment that divides the two periods is an estimate, and a
deploy takes a while."""


def with_deploys(observed: Observed, found: tuple[Found, ...]) -> tuple[Found, ...]:
    """The findings, with each suspect's new versions among the evidence."""
    return tuple(replace(one, evidence=(*one.evidence, *_deploys(observed, one.service))) for one in found)


@dataclass(frozen=True)
class Seen:
    """A version of a service within one cohort."""

    first_ns: int
    share: float
    """Of the service's spans."""


def _deploys(observed: Observed, service: int) -> tuple[str, ...]:
    name = observed.names.services[service]
    before, after = (_versions(one.cohort, name) for one in observed.both)
    if not before:
        return ()
    new = sorted(
        (min(seen.first_ns, before.get(version, seen).first_ns), version)
        for version, seen in after.items()
        if version not in before or before[version].share <= RARE_RATIO * seen.share
    )
    return tuple(
        f"{name_text(name)} version {name_text(version)} is new, first seen at {rfc3339(at)[11:19]} UTC"
        for at, version in new[:MOST_VERSIONS]
    )


def _versions(cohort: Cohort, service: str) -> dict[str, Seen]:
    """Since when and how often each version of a service is seen."""
    spans = cohort.spans
    if service not in spans.services:
        return {}
    rows = np.flatnonzero(spans.service == spans.services.index(service))
    seen: dict[str, Seen] = {}
    for code in np.unique(spans.resource[rows]).tolist():
        version = resource_value(spans.resources[code], VERSION_KEYS)
        if version is not None:
            mine = rows[spans.resource[rows] == code]
            first_ns, share = int(spans.start_ns[mine].min()), len(mine) / len(rows)
            known = seen.get(version, Seen(first_ns, 0.0))
            seen[version] = Seen(min(first_ns, known.first_ns), share + known.share)
    return seen
