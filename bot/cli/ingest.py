"""`tracewhy ingest`: trace files into the store."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path  # noqa: TC003 - typer reads the annotations when it runs
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.keeping import read_settings
from bot.cli.options import DebugOption  # noqa: TC001 - typer reads the annotations when it runs
from bot.cli.progress import ProgressLine
from bot.cli.stream import print_line
from bot.cli.surroundings import surroundings_of

if TYPE_CHECKING:
    from backends.embedded.opening import StoreInFolder
    from bot.cli.surroundings import Surroundings
    from bot.services.ingest import Ingested

NS_IN_H = 3_600 * 10**9
INGEST_EPILOG = """\b
Examples:
  tracewhy ingest trace.json
  tracewhy ingest /var/traces 'older/*.json.gz' --store /var/lib/tracewhy"""


def ingest(
    context: typer.Context,
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="Trace files: paths, folders, quoted patterns; in any format that `ask` reads.",
        ),
    ],
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="Settings, as YAML.", show_default=False)
    ] = None,
    store: Annotated[
        Path | None,
        typer.Option("--store", metavar="FOLDER", help="Where spans are kept.", show_default=False),
    ] = None,
    _debug: DebugOption = False,
) -> None:
    """Load trace files into the store, through `tracewhy serve` where one runs.

    A span that is there already stays one span, so the same file may be loaded again.
    """
    around = surroundings_of(context)
    settings = read_settings(around, config, {"store.folder": store})
    raise typer.Exit(
        asyncio.run(_ingest(files, around.keeping.store(settings), settings.store.keep_h, around))
    )


async def _ingest(files: list[str], store: StoreInFolder, keep_h: float, around: Surroundings) -> int:
    from backends.errors import BackendError, UnreadableFile  # noqa: PLC0415 - help needs no backends

    worst = 0
    try:
        for file in files:
            try:
                await _ingest_one(file, store, keep_h, around)
            except UnreadableFile as exc:
                print_line(str(exc), around.errors)
                worst = exc.exit_status
    except BackendError as exc:
        print_line(str(exc), around.errors)
        return exc.exit_status
    finally:
        await store.aclose()
    return worst


async def _ingest_one(file: str, store: StoreInFolder, keep_h: float, around: Surroundings) -> None:
    from backends.embedded.folder import made_for_owner_only  # noqa: PLC0415 - help needs no backends
    from bot.services.ingest import ingest as ingest_file  # noqa: PLC0415 - help needs no services

    progress = ProgressLine(around.errors.stream, time.monotonic, shown=around.errors.stream.isatty())
    try:
        kept_since_ns = around.keeping.clock_ns() - int(keep_h * NS_IN_H)
        with made_for_owner_only():
            done = await ingest_file(file, store, progress, kept_since_ns=kept_since_ns)
    finally:
        progress.clear()
    for note in done.notes:
        print_line(note, around.errors)
    print_line(_told(done, store), around.screen)
    if done.expired:
        print_line(_expired(done, keep_h), around.errors)


def _told(done: Ingested, store: StoreInFolder) -> str:
    spans = f"{done.spans:,} span{'s' * (done.spans != 1)}"
    files = f"{done.files:,} file{'s' * (done.files != 1)}"
    lost = f"; {done.unreadable:,} could not be read" if done.unreadable else ""
    cut = f" Too long, and kept in part: texts of {done.shortened:,} of them." if done.shortened else ""
    return f"Loaded {spans} of {files} into {store.folder}{lost}.{cut}"


def _expired(done: Ingested, keep_h: float) -> str:
    which = "All" if done.expired == done.spans else f"{done.expired:,}"
    return (
        f"{which} of them began longer ago than the {keep_h:g} h for which spans are kept (store.keep_h). `tracewhy serve` "
        "removes such spans within minutes, as soon as the store has newer ones: to keep them, start it with a larger "
        "store.keep_h, or load them into a folder of their own with --store."
    )
