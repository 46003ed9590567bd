"""What tells of a cause: shifts of time, failures, other shapes, more calls, and who is missed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analyzers.investigation.failing import more_failures
from analyzers.investigation.missing import missing_callees
from analyzers.investigation.shift import shifts
from analyzers.investigation.structure import more_calls, new_shapes

if TYPE_CHECKING:
    from analyzers.investigation.failing import MoreFailures
    from analyzers.investigation.missing import Missing
    from analyzers.investigation.observations import Observed
    from analyzers.investigation.shift import Shifts
    from analyzers.investigation.structure import MoreCalls, NewShapes


@dataclass(frozen=True)
class Evidence:
    """All that was found, for every place and operation."""

    shifts: Shifts
    failures: MoreFailures
    shapes: NewShapes
    calls: MoreCalls
    missing: Missing


def evidence_of(observed: Observed) -> Evidence:
    """All of it."""
    failures, shapes = more_failures(observed), new_shapes(observed)
    missing = missing_callees(observed, np.concatenate((failures.rows, shapes.rows)))
    return Evidence(shifts(observed), failures, shapes, more_calls(observed), missing)
