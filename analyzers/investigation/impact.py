"""Who feels the change without being its cause: operations that became slower because of what they call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analyzers.entries import entries
from analyzers.investigation.like_for_like import Measured, compare
from analyzers.investigation.ownership import SURE_Z
from analyzers.investigation_report import Impact

if TYPE_CHECKING:
    from collections.abc import Collection

    from analyzers.investigation.observations import Observed

MOST_IMPACT = 5
LEAST_RISE = 0.05
"""Of what the operation usually takes."""
LEAST_OF_FIRST = 0.02
"""Of what the one that loses most does; less is not worth a word beside it."""


def find_impact(observed: Observed, causes: Collection[int], *, scoped: bool = False) -> tuple[Impact, ...]:
    """Operations at which services are entered, other than the causes', whose calls take longer; those that lose most first.

    Where one place was asked about, what is entered there is no news.
    """
    cohorts = [one.cohort for one in observed.both]
    entered = [np.flatnonzero(entries(cohort.spans)) for cohort in cohorts]
    n_operations = len(observed.names.operations)
    pairs = list(zip(observed.operation, observed.shape, entered, cohorts, strict=True))
    operation = np.concatenate([codes[rows] for codes, _, rows, _ in pairs])
    shape = np.concatenate([shapes[rows] for _, shapes, rows, _ in pairs])
    kind = np.unique(
        np.unique(shape, return_inverse=True)[1] * n_operations + operation, return_inverse=True
    )[1]
    compared = compare(
        Measured(
            value=np.concatenate([one.spans.duration_ns[rows] for _, _, rows, one in pairs]).astype(
                np.float64
            ),
            weight=np.concatenate([one.weight[one.spans.trace[rows]] for _, _, rows, one in pairs]),
            late=np.repeat([0, 1], [len(rows) for rows in entered]),
            kind=kind,
            of=operation,
            moment=np.concatenate([one.moment[one.spans.trace[rows]] for _, _, rows, one in pairs]),
        ),
        n_operations,
    )
    rise = np.nan_to_num(compared.now - compared.usual)
    felt = (compared.z >= SURE_Z) & (rise > LEAST_RISE * np.nan_to_num(compared.usual))
    if scoped:
        felt[np.unique(observed.operation[1][cohorts[1].spans.root_row])] = False
    felt &= ~np.isin(observed.names.service_of, list(causes))
    felt &= rise >= LEAST_OF_FIRST * rise[felt].max(initial=0.0)
    found = np.flatnonzero(felt).tolist()
    found.sort(key=lambda one: (-rise[one], observed.names.operations[one]))
    return tuple(
        Impact(
            service=observed.names.operations[one][0],
            operation=observed.names.operations[one][1],
            delta_ns=round(float(rise[one])),
        )
        for one in found[:MOST_IMPACT]
    )
