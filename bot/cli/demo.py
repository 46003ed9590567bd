"""`tracewhy demo`: the shipped trace, explained."""

from __future__ import annotations

from pathlib import Path

import typer

from bot.cli.ask import Asking, answer_all
from bot.cli.options import DebugOption, Format, FormatOption, ZoneOption, read_zone
from bot.cli.stream import print_line
from bot.cli.surroundings import surroundings_of
from demo import SLOW_CHECKOUT

HOW_TO_ASK_MORE = """
This trace is shipped with tracewhy. Ask about your own:

  tracewhy ask trace.json
  tracewhy ask TRACE_ID --backend jaeger://localhost:16686
  tracewhy ask --help"""


def demo(
    context: typer.Context,
    format: FormatOption = Format.TEXT,  # noqa: A002 - typer names the option after it
    zone: ZoneOption = None,
    _debug: DebugOption = False,
) -> None:
    """Explain a shipped trace of a slow checkout."""
    around = surroundings_of(context)
    asking = Asking(
        around=around,
        backend_url=None,
        format=format,
        now=around.now,
        zone=read_zone(zone, around.zone),
        dry_run=False,
    )
    status = answer_all([_as_typed(SLOW_CHECKOUT)], asking, many=False)
    if format is Format.TEXT:
        print_line(HOW_TO_ASK_MORE, around.screen)
    raise typer.Exit(status)


def _as_typed(path: Path) -> str:
    """The path as a person would type it here."""
    try:
        here = Path.cwd()
    except OSError:  # the folder was removed beneath the shell
        return str(path)
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
