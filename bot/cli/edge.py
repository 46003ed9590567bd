"""The edge of the command line: nothing leaves it as a traceback, unless it is asked for."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from typing import TYPE_CHECKING, NoReturn

from bot.cli import bug
from bot.cli.app import app
from bot.cli.stream import print_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.cli.surroundings import Surroundings

INTERRUPTED = 130


def run(arguments: Sequence[str], around: Surroundings) -> NoReturn:
    """Run a command and leave with its exit status."""
    signal.signal(signal.SIGINT, lambda *_: _interrupted(around))
    try:
        app(args=list(arguments), prog_name="tracewhy", obj=around)
    except Exception as exc:  # noqa: BLE001 - the edge: whatever was not foreseen ends here, in words
        sys.exit(_report_bug(exc, arguments, around))
    sys.exit(0)


def _report_bug(exc: Exception, arguments: Sequence[str], around: Surroundings) -> int:
    if around.debug or "--debug" in arguments:
        traceback.print_exception(exc, file=around.errors.stream)
    print_line(f"{bug.problem(exc)} {bug.ADVICE}", around.errors)
    return bug.STATUS


def _interrupted(around: Surroundings) -> NoReturn:
    """Leave at once: threads that still read a file have nothing to lose."""
    around.errors.stream.write("\nInterrupted.\n")
    around.errors.stream.flush()
    os._exit(INTERRUPTED)
