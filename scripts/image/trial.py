"""Runs what was built, as a container would be run, and asks it something."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.image.rootfs import command_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.image.build import Image

STOP_S = 30.0
LISTENS = "Ctrl-C stops."
SLOW_CHECKOUT = Path(__file__).parents[2] / "demo/slow_checkout.otlp.json"
QUESTION = "4bf92f3577b34da6a3ce929d0e0e4736"
LIBEXEC_PRECOMPILE = "/opt/tracewhy/libexec/precompile.py"
NUMBA_CACHE = "var/cache/tracewhy/numba"


class TrialFailed(Exception):
    """The image does not do what it should. The message says what."""


def try_out(image: Image) -> Iterator[str]:
    """A line for each thing that works.

    Raises:
        TrialFailed: the first that does not.
    """
    grpc_port, http_port = _free_ports(2)
    environment = image.environment | {
        "TRACEWHY_RECEIVERS__GRPC_PORT": str(grpc_port),
        "TRACEWHY_RECEIVERS__HTTP_PORT": str(http_port),
    }
    compiled, bytecode = _compiled(image), _bytecode(image)
    with _started(image, environment) as process:
        status, said = _run(image, environment, image.health)
        _check(status == 0, f"the health check refuses a bot that runs: {said}")
        yield "serve listens, as its own user, and is healthy"
        _send(http_port)
        status, said = _run(image, environment, [*image.entrypoint, "ask", QUESTION])
        _check(status == 0 and "SELECT cards" in said, f"ask does not answer: {said}")
        yield "spans sent to it are kept, and ask explains them"
        shop = ["python", "-m", "demo.shop", "--otlp", f"127.0.0.1:{grpc_port}", "--seconds", "3"]
        status, said = _run(image, environment, shop)
        _check(status == 0, f"the demo's shop does not run: {said}")
        status, said = _run(image, environment, [*image.entrypoint, "ask", "services last 5m"])
        _check(status == 0 and "inventory" in said, f"the shop's spans are not there: {said}")
        yield "the shop runs in it, and its services are known"
        _terminate(process)
        _check(_ended(process) == 0, f"SIGTERM does not stop it in order within {STOP_S:.0f} s")
        yield "SIGTERM stops it"
    _check(_run(image, environment, image.health)[0] == 1, "the health check finds a stopped bot healthy")
    status, said = _run(image, environment, ["python", LIBEXEC_PRECOMPILE])
    _check(status == 0, f"large traces cannot be explained: {said}")
    _check(compiled and _compiled(image) == compiled, "large traces have loops compiled that should be there")
    _check(_bytecode(image) == bytecode, "modules were compiled that should have been")
    yield f"large traces need nothing compiled: {len(compiled)} files as they were built"


@contextmanager
def _started(image: Image, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """The image's own command, as its own user, once it listens."""
    words = [*image.entrypoint, *image.command]
    command = _command(image, environment, words)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            _wait_until_it_listens(process)
            yield process
        finally:
            process.kill()


def _wait_until_it_listens(process: subprocess.Popen[str]) -> None:
    said = []
    for line in process.stdout or ():
        said.append(line)
        if line.startswith(LISTENS):
            return
    raise TrialFailed(f"serve ended before it listened. It said: {''.join(said)}")


def _terminate(process: subprocess.Popen[str]) -> None:
    """As Docker does: the signal goes to the first process inside, which is our program itself."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("utf-8").split()
    os.kill(int(children[0]), signal.SIGTERM)


def _ended(process: subprocess.Popen[str]) -> int | None:
    try:
        process.communicate(timeout=STOP_S)
    except subprocess.TimeoutExpired:
        return None
    return process.returncode


def _run(image: Image, environment: dict[str, str], words: list[str]) -> tuple[int, str]:
    """As `docker exec` would: status, and what was said."""
    run = subprocess.run(_command(image, environment, words), capture_output=True, text=True, check=False)
    return run.returncode, run.stdout + run.stderr


def _command(image: Image, environment: dict[str, str], words: list[str]) -> list[str]:
    return command_in(image.root, words, environment, user=image.user, folder=image.folder)


def _send(port: int) -> None:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/traces", SLOW_CHECKOUT.read_bytes(), {"Content-Type": "application/json"}
    )
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10).close()


def _compiled(image: Image) -> dict[str, int]:
    """The files of compiled code, and when each was written."""
    return {
        str(path.relative_to(image.root)): path.stat().st_mtime_ns
        for path in (image.root / NUMBA_CACHE).rglob("*.nb[ci]")
    }


def _bytecode(image: Image) -> int:
    return sum(1 for _ in (image.root / "opt/tracewhy/lib").rglob("*.pyc"))


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports


def _check(holds: object, otherwise: str) -> None:
    if not holds:
        raise TrialFailed(f"The image does not work: {otherwise}.")
