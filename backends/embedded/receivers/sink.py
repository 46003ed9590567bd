"""Where received spans go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analyzers.record import SpanRecord
    from backends.embedded.kept import Kept


class Sink(Protocol):
    """Keeps spans."""

    async def keep(self, records: Sequence[SpanRecord]) -> Kept:
        """Return once the spans are on the disk.

        Raises:
            StoreBusy: there is no room at the moment; nothing of this was kept.
            StoreFull: there is no room on the disk; nothing of this was kept.
        """
        ...
