"""`tracewhy doctor`: looks at everything the bot needs, and says what to do about what is not as it should be."""

from __future__ import annotations

import asyncio
import json
from enum import StrEnum
from pathlib import Path  # noqa: TC003 - typer reads the annotations when it runs
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import DebugOption  # noqa: TC001 - typer reads the annotations when it runs
from bot.cli.stream import print_line
from bot.cli.surroundings import surroundings_of

if TYPE_CHECKING:
    from bot.cli.surroundings import Surroundings
    from bot.services.doctor.finding import Finding
    from config.settings import Settings

DOCTOR_EPILOG = """\b
Examples:
  tracewhy doctor
  tracewhy doctor --config tracewhy.yaml --format json

Exit status: 0 everything that is needed works, 3 something FAILs. docs/reference/doctor.md has every line."""
SCHEMA = "tracewhy.doctor/1"
FAILED = 3
COLOURS = {"ok": "32", "warn": "33", "FAIL": "31;1"}
WIDEST_NAME = 28


class DoctorFormat(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    JSON = "json"


def doctor(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="Settings, as YAML.", show_default=False)
    ] = None,
    format: Annotated[  # noqa: A002 - typer names the option after it
        DoctorFormat, typer.Option("--format", help="A line for each, or one JSON object for programs.")
    ] = DoctorFormat.TEXT,
    _debug: DebugOption = False,
) -> None:
    """Check settings, tokens, Slack, trace stores, state, disk and ports; change nothing."""
    around = surroundings_of(context)
    findings = asyncio.run(_findings(around, config))
    _print(findings, around, format)
    raise typer.Exit(FAILED if _count(findings, "FAIL") else 0)


async def _findings(around: Surroundings, config: Path | None) -> list[Finding]:
    from bot.services.doctor.finding import fail, ok  # noqa: PLC0415 - help needs none of it
    from config.refusal import UnusableSettings  # noqa: PLC0415

    try:
        settings = around.keeping.settings(config, {})
    except UnusableSettings as exc:
        return [fail("settings", exc.problem.rstrip("."), exc.advice)]
    read = ok("settings", f"{config} and variables" if config else "variables and defaults, no file")
    return [read, *await _examined(around, settings)]


async def _examined(around: Surroundings, settings: Settings) -> list[Finding]:
    from bot.services.doctor.checkup import Circumstances, examine  # noqa: PLC0415 - help needs none of it

    folder = around.keeping.folder(settings)
    async with around.stores(None, lambda *_: None) as stores:
        here = Circumstances(
            settings=settings,
            folder=folder,
            holds_spans=around.keeping.holds_spans(folder),
            is_served=around.keeping.is_served(folder),
            state_url=around.keeping.state_url(settings),
            backends=_backends(around, settings),
            open_backend=stores.at,
            clock_ns=around.keeping.clock_ns,
        )
        return await examine(here)


def _backends(around: Surroundings, settings: Settings) -> tuple[tuple[str, str], ...]:
    named = tuple((name, url.get_secret_value()) for name, url in settings.backends.items())
    return named or ((("TRACEWHY_BACKEND", around.backend_url),) if around.backend_url else ())


def _print(findings: list[Finding], around: Surroundings, chosen: DoctorFormat) -> None:
    if chosen is DoctorFormat.JSON:
        print_line(_json(findings), around.screen)
        return
    widest = min(max(len(finding.about) for finding in findings), WIDEST_NAME)
    for finding in findings:
        print_line(_line(finding, widest, colour=around.screen.colour), around.screen)
    print_line(f"\n{_verdict(findings)}", around.screen)


def _line(finding: Finding, widest: int, *, colour: bool) -> str:
    level = f"{finding.level:<4}"
    if colour:
        level = f"\x1b[{COLOURS[finding.level]}m{level}\x1b[0m"
    advice = f" {finding.advice}" if finding.advice else ""
    return _shown(f"{finding.about:<{widest}}  {finding.found}.{advice}", level)


def _shown(text: str, level: str) -> str:
    return f"{level}  {''.join(char if char.isprintable() else '?' for char in text)}"


def _verdict(findings: list[Finding]) -> str:
    failures, warnings = _count(findings, "FAIL"), _count(findings, "warn")
    if failures:
        return f"{failures} of {len(findings)} fail: start with the first."
    if warnings:
        return f"Works, with {warnings} warning{'s' * (warnings != 1)}."
    return "All is well."


def _count(findings: list[Finding], level: str) -> int:
    return sum(finding.level == level for finding in findings)


def _json(findings: list[Finding]) -> str:
    told = [
        {
            "about": finding.about,
            "level": str(finding.level).lower(),
            "found": finding.found,
            "advice": finding.advice,
        }
        for finding in findings
    ]
    return json.dumps({"schema": SCHEMA, "failed": _count(findings, "FAIL") > 0, "findings": told})
