"""How much may wait to be written."""

from __future__ import annotations

import threading

from backends.embedded.refusal import StoreBusy

RETRY_AFTER_S = 1.0
"""A full queue at its usual bound is written in about a second."""


class Room:
    """Counts what waits. Whoever finds it full is told to come back; what was let in stays in."""

    def __init__(self, max_spans: int, max_bytes: int) -> None:
        self._max_spans, self._max_bytes = max_spans, max_bytes
        self._spans = self._bytes = 0
        self._counting = threading.Lock()

    def take(self, n_spans: int = 0, n_bytes: int = 0) -> None:
        """Let something in. What is larger than all the room has it alone.

        Raises:
            StoreBusy: it does not fit beside what is there.
        """
        with self._counting:
            spans, n_all_bytes = self._spans + n_spans, self._bytes + n_bytes
            if (self._spans and n_spans and spans > self._max_spans) or (
                self._bytes and n_bytes and n_all_bytes > self._max_bytes
            ):
                raise StoreBusy(RETRY_AFTER_S)
            self._spans, self._bytes = spans, n_all_bytes

    def give_back(self, n_spans: int, n_bytes: int = 0) -> None:
        with self._counting:
            self._spans -= n_spans
            self._bytes -= n_bytes
