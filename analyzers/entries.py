"""Where services are entered: the spans that are what others ask of a service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analyzers.table import NO_PARENT, Kind

if TYPE_CHECKING:
    from analyzers.arrays import BoolArray
    from analyzers.table import SpanTable


def entries(spans: SpanTable) -> BoolArray:
    """SERVER and CONSUMER spans, roots, and spans called from another service that are not calls themselves.

    A CLIENT or PRODUCER span under a span of another service is a call on its way out.
    """
    parent = spans.parent_row
    foreign = (parent == NO_PARENT) | (spans.service[parent] != spans.service)
    own_side = np.isin(spans.kind, (Kind.SERVER, Kind.CONSUMER))
    calling = np.isin(spans.kind, (Kind.CLIENT, Kind.PRODUCER))
    entered: BoolArray = own_side | (foreign & ~calling) | (parent == NO_PARENT)
    return entered
