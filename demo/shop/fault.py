"""What can be broken, and the file that says what is."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class Fault(StrEnum):
    """One way to break the shop. The value is what people type."""

    MISSING_INDEX = "missing_index"
    N_PLUS_ONE = "n_plus_one"
    SLOW_NETWORK = "slow_network"
    RETRY_STORM = "retry_storm"
    FAILING_USERS = "failing_users"
    BROKEN_PROPAGATION = "broken_propagation"
    LOST_CONTEXT = "lost_context"
    NEW_VERSION = "new_version"

    @property
    def story(self) -> str:
        """What happens, in a sentence."""
        return STORIES[self]


STORIES = {
    Fault.MISSING_INDEX: "inventory lost the index of its movements, so every look at the stock reads the whole table",
    Fault.N_PLUS_ONE: "payment reads a customer's past charges one by one",
    Fault.SLOW_NETWORK: "the network between checkout and payment takes 120 ms each way",
    Fault.RETRY_STORM: "payment turns most calls away, and checkout asks again at once",
    Fault.FAILING_USERS: "payment fails for every seventh customer",
    Fault.BROKEN_PROPAGATION: "a proxy before inventory renames the header that carries the trace",
    Fault.LOST_CONTEXT: "the worker ignores the trace that its messages carry",
    Fault.NEW_VERSION: "payment 2.5.0 is out, and checks every card for longer",
}

FAILING_EVERY = 7
"""With FAILING_USERS: the customers whose number this divides."""


class FaultFile:
    """The faults that are on, shared by all processes: one name a line.

    A lost index and a new version take more than a line: `Shop.break_by` sees to those.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "faults"

    def on(self, fault: Fault) -> bool:
        return fault in self.all()

    def all(self) -> frozenset[Fault]:
        """Names that are no faults count for nothing."""
        try:
            names = self._path.read_text(encoding="utf-8").split()
        except FileNotFoundError:
            return frozenset()
        return frozenset(Fault(name) for name in names if name in STORIES)

    def write(self, *faults: Fault) -> None:
        """Exactly these are on from now on. Whoever reads meanwhile sees the old ones or the new ones."""
        draft = self._path.with_suffix(".draft")
        draft.write_text("".join(f"{fault}\n" for fault in faults), encoding="utf-8")
        draft.replace(self._path)
