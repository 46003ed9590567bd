"""`tracewhy demo`: a live shop to ask about, or the shipped trace, explained."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.ask import Asking, answer_all
from bot.cli.options import DebugOption, Format, FormatOption, ZoneOption, read_zone
from bot.cli.stream import print_line
from bot.cli.surroundings import Surroundings, surroundings_of
from demo import SLOW_CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Callable

    from demo.live import LiveShop
    from demo.shop.fault import Fault


class LocalOnly(StrEnum):
    """The Slacks in which the demo can be seen."""

    LOCAL = "local"


NEEDED = ("flask", "requests", "sqlalchemy", "opentelemetry.sdk", "opentelemetry.instrumentation")
HEALTHY_S, BROKEN_S = 12.0, 18.0
USUAL_FAULTS = ("n_plus_one", "failing_users")
INTERRUPTED, BROKEN = 130, 1
HOW_TO_ASK_MORE = """
This trace is shipped with tracewhy. Ask about your own:

  tracewhy ask trace.json
  tracewhy ask TRACE_ID --backend jaeger://localhost:16686
  tracewhy ask --help"""
NOT_INSTALLED = (
    "The live shop needs the extra `demo`, which is not installed: pip install 'tracewhy[demo]'. "
    "Here is the shipped trace instead.\n"
)


def demo(
    context: typer.Context,
    trace: Annotated[
        bool, typer.Option("--trace", help="Explain the shipped trace of a slow checkout instead.")
    ] = False,
    fault: Annotated[
        list[str] | None,
        typer.Option(
            "--fault",
            metavar="NAME",
            help="Break the shop so; may be repeated. Default: n_plus_one and failing_users. `list` lists them.",
            show_default=False,
        ),
    ] = None,
    slack: Annotated[
        LocalOnly | None,
        typer.Option(
            "--slack",
            help="Ask in a Slack on this machine instead, which `make servers` installs, and show its address.",
            show_default=False,
        ),
    ] = None,
    format: FormatOption = Format.TEXT,  # noqa: A002 - typer names the option after it
    zone: ZoneOption = None,
    _debug: DebugOption = False,
) -> None:
    """Start a trace store and a small shop under load, break it, and ask why.

    On a terminal you are asked for questions of your own afterwards. Nothing is left behind.
    """
    around = surroundings_of(context)
    asked_for_trace = trace or format is not Format.TEXT
    if not asked_for_trace and not _installed():
        print_line(NOT_INSTALLED, around.errors)
        asked_for_trace = True
    if asked_for_trace:
        raise typer.Exit(_explain_shipped_trace(around, format, zone))
    broken = _faults(fault or list(USUAL_FAULTS), around)
    raise typer.Exit(_run_in_slack(around, broken) if slack else _run_live(around, broken))


def _installed() -> bool:
    try:
        return all(find_spec(name) for name in NEEDED)
    except ModuleNotFoundError:
        return False


def _faults(names: list[str], around: Surroundings) -> list[Fault]:
    from demo.shop.fault import Fault  # noqa: PLC0415 - the shipped trace needs none

    if "list" in names:
        print_line("\n".join(f"  {fault:<20}{fault.story}" for fault in Fault), around.screen)
        raise typer.Exit
    unknown = [name for name in names if name not in set(Fault)]
    if unknown:
        raise typer.BadParameter(
            f"There is no fault {unknown[0]!r}. There are: {', '.join(Fault)}.", param_hint="--fault"
        )
    return [Fault(name) for name in names]


def _run_live(around: Surroundings, faults: list[Fault]) -> int:
    from demo.live import LiveShop  # noqa: PLC0415 - the shipped trace needs none

    def run() -> int:
        print_line("Starting a trace store, and a small shop that sends it spans...", around.screen)
        with LiveShop() as live:
            return _show(live, faults, around)

    return _until_closed(around, run)


def _run_in_slack(around: Surroundings, faults: list[Fault]) -> int:
    from demo.live import LiveShop  # noqa: PLC0415 - the shipped trace needs none
    from demo.local_slack.cache import NotBuilt  # noqa: PLC0415
    from demo.slack_live import SlackLive, slowest_trace  # noqa: PLC0415

    def run() -> int:
        print_line(
            "Starting a Slack on this machine, a trace store with the bot, and a shop...", around.screen
        )
        with SlackLive() as slack, LiveShop(slack.settings) as live:
            _break(live, faults, around)
            said = slack.converse(live.customer(), slowest_trace(live.shop.truth()))
            for question, answer in said.items():
                print_line(f"\n> {question}\n{answer}", around.screen)
            print_line(f"\nThe conversation is in #incidents: {slack.page}", around.screen)
            if sys.stdin.isatty():
                input("Ask there yourself. Return ends.")
        return 0

    try:
        return _until_closed(around, run)
    except NotBuilt as exc:
        print_line(str(exc), around.errors)
        return BROKEN


def _until_closed(around: Surroundings, run: Callable[[], int]) -> int:
    """Its exit status; Ctrl-C unwinds, so that everything that was started is stopped."""
    from demo.shop.running import ShopBroken  # noqa: PLC0415 - the shipped trace needs none

    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _terminated)
    try:
        return run()
    except ShopBroken as exc:
        print_line(str(exc), around.errors)
        return BROKEN
    except KeyboardInterrupt:
        print_line("\nThe shop is closed.", around.errors)
        return INTERRUPTED


def _terminated(number: int, _frame: object) -> None:
    sys.exit(128 + number)


def _break(live: LiveShop, faults: list[Fault], around: Surroundings) -> None:
    print_line(f"The shop is open: {live.shop.frontend}. Its customers come in...", around.screen)
    live.run(HEALTHY_S)
    for fault in faults:
        print_line(f"Broken now: {fault.story}.", around.screen)
    live.break_by(faults, BROKEN_S)


def _show(live: LiveShop, faults: list[Fault], around: Surroundings) -> int:
    _break(live, faults, around)
    questions = (
        "slowest last 5m",
        "errors last 5m",
        f"find user.id={live.customer()} last 5m",
        "why is checkout slow",
    )
    status = max(_ask(question, live, around) for question in questions)
    if sys.stdin.isatty() and around.screen.stream.isatty():
        _answer_questions(live, around)
    return status


def _ask(question: str, live: LiveShop, around: Surroundings) -> int:
    """Ask as a person would, by a command of its own."""
    print_line(f"\n$ tracewhy ask {shlex.quote(question)} --backend {live.backend_url}", around.screen)
    command = [sys.executable, "-P", "-m", "bot", "ask", "--backend", live.backend_url, "--", question]
    # The same program, whatever lies in the folder where we are.
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 - our own program


def _answer_questions(live: LiveShop, around: Surroundings) -> None:
    """Until nobody asks any more."""
    print_line("\nThe shop stays open. Ask it yourself; quit or Ctrl-D ends.", around.screen)
    while True:
        try:
            question = input("\nask> ").strip()
        except (EOFError, KeyboardInterrupt):
            return
        if question in {"quit", "exit", "q"}:
            return
        live.shop.look()
        if question:
            _ask(question, live, around)


def _explain_shipped_trace(around: Surroundings, chosen: Format, zone: str | None) -> int:
    asking = Asking(
        around=around,
        backend_url=None,
        format=chosen,
        now=around.now,
        zone=read_zone(zone, around.zone),
        dry_run=False,
    )
    status = answer_all([_as_typed(SLOW_CHECKOUT)], asking, many=False)
    if chosen is Format.TEXT:
        print_line(HOW_TO_ASK_MORE, around.screen)
    return status


def _as_typed(path: Path) -> str:
    """The path as a person would type it here."""
    try:
        here = Path.cwd()
    except OSError:  # the folder was removed beneath the shell
        return str(path)
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
