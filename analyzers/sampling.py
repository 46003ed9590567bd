"""How many traces each trace of an answer stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analyzers.wording import share_text

if TYPE_CHECKING:
    from analyzers.arrays import Float64Array
    from analyzers.table import SpanTable

UNWEIGHTED = "unweighted: the spans do not say how they were sampled"


def trace_weights(spans: SpanTable) -> Float64Array:
    """The adjusted count of every trace, shape (n_traces,): its root's, else the largest one known in it, else 1."""
    weights = _known_weights(spans)
    weights[np.isnan(weights)] = 1.0
    return weights


def sampling_remarks(spans: SpanTable) -> tuple[str, ...]:
    """One sentence on how far counts may be trusted; none where every span was kept, and says so."""
    weights = _known_weights(spans)
    unknown = np.isnan(weights)
    if not len(weights) or not (unknown.any() or (weights != 1).any()):
        return ()
    if unknown.all():
        return (UNWEIGHTED,)
    if unknown.any():
        return (
            f"{share_text(float(unknown.mean()))} of the traces do not say how they were sampled and count once",
        )
    return (f"from {share_text(len(weights) / float(weights.sum()))} sampled traces",)


def _known_weights(spans: SpanTable) -> Float64Array:
    """As `trace_weights`, NaN where nothing in the trace says."""
    if not len(spans):
        return np.zeros(0, dtype=np.float64)
    weights: Float64Array = spans.adjusted_count[spans.root_row].copy()
    largest = np.fmax.reduceat(spans.adjusted_count, spans.trace_begin[:-1])
    silent = np.isnan(weights)
    weights[silent] = largest[silent]
    return weights
