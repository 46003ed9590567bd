"""Two versions of a service as two cohorts of one period."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from analyzers.details import resource_value
from analyzers.investigation.cohort import of_requests

if TYPE_CHECKING:
    from analyzers.repair import Repaired
    from analyzers.report import Scope

VERSION_KEYS = ("service.version",)


def of_version(repaired: Repaired, scope: Scope, version: str) -> Repaired:
    """The traces in which the scope's service ran as this version; without a scope, the service of the root.

    A leading v is no part of a version: 1.4 is v1.4.
    """
    spans = repaired.spans
    if not len(spans):
        return repaired
    wanted = np.array(
        [_plain(resource_value(one, VERSION_KEYS) or "") == _plain(version) for one in spans.resources]
    )
    mine = wanted[spans.resource]
    if scope.service is None:
        mine &= spans.service == spans.service[spans.root_row][spans.trace]
    else:
        mine &= spans.service == (
            spans.services.index(scope.service) if scope.service in spans.services else -1
        )
    chosen = np.zeros(len(spans.trace_ids), dtype=np.bool_)
    chosen[spans.trace[mine]] = True
    kept = of_requests(spans, chosen)
    health = msgspec.structs.replace(
        repaired.health,
        traces=int(chosen.sum()),
        spans=len(kept),
        incomplete=int(repaired.incomplete[chosen].sum()),
    )
    return replace(repaired, spans=kept, health=health, incomplete=repaired.incomplete[chosen])


def _plain(version: str) -> str:
    text = version.strip().lower()
    return text[1:] if text[:1] == "v" and text[1:2].isdigit() else text
