"""One process of the shop: `python -m demo.shop.process JOB`. It ends when its stdin does.

Whoever started it holds the other end: if that is closed, or dies in whatever way, the process takes nothing new, sends
its last spans and leaves.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from importlib import import_module
from threading import Event, Thread
from typing import TYPE_CHECKING

from werkzeug.serving import ThreadedWSGIServer

from demo.shop.job import read_job, ready_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from demo.shop.job import Job

LAST_WORDS_S = 8
"""After this a process that should end is ended."""


def main(job: Job) -> None:
    """Play the role until told to stop."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever holds the other end of stdin
    stopping = Event()
    Thread(target=_stop_with_stdin, args=(stopping,), daemon=True).start()
    if job.role.startswith("wire"):
        _wire(job, stopping)
    elif job.role == "load":
        _load(job, stopping)
    else:
        _service(job, stopping)


def _stop_with_stdin(stopping: Event) -> None:
    # Not through sys.stdin: its lock would be held when Python exits by another way.
    while os.read(0, 1):
        pass
    stopping.set()
    Event().wait(LAST_WORDS_S)
    os._exit(1)


def _wire(job: Job, stopping: Event) -> None:
    from demo.shop.wire import carry  # noqa: PLC0415 - each role loads what it needs

    _ready(job)
    carry(job, stopping)


def _load(job: Job, stopping: Event) -> None:
    from demo.shop.load import send_requests  # noqa: PLC0415

    send_requests(job, stopping)


def _service(job: Job, stopping: Event) -> None:
    from demo.shop.telemetry import start_telemetry  # noqa: PLC0415

    provider = start_telemetry(job)
    os.chdir(job.place)  # so that databases have short names in spans
    try:
        if job.role == "worker":
            from demo.shop.worker import work  # noqa: PLC0415

            _ready(job)
            work(job, stopping)
        else:
            make_app: Callable[[Job], Flask] = import_module(f"demo.shop.{job.role}").make_app
            app = make_app(job)
            _ready(job)
            _serve(app, job.socket, stopping)
    finally:
        provider.shutdown()


def _ready(job: Job) -> None:
    ready_file(job.place, os.getpid()).touch()


def _serve(app: Flask, socket: int, stopping: Event) -> None:
    """Answer until told to stop; returns when the last answer is given."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = ThreadedWSGIServer("127.0.0.1", 0, app, fd=socket)
    server.daemon_threads = False
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    stopping.wait()
    server.shutdown()
    server.server_close()


if __name__ == "__main__":
    main(read_job(sys.argv[1]))
