"""Commands run: within this process with streams of our own, or as people run them."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.cli.app import app
from bot.cli.surroundings import Screen, Surroundings

ROOT = Path(__file__).parents[3]
NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
BARE = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "Europe/Prague", "COLUMNS": "100"}


@dataclass
class Ran:
    """What a command left behind."""

    status: int
    out: str
    err: str


def _screen():
    return Screen(io.TextIOWrapper(io.BytesIO(), "utf-8"), columns=100, colour=False, encoding="utf-8")


def _text(screen):
    screen.stream.flush()
    return screen.binary.getvalue().decode()


def run_here(*arguments, stores, questions=b"", backend_url=None):
    """A command over these stores."""
    screen, errors = _screen(), _screen()
    around = Surroundings(
        screen=screen,
        errors=errors,
        questions=io.BytesIO(questions),
        backend_url=backend_url,
        debug=False,
        zone=UTC,
        now=NOON,
        stores=lambda url, progress: stores,
        keeping=None,
    )
    try:
        app(args=list(arguments), prog_name="tracewhy", obj=around)
        status = 0
    except SystemExit as exc:
        status = exc.code
    return Ran(status, _text(screen), _text(errors))


def run_tracewhy(*arguments, questions="", folder=ROOT, **environment):
    """A command in a process of its own, with almost no environment."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=questions.encode(),
        capture_output=True,
        cwd=folder,
        env={**BARE, "PYTHONPATH": str(ROOT), **environment},
        timeout=60,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())
