"""The shop as one thing: starts its processes, breaks and mends it, and leaves nothing behind.

Every process reads a pipe that only we hold. Closing it asks the process to finish, and it is closed too if we die, in
whatever way. The sockets are bound here and inherited, so ports are free ones and nobody is asked before being there.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from demo.shop.database import MOVEMENTS_INDEX, NO_MOVEMENTS_INDEX, run_untraced
from demo.shop.fault import Fault, FaultFile
from demo.shop.job import NO_SOCKET, Job, ready_file
from demo.shop.load import Sent, read_truth

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

SERVICES = ("inventory", "payment", "checkout", "frontend")
WIRES = {"wire to inventory": "inventory", "wire to payment": "payment"}
VERSIONS = {
    "frontend": "3.11.0",
    "checkout": "1.8.2",
    "payment": "2.4.0",
    "inventory": "0.9.4",
    "worker": "1.8.2",
}
NEW_VERSION = ("payment", "2.5.0")

START_S = 60
FINISH_S = 10
REPOSITORY = Path(__file__).parents[2]
# Spans are sent twice a second, so that a question sees what has just happened.
SENDING = {"OTEL_BSP_SCHEDULE_DELAY": "500", "OTEL_EXPORTER_OTLP_TIMEOUT": "3"}


class ShopBroken(Exception):
    """A process of the shop ended that should not have, or did not start. The message says which and how."""


class Shop:
    """A shop that sends its spans to `otlp` (host:port, gRPC without TLS); a context manager.

    `rate` requests a second are sent, `requests` of them in all, 0 for no end.
    """

    def __init__(self, otlp: str, *, rate: float = 6.0, requests: int = 0) -> None:
        self._otlp = otlp
        self._rate = rate
        self._requests = requests
        self._left = ExitStack()
        self._sockets: dict[str, socket.socket] = {}
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._versions = dict(VERSIONS)

    def __enter__(self) -> Shop:
        with ExitStack() as left:
            self.folder = Path(left.enter_context(tempfile.TemporaryDirectory(prefix="tracewhy-shop-")))
            for role in (*SERVICES, *WIRES):
                self._sockets[role] = left.enter_context(socket.create_server(("127.0.0.1", 0), backlog=128))
            left.callback(self._stop)
            for role in (*SERVICES, *WIRES, "worker"):
                self._start(role)
            for role in tuple(self._running):
                self._wait_for(role)
            self._left = left.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left.close()

    @property
    def frontend(self) -> str:
        """Where a browser would look."""
        return self._url("frontend")

    @property
    def processes(self) -> dict[str, int]:
        """The process ids, by role."""
        return {role: process.pid for role, process in self._running.items()}

    def open(self) -> None:
        """Let the customers in."""
        self._start("load")

    def break_by(self, *faults: Fault) -> None:
        """Exactly these faults are on from now on; none mends everything."""
        FaultFile(self.folder).write(*faults)
        index = NO_MOVEMENTS_INDEX if Fault.MISSING_INDEX in faults else MOVEMENTS_INDEX
        run_untraced(self.folder / "inventory.sqlite", index)
        service, version = NEW_VERSION
        wanted = version if Fault.NEW_VERSION in faults else VERSIONS[service]
        if self._versions[service] != wanted:
            self._deploy(service, wanted)

    def look(self) -> None:
        """Raises ShopBroken if a process has ended by itself; only the load may, when everything is sent."""
        for role, process in self._running.items():
            status = process.poll()
            if status is not None and (role, status) != ("load", 0):
                raise ShopBroken(self._last_words(role, status))

    def wait_until_closed(self) -> None:
        """Until the load has sent everything and every answer is there."""
        while self._running["load"].poll() is None:
            self.look()
            time.sleep(0.05)
        self.look()

    def finish(self) -> None:
        """No more customers; what was begun is finished, and every span is sent."""
        for role in ("load", "frontend", "checkout", "payment", "inventory", "worker", *WIRES):
            if role in self._running:
                _end(self._running.pop(role))

    def truth(self) -> list[Sent]:
        """What was sent so far and what came of it."""
        return read_truth(self.folder)

    def _start(self, role: str) -> None:
        listener = self._sockets.get(role)
        descriptors = () if listener is None else (listener.fileno(),)
        job = self._job(role, descriptors[0] if descriptors else NO_SOCKET)
        with self._log(role).open("ab") as log:
            self._running[role] = subprocess.Popen(  # noqa: S603 - our own program and arguments
                [sys.executable, "-m", "demo.shop.process", job.written()],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=REPOSITORY,
                env=_environment(),
                pass_fds=descriptors,
                process_group=0,
            )

    def _job(self, role: str, descriptor: int) -> Job:
        return Job(
            role=role,
            version=self._versions.get(role, "1.0.0"),
            otlp=self._otlp,
            folder=str(self.folder),
            addresses={service: self._url(service) for service in SERVICES}
            | {service: self._url(wire) for wire, service in WIRES.items()},
            socket=descriptor,
            rate=self._rate,
            requests=self._requests,
            target=str(self._port(WIRES[role])) if role in WIRES else "",
        )

    def _deploy(self, service: str, version: str) -> None:
        """The new version shares the socket with the old one until it is there."""
        old = self._running.pop(service)
        self._versions[service] = version
        try:
            self._start(service)
            self._wait_for(service)
        finally:
            _end(old)

    def _port(self, role: str) -> int:
        return int(self._sockets[role].getsockname()[1])

    def _url(self, role: str) -> str:
        return f"http://127.0.0.1:{self._port(role)}"

    def _log(self, role: str) -> Path:
        return self.folder / f"{role.replace(' ', '-')}.log"

    def _wait_for(self, role: str) -> None:
        ready = ready_file(self.folder, self._running[role].pid)
        deadline_s = time.monotonic() + START_S
        while not ready.exists():
            self.look()
            if time.monotonic() > deadline_s:
                raise ShopBroken(
                    f"The shop's {role} did not start within {START_S} s: this machine is too busy."
                )
            time.sleep(0.02)

    def _last_words(self, role: str, status: int) -> str:
        lines = self._log(role).read_text(encoding="utf-8", errors="replace").strip().splitlines()
        said = f" It said: {lines[-1]}" if lines else ""
        return f"The shop's {role} ended by itself (status {status}); the shop is closed.{said}"

    def _stop(self) -> None:
        """End everything at once; what has not been sent is lost."""
        for process in self._running.values():
            _let_go(process)
            process.kill()
        for process in self._running.values():
            process.wait()
        self._running.clear()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask to finish; whoever does not is ended."""
    _let_go(process)
    try:
        process.wait(FINISH_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _let_go(process: subprocess.Popen[bytes]) -> None:
    if process.stdin:
        process.stdin.close()


def _environment() -> dict[str, str]:
    """Ours, without what would send spans or requests elsewhere."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    return ours | SENDING | {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", "PYTHONUNBUFFERED": "1"}


def report(sent: Sequence[Sent]) -> str:
    """The truth in a sentence."""
    failed = sum(each.status != 200 for each in sent)
    return f"{len(sent):,} requests were answered, {failed:,} of them with an error"
