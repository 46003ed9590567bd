"""What a decoder hands back: the spans, and what it could not read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analyzers.record import SpanRecord

REASONS_KEPT = 8


class NotThisFormat(Exception):
    """The bytes are no document of this format. The text says why, as the end of a sentence on the document.

    Nothing of the document stands in the text, so it is safe to show.
    """


class TooMuch(Exception):
    """A document holds more than is read at a time. The text says of what, as `more than 100,000 spans`."""


@dataclass(frozen=True)
class Decoded:
    """The spans of one document."""

    records: Sequence[SpanRecord]
    """A list, or, of large documents, a `SpanBatch`, which has them as columns."""
    unreadable: int = 0
    """Spans that had to be left out."""
    reasons: tuple[str, ...] = ()
    """Why, each with its number of spans; a few at most, since a hostile file could have a new one for each span."""


@dataclass
class Problems:
    """Counts what cannot be read, by reason."""

    count: int = 0
    _by_reason: dict[str, int] = field(default_factory=dict)

    def add(self, reason: str, spans: int = 1) -> None:
        self.count += spans
        if reason in self._by_reason or len(self._by_reason) < REASONS_KEPT:
            self._by_reason[reason] = self._by_reason.get(reason, 0) + spans

    def reasons(self) -> tuple[str, ...]:
        return tuple(
            f"{reason} ({spans} spans)" if spans > 1 else reason for reason, spans in self._by_reason.items()
        )

    def decoded(self, records: list[SpanRecord]) -> Decoded:
        return Decoded(records, self.count, self.reasons())
