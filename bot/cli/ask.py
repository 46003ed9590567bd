"""`tracewhy ask`: one question, or one a line from stdin."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import bug
from bot.cli.options import DebugOption, Format, FormatOption, ZoneOption, read_now, read_zone
from bot.cli.progress import ProgressLine
from bot.cli.stream import write
from bot.cli.surroundings import Surroundings, surroundings_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, tzinfo

    from bot.services.ask import Answer, Stores

FROM_STDIN = "-"
LONGEST_LINE = 1 << 20
EPILOG = """\b
Examples:
  tracewhy ask "slowest checkout last 30m"
  tracewhy ask "why is checkout slow"
  tracewhy ask "compare checkout last 1h vs yesterday"
  tracewhy ask "errors since 14:00"
  tracewhy ask "find user.id=42 around 14:05"
  tracewhy ask trace.json
  tracewhy ask 4bf92f3577b34da6a3ce929d0e0e4736 --backend jaeger://localhost:16686
  tracewhy ask 4bf92f3577b34da6a3ce929d0e0e4736 --backend 'traces/*.json.gz'
  tracewhy ask - --backend traces.json < questions.txt

\b
With TRACEWHY_BACKEND=jaeger+https://jaeger.example in the environment:
  tracewhy ask https://jaeger.example/trace/4bf92f3577b34da6 --format json

\b
Exit status: 0 answered, 2 not understood or asked back, 3 no answer from the
trace store, 4 a trace file that cannot be read."""


@dataclass(frozen=True)
class Asking:
    """What the options of one `ask` say."""

    around: Surroundings
    backend_url: str | None
    format: Format
    now: datetime
    zone: tzinfo
    dry_run: bool


def ask(
    context: typer.Context,
    text: Annotated[
        str,
        typer.Argument(
            metavar="TEXT",
            help="A question in words; a trace id, a traceparent, a link to a trace (its id is looked up at "
            "--backend), the path of a trace file; or - for questions on stdin.",
            show_default=False,
        ),
    ],
    backend: Annotated[
        str | None,
        typer.Option(
            "--backend",
            metavar="URL",
            help="Where traces live: jaeger://host:16686, embedded:///folder, or trace files: a path, a folder, a quoted "
            "pattern. Default: the variable TRACEWHY_BACKEND, else the store of `tracewhy serve`.",
        ),
    ] = None,
    format: FormatOption = Format.TEXT,  # noqa: A002 - typer names the option after it
    now: Annotated[
        str | None,
        typer.Option("--now", metavar="TIME", help="Answer as if it were this time, as 2026-11-22T15:05."),
    ] = None,
    zone: ZoneOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print how the question is understood, as JSON; read no spans.")
    ] = False,
    _debug: DebugOption = False,
) -> None:
    """Answer a question about traces: one explained, the slowest, what failed, whose.

    With - as TEXT, one question a line is read from stdin and one JSON object a line is printed, in order.
    """
    around = surroundings_of(context)
    reader_zone = read_zone(zone, around.zone)
    asking = Asking(
        around=around,
        backend_url=backend or around.backend_url,
        format=format,
        now=read_now(now, reader_zone, around.now),
        zone=reader_zone,
        dry_run=dry_run,
    )
    raise typer.Exit(
        answer_all(_lines(around) if text == FROM_STDIN else [text], asking, many=text == FROM_STDIN)
    )


def answer_all(questions: Iterator[str] | list[str], asking: Asking, *, many: bool) -> int:
    """Answer each in turn; the highest exit status of all."""
    return asyncio.run(_answer_all(questions, asking, many=many))


async def _answer_all(questions: Iterator[str] | list[str], asking: Asking, *, many: bool) -> int:
    around = asking.around
    progress = ProgressLine(
        around.errors.stream, time.monotonic, shown=around.errors.stream.isatty() and not many
    )
    worst = 0
    async with around.stores(asking.backend_url, progress) as stores:
        for question in questions:
            if asking.dry_run:
                worst = max(worst, await _print_plan(question, stores, asking))
                continue
            ticking = asyncio.create_task(progress.tick())
            try:
                answer = await _answered(question, stores, asking, many=many)
            finally:
                ticking.cancel()
                progress.clear()
            _print(answer, asking, many=many)
            worst = max(worst, answer.exit_status)
    return worst


def _lines(around: Surroundings) -> Iterator[str]:
    """Questions from stdin as they come; of a line without end only its beginning."""
    while line := around.questions.readline(LONGEST_LINE):
        yield line.decode("utf-8", "replace").rstrip("\r\n")


async def _answered(question: str, stores: Stores, asking: Asking, *, many: bool) -> Answer:
    """The answer; where it is for a program, a mistake of ours is an answer too, so that one stands for each question."""
    from analyzers.report_base import Asked  # noqa: PLC0415 - help needs no msgspec
    from bot.services.ask import Answer, ask, instant  # noqa: PLC0415 - nor numpy
    from bot.services.unanswered import failure  # noqa: PLC0415 - likewise

    readable = question.encode("utf-8", "replace").decode()
    try:
        return await ask(readable, stores, asking.now, asking.zone)
    except Exception as exc:
        if not many or asking.around.debug:
            raise
        asked = Asked(question=readable, asked_at=instant(asking.now))
        return Answer(failure(asked, bug.problem(exc), bug.ADVICE), bug.STATUS)


def _print(answer: Answer, asking: Asking, *, many: bool) -> None:
    from bot.cli.output import print_json, print_slack, print_text  # noqa: PLC0415 - help needs no renderer

    if asking.format is Format.SLACK:
        print_slack(answer.report, asking.around, asking.zone)
    elif many or asking.format is Format.JSON:
        print_json(answer.report, asking.around)
    else:
        print_text(answer.report, asking.around, asking.zone)


async def _print_plan(question: str, stores: Stores, asking: Asking) -> int:
    from backends.errors import BackendError  # noqa: PLC0415 - help needs no stores
    from bot.services.plan import ASKED_BACK, Plan, plan  # noqa: PLC0415 - help needs no msgspec

    readable = question.encode("utf-8", "replace").decode()
    try:
        planned = await plan(readable, stores, asking.now, asking.zone)
    except BackendError as exc:
        write(asking.around.screen, Plan(text=readable, problem=exc.problem, advice=exc.advice).as_json())
        return exc.exit_status
    write(asking.around.screen, planned.as_json())
    return 0 if planned.understood else ASKED_BACK
