"""A trace store and the shop that fills it, as one thing that leaves nothing behind."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from demo.shop.running import REPOSITORY, Shop, ShopBroken

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import TracebackType

    from demo.shop.fault import Fault
    from demo.shop.load import Sent

START_S = 60
FINISH_S = 10
RATE = 12.0
"""Requests a second: enough within seconds to tell before from after."""
LOOK_EVERY_S = 0.2
LISTENING = re.compile(r"OTLP over gRPC\s+(\S+)")


class LiveShop:
    """A store in a folder of its own, and the shop before it; a context manager. `shop` and `backend_url` are its parts.

    `settings` are variables that the store's process is given: with those of a Slack it is the bot there, too.
    """

    def __init__(self, settings: Mapping[str, str] | None = None) -> None:
        self._settings = settings or {}

    def __enter__(self) -> LiveShop:
        with ExitStack() as left:
            folder = Path(left.enter_context(tempfile.TemporaryDirectory(prefix="tracewhy-demo-")))
            self.otlp = left.enter_context(
                running_store(folder / "store", folder / "store.log", self._settings)
            )
            self.backend_url = f"embedded://{folder / 'store'}"
            self.shop = left.enter_context(Shop(self.otlp, rate=RATE))
            self._left = left.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left.close()

    def run(self, healthy_s: float) -> None:
        """Let the customers in, with nothing broken for a while."""
        self.shop.break_by()
        self.shop.open()
        self._wait(healthy_s)

    def break_by(self, faults: list[Fault], broken_s: float) -> None:
        """Break the shop and let it be so for a while."""
        self.shop.break_by(*faults)
        self._wait(broken_s)

    def customer(self) -> int:
        """One whom it befell: the last whose order failed, else the one whose order took longest while broken."""
        orders = [sent for sent in self.shop.truth() if sent.user_id is not None and sent.faults]
        failed = [sent for sent in orders if sent.status != 200]
        worst = failed[-1] if failed else max(orders, key=_duration_ns, default=None)
        return worst.user_id or 0 if worst else 0

    def _wait(self, wanted_s: float) -> None:
        end_s = time.monotonic() + wanted_s
        while time.monotonic() < end_s:
            self.shop.look()
            time.sleep(LOOK_EVERY_S)


def _duration_ns(sent: Sent) -> int:
    return sent.duration_ns


@contextmanager
def running_store(
    folder: Path, log: Path, settings: Mapping[str, str] = MappingProxyType({})
) -> Iterator[str]:
    """Where the store takes spans, as host:port."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRACEWHY_")}
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own program and arguments
            [sys.executable, "-m", "demo.store", str(folder)],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            cwd=REPOSITORY,
            env={**environment, **settings},
            process_group=0,
        )
    try:
        yield _address(process, log)
    finally:
        _end(process)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    deadline_s = time.monotonic() + START_S
    while True:
        said = log.read_text(encoding="utf-8", errors="replace")
        if found := LISTENING.search(said):
            return found[1]
        if process.poll() is not None or time.monotonic() > deadline_s:
            raise ShopBroken(f"The demo's trace store did not start. It said: {said.strip() or 'nothing'}")
        time.sleep(0.05)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin:
        process.stdin.close()
    try:
        process.wait(FINISH_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
