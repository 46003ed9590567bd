"""The first sentence of a breakdown: what, how much, where."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from analyzers.wording import duration_text, name_text, share_text, share_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analyzers.report import Bottleneck, SpanError
    from analyzers.report_base import Place

STANDS_OUT = 0.3
"""Below this share no operation is said to be where the time went."""


class RootSpan(NamedTuple):
    """What a headline says of the request as a whole."""

    place: Place
    duration_ns: int
    failed: bool
    impossible: bool = False
    """Its own times are, so they were made from those of its other spans."""
    sound_children: bool = True
    """The times of its children can all be, so that one sees where no span is."""


def breakdown_headline(
    root: RootSpan, bottleneck: Bottleneck | None, errors: Sequence[SpanError], *, impossible: bool = False
) -> str:
    """One sentence that stands alone on a locked phone, however long the names in the trace.

    Args:
        root: the request as a whole.
        bottleneck: what holds most of it.
        errors: its failures, origins first, of these the ones that reach the root.
        impossible: the times of the bottleneck are, so that what it holds is a guess.
    """
    began = _beginning(root, errors)
    where = _where(root, bottleneck) if bottleneck else ""
    if impossible:
        where = f"{where}, whose own times are impossible"
    if bottleneck is None:
        return f"{began}."
    amount = duration_text(bottleneck.critical_ns)
    if bottleneck.share < STANDS_OUT:
        return (
            f"{began}; no operation stands out, the largest part ({amount}, {share_text(bottleneck.share)}) "
            f"is {where}."
        )
    if bottleneck.share == 1:
        return f"{began}; all of it is {where}."
    return f"{began}; {share_words(bottleneck.share)} of it ({amount}) is {where}."


def _beginning(root: RootSpan, errors: Sequence[SpanError]) -> str:
    took, name = duration_text(root.duration_ns), name_text(root.place.operation)
    if root.impossible:
        if not root.duration_ns:
            return f"How long {name} took is not known: its own times are impossible"
        took = f"{took} (by its other spans: its own times are impossible)"
    origin = next((error for error in errors if error.role == "origin"), None)
    if origin is None or not root.failed:
        return f"{name} took {took}"
    what = f"{name_text(origin.type)} in" if origin.type else "an error in"
    where = name_text(origin.service)
    if origin.service == root.place.service:
        where = f"{where} {name_text(origin.operation)}"
    return f"{name} failed after {took} ({what} {where})"


def _where(root: RootSpan, bottleneck: Bottleneck) -> str:
    place = root.place
    if bottleneck.wire is not None:
        return f"between {name_text(bottleneck.wire.caller)} and {name_text(bottleneck.wire.callee)}, on the wire"
    if bottleneck.is_root:
        empty = ", where there are no spans" if root.sound_children else ""
        return f"in {name_text(place.service)} {name_text(place.operation)} itself{empty}"
    runs = f" run {bottleneck.count:,} times" if bottleneck.count > 1 else ""
    like_root = (bottleneck.service, bottleneck.operation) == (place.service, place.operation)
    beneath = ", beneath it" if like_root else ""
    return f"{name_text(bottleneck.operation)}{runs} by {name_text(bottleneck.service)}{beneath}"
