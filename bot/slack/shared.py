"""Which personal answers were shared with their channel."""

from __future__ import annotations

MOST_KEPT = 10_000


class Shared:
    """Each answer is shared once, however often the button is pressed."""

    def __init__(self) -> None:
        self._reports: dict[str, None] = {}

    def begin(self, report_id: str) -> bool:
        """Whether nobody has shared it; from now on somebody has."""
        if report_id in self._reports:
            return False
        self._reports[report_id] = None
        if len(self._reports) > MOST_KEPT:
            del self._reports[next(iter(self._reports))]
        return True

    def forget(self, report_id: str) -> None:
        """It could not be shared after all."""
        self._reports.pop(report_id, None)
