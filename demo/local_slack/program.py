"""The local Slack's own program, started and stopped. What happens in it reaches the proxy's socket."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from demo.local_slack.cache import built
from demo.local_slack.workspace import Workspace

if TYPE_CHECKING:
    from types import TracebackType

START_S = 120
STOP_S = 5
SAID = re.compile(r"Web UI:\s+(http://127\.0\.0\.1:\d+)")


class LocalSlackBroken(Exception):
    """The program did not start, or ended. The message has its last words."""


class Program:
    """A running local Slack that nothing has happened in; a context manager.

    It listens on every interface of the machine and asks nobody for a token (it has no setting for either), so it is
    for machines whose network is trusted. `listener` is where the proxy listens: bound first, as the program is told
    the address once, when it starts.
    """

    def __init__(self, workspace: Workspace | None = None) -> None:
        self.workspace = workspace or Workspace()
        self.url = ""

    def __enter__(self) -> Program:
        with ExitStack() as left:
            folder = Path(left.enter_context(tempfile.TemporaryDirectory(prefix="tracewhy-slack-")))
            self.listener = left.enter_context(socket.create_server(("127.0.0.1", 0), backlog=512))
            self.url = _started(self._configured(folder), folder, left)
            self._left = left.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left.close()

    @property
    def proxy_url(self) -> str:
        """Where the proxy answers while there is one."""
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def _configured(self, folder: Path) -> Path:
        path = folder / "workspace.json"
        path.write_text(json.dumps(self.workspace.configuration(f"{self.proxy_url}/_happened")), "utf-8")
        return path


def _started(configuration: Path, folder: Path, left: ExitStack) -> str:
    log = folder / "slack.log"
    (folder / "files").mkdir()
    command = [*_dying_with_us(), str(built("local_slack")), "--config", str(configuration), "--port", "0"]
    options = ["--base-host", "127.0.0.1", "--files-dir", str(folder / "files")]
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - a program and arguments of ours
            [*command, *options], stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=folder
        )
    left.callback(_end, process)
    deadline_s = time.monotonic() + START_S
    while True:
        said = log.read_text("utf-8", errors="replace")
        if found := SAID.search(said):
            return found[1]
        if process.poll() is not None or time.monotonic() > deadline_s:
            raise LocalSlackBroken(f"The local Slack did not start. It said: {said.strip() or 'nothing'}")
        time.sleep(0.02)


def _dying_with_us() -> list[str]:
    """What ends the program also if we are killed, where the system has it."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
