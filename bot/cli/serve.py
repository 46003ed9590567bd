"""`tracewhy serve`: receives spans, keeps them, and answers what is asked of them, in Slack too."""

from __future__ import annotations

import asyncio
import shlex
import signal
from pathlib import Path  # noqa: TC003 - typer reads the annotations when it runs
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.keeping import read_settings
from bot.cli.options import DebugOption  # noqa: TC001 - typer reads the annotations when it runs
from bot.cli.stream import print_line
from bot.cli.surroundings import surroundings_of

if TYPE_CHECKING:
    from backends.embedded.owner import Owner
    from bot.cli.surroundings import Surroundings
    from config.settings import Settings

SERVE_EPILOG = """\b
Examples:
  tracewhy serve
  tracewhy serve --store /var/lib/tracewhy --grpc-port 14317 --http-port 14318
  tracewhy serve --config tracewhy.yaml

Settings: config/tracewhy.example.yaml explains each, docs/how-to/send-spans.md how to point an SDK or a Collector here."""


def serve(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="Settings, as YAML.", show_default=False)
    ] = None,
    store: Annotated[
        Path | None,
        typer.Option("--store", metavar="FOLDER", help="Where spans are kept.", show_default=False),
    ] = None,
    grpc_port: Annotated[
        int | None,
        typer.Option(
            "--grpc-port", metavar="N", help="OTLP over gRPC: 4317; 0 for a free one.", show_default=False
        ),
    ] = None,
    http_port: Annotated[
        int | None,
        typer.Option(
            "--http-port", metavar="N", help="OTLP over HTTP: 4318; 0 for a free one.", show_default=False
        ),
    ] = None,
    _debug: DebugOption = False,
) -> None:
    """Receive spans over OTLP, keep them, and answer what `tracewhy ask` and people in Slack ask.

    Runs until Ctrl-C or SIGTERM; what was begun then is finished first.
    """
    around = surroundings_of(context)
    settings = read_settings(
        around,
        config,
        {"store.folder": store, "receivers.grpc_port": grpc_port, "receivers.http_port": http_port},
    )
    raise typer.Exit(asyncio.run(_serve(around, settings)))


async def _serve(around: Surroundings, settings: Settings) -> int:
    from backends.embedded.folder import made_for_owner_only  # noqa: PLC0415 - help needs no backends
    from backends.errors import BackendError  # noqa: PLC0415 - likewise
    from bot.memory import hoard_less  # noqa: PLC0415 - before threads begin, and only where a process stays

    hoard_less()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        with made_for_owner_only():
            return await _run(around.keeping.owner(settings), around, settings, stop)
    except BackendError as exc:
        print_line(str(exc), around.errors)
        return exc.exit_status


async def _run(owner: Owner, around: Surroundings, settings: Settings, stop: asyncio.Event) -> int:
    from bot.services.serve import tally_text  # noqa: PLC0415 - help needs no services

    def say(line: str) -> None:
        print_line(line, around.screen)

    async with owner, around.keeping.beside(settings, owner, say, around.errors.stream) as slack:
        say(_greeting(owner, slack, usual=around.keeping.is_usual(owner.folder)))
        await stop.wait()
        say("Stopping: what was begun is finished first.")
    say(f"Stopped: {tally_text(owner.tally)}")
    return 0


def _greeting(owner: Owner, slack: str, *, usual: bool) -> str:
    host = f"[{owner.host}]" if ":" in owner.host else owner.host
    where = "" if usual else f" --backend {shlex.quote(f'embedded://{owner.folder}')}"
    return f"""tracewhy keeps spans in {owner.folder}

  OTLP over gRPC   {host}:{owner.grpc_port}
  OTLP over HTTP   http://{host}:{owner.http_port}/v1/traces

{slack}

Send spans from any OpenTelemetry SDK:
  OTEL_EXPORTER_OTLP_ENDPOINT=http://{host}:{owner.grpc_port} OTEL_EXPORTER_OTLP_PROTOCOL=grpc

Then ask, in another terminal:
  tracewhy ask "slowest last 15m"{where}

Ctrl-C stops."""
