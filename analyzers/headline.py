"""The first sentence of a breakdown: what, how much, where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.wording import duration_text, name_text, share_text, share_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analyzers.report import Bottleneck, Place, SpanError

STANDS_OUT = 0.3
"""Below this share no operation is said to be where the time went."""


def breakdown_headline(
    root: Place, duration_ns: int, bottleneck: Bottleneck | None, errors: Sequence[SpanError]
) -> str:
    """One sentence that stands alone on a locked phone, however long the names in the trace."""
    began = _beginning(root, duration_ns, errors)
    if bottleneck is None:
        return f"{began}."
    amount = duration_text(bottleneck.critical_ns)
    if bottleneck.share < STANDS_OUT:
        return (
            f"{began}; no operation stands out, the largest part ({amount}, {share_text(bottleneck.share)}) "
            f"is {_where(root, bottleneck)}."
        )
    if bottleneck.share == 1:
        return f"{began}; all of it is {_where(root, bottleneck)}."
    return f"{began}; {share_words(bottleneck.share)} of it ({amount}) is {_where(root, bottleneck)}."


def _beginning(root: Place, duration_ns: int, errors: Sequence[SpanError]) -> str:
    took = duration_text(duration_ns)
    origin = next((error for error in errors if error.role == "origin"), None)
    if origin is None or not any(_is(root, error) for error in errors if error.role != "handled"):
        return f"{name_text(root.operation)} took {took}"
    what = f"{name_text(origin.type)} in" if origin.type else "an error in"
    where = name_text(origin.service)
    if origin.service == root.service:
        where = f"{where} {name_text(origin.operation)}"
    return f"{name_text(root.operation)} failed after {took} ({what} {where})"


def _is(root: Place, error: SpanError) -> bool:
    return (root.service, root.operation) == (error.service, error.operation)


def _where(root: Place, bottleneck: Bottleneck) -> str:
    if bottleneck.wire is not None:
        return f"between {name_text(bottleneck.wire.caller)} and {name_text(bottleneck.wire.callee)}, on the wire"
    if (bottleneck.service, bottleneck.operation) == (root.service, root.operation):
        return f"in {name_text(root.service)} {name_text(root.operation)} itself, where there are no spans"
    runs = f" run {bottleneck.count:,} times" if bottleneck.count > 1 else ""
    return f"{name_text(bottleneck.operation)}{runs} by {name_text(bottleneck.service)}"
