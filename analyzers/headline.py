"""The first sentence of a breakdown: what, how much, where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.wording import duration_text, share_text, share_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analyzers.report import Bottleneck, Place, SpanError

STANDS_OUT = 0.3
"""Below this share no operation is said to be where the time went."""
LONGEST_NAME = 80
"""Characters; some instrumentations write a whole statement as the name of an operation."""
NO_NAME = "(no name)"


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
        return f"{_short(root.operation)} took {took}"
    what = f"{_short(origin.type)} in" if origin.type else "an error in"
    where = _short(origin.service)
    if origin.service == root.service:
        where = f"{where} {_short(origin.operation)}"
    return f"{_short(root.operation)} failed after {took} ({what} {where})"


def _is(root: Place, error: SpanError) -> bool:
    return (root.service, root.operation) == (error.service, error.operation)


def _where(root: Place, bottleneck: Bottleneck) -> str:
    if bottleneck.wire is not None:
        return f"between {_short(bottleneck.wire.caller)} and {_short(bottleneck.wire.callee)}, on the wire"
    if (bottleneck.service, bottleneck.operation) == (root.service, root.operation):
        return f"in {_short(root.service)} {_short(root.operation)} itself, where there are no spans"
    runs = f" run {bottleneck.count:,} times" if bottleneck.count > 1 else ""
    return f"{_short(bottleneck.operation)}{runs} by {_short(bottleneck.service)}"


def _short(name: str) -> str:
    """The name, without its middle if it is long; both ends of a name tell most."""
    line = name.strip()
    if not line:
        return NO_NAME
    if len(line) <= LONGEST_NAME:
        return line
    half = LONGEST_NAME // 2
    return f"{line[: half - 1].rstrip()}…{line[-half:].lstrip()}"
