"""What one process of the shop is told when it starts."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from demo.shop.fault import FaultFile

if TYPE_CHECKING:
    from collections.abc import Mapping

NO_SOCKET = -1


@dataclass(frozen=True)
class Job:
    """A role, and what there is to play it."""

    role: str
    version: str
    otlp: str
    """Where spans go, as host:port."""
    folder: str
    addresses: Mapping[str, str]
    """URLs of the services, as each is to be reached by those who call it."""
    socket: int = NO_SOCKET
    """Descriptor of a listening socket."""
    rate: float = 0.0
    """For the load: requests a second."""
    requests: int = 0
    """For the load: how many; 0 for no end."""
    target: str = ""
    """For a wire: the port that it leads to."""

    @property
    def place(self) -> Path:
        return Path(self.folder)

    @property
    def faults(self) -> FaultFile:
        return FaultFile(self.place)

    def written(self) -> str:
        return json.dumps(asdict(self))


def ready_file(folder: Path, process: int) -> Path:
    """Is there as soon as the process can be asked."""
    return folder / f"{process}.ready"


def read_job(text: str) -> Job:
    return Job(**json.loads(text))
