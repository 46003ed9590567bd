"""Everything looked at, at once, and told in order."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.services.doctor.clock import look_at_clock
from bot.services.doctor.finding import Finding, fail, ok
from bot.services.doctor.machine import look_at_folder, look_at_ports
from bot.services.doctor.slack import look_at_slack
from bot.services.doctor.state import look_at_state
from bot.services.doctor.tokens import look_at_tokens
from bot.services.doctor.trace_store import look_at_trace_store

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from sqlalchemy import URL

    from backends.interface import Backend
    from config.settings import AccessSettings, Settings

LONGEST_S = 30.0
"""For one thing that is looked at; a trace store with much in it takes its time."""


@dataclass(frozen=True)
class Circumstances:
    """What is looked at."""

    settings: Settings
    folder: Path
    """Where spans are kept."""
    holds_spans: bool
    """Whether anything is there yet."""
    is_served: bool
    """Whether another tracewhy keeps them at this moment."""
    state_url: str | URL
    backends: tuple[tuple[str, str], ...]
    """Names and URLs of the trace stores that are asked besides."""
    open_backend: Callable[[str], Backend]
    clock_ns: Callable[[], int]


async def examine(here: Circumstances) -> list[Finding]:
    """What was found, in the order in which it should be mended."""
    slack, store = here.settings.slack, here.settings.store
    looks: list[tuple[str, Awaitable[list[Finding]]]] = [
        ("slack", look_at_slack(slack)),
        *(look for name, url in here.backends for look in _at_backend(name, url, here)),
        *_at_own_spans(here),
        ("state", look_at_state(here.state_url)),
    ]
    found = await asyncio.gather(*(_in_time(about, look) for about, look in looks))
    machine = look_at_folder(here.folder, store.keep_mib)
    ports = look_at_ports(_ports(here.settings), is_served=here.is_served)
    asked = [finding for findings in found for finding in findings]
    return [*look_at_tokens(slack), _access(here.settings.access), *asked, *machine, *ports]


async def _in_time(about: str, look: Awaitable[list[Finding]]) -> list[Finding]:
    try:
        async with asyncio.timeout(LONGEST_S):
            return await look
    except TimeoutError:
        return [fail(about, f"no answer within {LONGEST_S:.0f} s", "Ask again when it has less to do.")]


def _at_backend(name: str, url: str, here: Circumstances) -> list[tuple[str, Awaitable[list[Finding]]]]:
    about = f"backend {name}"
    return [
        (about, look_at_trace_store(about, lambda: here.open_backend(url), here.clock_ns())),
        (f"{about} clock", look_at_clock(about, url, here.clock_ns)),
    ]


def _at_own_spans(here: Circumstances) -> list[tuple[str, Awaitable[list[Finding]]]]:
    if not here.holds_spans:
        return []
    url = f"embedded://{here.folder}"
    about = "own spans"
    return [(about, look_at_trace_store(about, lambda: here.open_backend(url), here.clock_ns()))]


def _ports(settings: Settings) -> dict[str, tuple[str, int]]:
    receivers, slack = settings.receivers, settings.slack
    wanted = {
        "receivers.grpc_port": (receivers.host, receivers.grpc_port),
        "receivers.http_port": (receivers.host, receivers.http_port),
    }
    if slack.is_wanted and slack.mode == "http":
        wanted["slack.http_port"] = (slack.http_host, slack.http_port)
    return wanted


def _access(access: AccessSettings) -> Finding:
    lists = [
        name for name in ("teams", "channels", "users", "user_groups", "questions") if getattr(access, name)
    ]
    if not lists:
        return ok("access", "everybody in the workspace may ask everything")
    return ok("access", f"limited by {', '.join(lists)}")
