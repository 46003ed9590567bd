"""Why spans were not kept."""

from __future__ import annotations

from backends.errors import BackendError, BackendOverloaded


class StoreBusy(BackendOverloaded):
    """There is no room for these spans at the moment; nothing of them was kept."""

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(
            "The store has no room for more spans at the moment.", f"Try again in {retry_after_s:g} s."
        )
        self.retry_after_s = retry_after_s


class StoreFull(BackendError):
    """There is no room on the disk; nothing was kept."""

    def __init__(self, retry_after_s: float = 30.0) -> None:
        super().__init__("The disk of the store is full.", "Free some space, or lower the retention.")
        self.retry_after_s = retry_after_s
