"""The demo's trace store: `python -m demo.store FOLDER` is `tracewhy serve` on free ports, and ends when its stdin does."""

from __future__ import annotations

import os
import signal
import sys
from runpy import run_module
from threading import Thread


def main(folder: str) -> None:
    """Serve until whoever holds the other end of stdin lets go, or dies."""
    Thread(target=_end_with_stdin, daemon=True).start()
    sys.argv = ["tracewhy", "serve", "--store", folder, "--grpc-port", "0", "--http-port", "0"]
    run_module("bot", run_name="__main__")


def _end_with_stdin() -> None:
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main(sys.argv[1])
