"""Deploys as evidence: a version of a suspect that the baseline did not see."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analyzers.breakdown import rfc3339
from analyzers.details import resource_value

if TYPE_CHECKING:
    from analyzers.investigation.causes import Found
    from analyzers.investigation.cohort import Cohort
    from analyzers.investigation.observations import Observed

VERSION_KEYS = ("service.version", "container.image.tag", "k8s.deployment.revision")
MOST_VERSIONS = 3


def with_deploys(observed: Observed, found: tuple[Found, ...]) -> tuple[Found, ...]:
    """The findings, with each suspect's new versions among the evidence."""
    return tuple(replace(one, evidence=(*one.evidence, *_deploys(observed, one.service))) for one in found)


def _deploys(observed: Observed, service: int) -> tuple[str, ...]:
    name = observed.names.services[service]
    before, after = (_first_seen(one.cohort, name) for one in observed.both)
    if not before:
        return ()
    new = sorted((at, version) for version, at in after.items() if version not in before)
    return tuple(
        f"{name} version {version} is new, first seen at {rfc3339(at)[11:19]} UTC"
        for at, version in new[:MOST_VERSIONS]
    )


def _first_seen(cohort: Cohort, service: str) -> dict[str, int]:
    """When each version of a service sent its first span."""
    spans = cohort.spans
    if service not in spans.services:
        return {}
    rows = np.flatnonzero(spans.service == spans.services.index(service))
    seen: dict[str, int] = {}
    for code in np.unique(spans.resource[rows]).tolist():
        version = resource_value(spans.resources[code], VERSION_KEYS)
        if version is not None:
            at = int(spans.start_ns[rows[spans.resource[rows] == code]].min())
            seen[version] = min(at, seen.get(version, at))
    return seen
