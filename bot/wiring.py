"""Where everything is put together: the only place that reads the environment, the clock, or makes backends."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO
from zoneinfo import ZoneInfo

from bot.cli.edge import run
from bot.cli.surroundings import Screen, Surroundings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo
    from types import TracebackType

    from backends.interface import Backend, Progress

LOCAL_ZONE = "/etc/localtime"
UNTRUE = frozenset({"", "0", "false", "no", "off"})
ASCII_LOCALES = frozenset({"C", "POSIX"})


def main() -> NoReturn:
    """The command `tracewhy`."""
    run(sys.argv[1:], surroundings(os.environ, datetime.now(UTC)))


def surroundings(environment: Mapping[str, str], now: datetime) -> Surroundings:
    """What commands find around them, as the environment says."""

    def open_stores(backend_url: str | None, progress: Progress) -> BackendsByUrl:
        return BackendsByUrl(environment, backend_url, progress)

    return Surroundings(
        screen=_screen(sys.stdout or _nowhere(), environment),
        errors=_screen(sys.stderr or _nowhere(), environment),
        questions=sys.stdin.buffer if sys.stdin else BytesIO(),
        backend_url=environment.get("TRACEWHY_BACKEND") or None,
        debug=environment.get("TRACEWHY_DEBUG", "").lower() not in UNTRUE,
        zone=_zone(environment),
        now=now,
        stores=open_stores,
    )


class BackendsByUrl:
    """Backends, each opened once and closed with the rest."""

    def __init__(self, environment: Mapping[str, str], default_url: str | None, progress: Progress) -> None:
        self._environment = environment
        self._default_url = default_url
        self._progress = progress
        self._open: dict[str, Backend] = {}

    async def __aenter__(self) -> BackendsByUrl:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for backend in self._open.values():
            await backend.aclose()

    def default(self) -> Backend | None:
        return None if self._default_url is None else self.at(self._default_url)

    def at(self, url: str) -> Backend:
        if url not in self._open:
            from backends.registry import open_backend  # noqa: PLC0415 - help and demo need no stores

            self._open[url] = open_backend(url, self._environment, self._progress)
        return self._open[url]


def _nowhere() -> TextIO:
    """What stands in for an output that was closed before we began."""
    return Path(os.devnull).open("w", encoding="utf-8")


def _screen(stream: TextIO, environment: Mapping[str, str]) -> Screen:
    columns = environment.get("COLUMNS", "")
    return Screen(
        stream=stream,
        columns=min(int(columns), 1_000) if columns.isascii() and columns.isdigit() else None,
        colour=_wants_colour(stream, environment),
        encoding=_encoding(stream, environment),
    )


def _wants_colour(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """NO_COLOR and FORCE_COLOR as their conventions say; else colour on terminals that can show it."""
    if environment.get("NO_COLOR"):
        return False
    if "FORCE_COLOR" in environment:
        return environment["FORCE_COLOR"].lower() not in UNTRUE
    return stream.isatty() and environment.get("TERM") != "dumb"


def _encoding(stream: TextIO, environment: Mapping[str, str]) -> str:
    """What the terminal can show. Python writes UTF-8 even where the locale is C, so the locale is asked first."""
    if environment.get("PYTHONIOENCODING") or environment.get("PYTHONUTF8") == "1":
        return stream.encoding
    # Python itself sets LC_CTYPE to C.UTF-8 where it finds the C locale (PEP 538).
    ctype = environment.get("LC_CTYPE", "").replace("C.UTF-8", "")
    locale = environment.get("LC_ALL") or ctype or environment.get("LANG")
    return "ascii" if locale in ASCII_LOCALES else stream.encoding


def _zone(environment: Mapping[str, str]) -> tzinfo:
    """The zone of TZ, else of this machine, else UTC."""
    try:
        if name := environment.get("TZ", "").lstrip(":"):
            return ZoneInfo(name)
        with open(LOCAL_ZONE, "rb") as file:  # noqa: PTH123 - it is a file that ZoneInfo wants
            return ZoneInfo.from_file(file)
    except (OSError, ValueError, KeyError):
        return UTC
