"""The commands, and what stands above them. A new command is a file beside this one and a line here."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

import typer

from bot.cli.ask import EPILOG, ask
from bot.cli.command import WordedCommand
from bot.cli.demo import demo
from bot.cli.doctor import DOCTOR_EPILOG, doctor
from bot.cli.ingest import INGEST_EPILOG, ingest
from bot.cli.options import DebugOption  # noqa: TC001 - typer reads the annotations when it runs
from bot.cli.serve import SERVE_EPILOG, serve

app = typer.Typer(
    name="tracewhy",
    help="Say why a distributed trace is slow, and show the evidence.",
    epilog="Start with: tracewhy demo",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(cls=WordedCommand, epilog=EPILOG)(ask)
app.command(cls=WordedCommand)(demo)
app.command(cls=WordedCommand, epilog=SERVE_EPILOG)(serve)
app.command(cls=WordedCommand, epilog=INGEST_EPILOG)(ingest)
app.command(cls=WordedCommand, epilog=DOCTOR_EPILOG)(doctor)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tracewhy {version('tracewhy')}")
        raise typer.Exit


@app.callback()
def main(
    _version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
    _debug: DebugOption = False,
) -> None:
    """Say why a distributed trace is slow, and show the evidence."""
