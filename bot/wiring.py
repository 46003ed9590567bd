"""Where everything is put together: the only place that reads the environment, the clock, or makes backends."""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO
from zoneinfo import ZoneInfo

from bot.cli.edge import run
from bot.cli.surroundings import Screen, Surroundings
from config.folder import default_folder
from config.variables import may_be_unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractAsyncContextManager
    from datetime import tzinfo
    from types import TracebackType

    from sqlalchemy import URL

    from backends.embedded.opening import StoreInFolder
    from backends.embedded.owner import Owner
    from backends.embedded.retention import Retention
    from backends.embedded.span_store import StoreLimits
    from backends.interface import Backend, Progress
    from bot.stores.state_store import StateStore
    from config.settings import Settings

MIB = 1 << 20
STATE_FILE = "state.sqlite"
S_PER_H = 3_600.0
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
        keeping=KeepingInFolders(environment),
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
        """The store that was named, else our own where there is one.

        Raises:
            UnusableAddress: it cannot be used, or a variable that nobody reads may have been meant to name another.
        """
        _refuse_unknown(self._environment)
        if self._default_url is not None:
            return self.at(self._default_url)
        folder = default_folder(self._environment)
        return self.at(f"embedded://{folder}") if _holds_store(folder) else None

    def at(self, url: str) -> Backend:
        if url not in self._open:
            from backends.registry import open_backend  # noqa: PLC0415 - help and demo need no stores

            self._open[url] = open_backend(url, self._environment, self._progress)
        return self._open[url]


class KeepingInFolders:
    """Settings as the environment and a file say, and stores as the settings say."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def settings(self, file: Path | None, given: Mapping[str, Any]) -> Settings:
        from config.reading import read_settings  # noqa: PLC0415 - pydantic is heavy, and few commands need it

        return read_settings(file, self._environment, given)

    def folder(self, settings: Settings) -> Path:
        named = settings.store.folder
        return (named.expanduser() if named else default_folder(self._environment)).absolute()

    def is_usual(self, folder: Path) -> bool:
        return folder == default_folder(self._environment).absolute()

    def owner(self, settings: Settings) -> Owner:
        from analyzers.self_time import repaired_self_times  # noqa: PLC0415 - numba and DuckDB are heavy
        from backends.embedded.backend import EmbeddedBackend  # noqa: PLC0415
        from backends.embedded.owner import Listening, Owner  # noqa: PLC0415
        from backends.embedded.span_store import SpanStore  # noqa: PLC0415
        from bot.slack.progress import tell  # noqa: PLC0415

        folder, receivers = self.folder(settings), settings.receivers
        store = SpanStore.open(folder, *_limits(settings))
        listening = Listening(
            host=receivers.host,
            grpc_port=receivers.grpc_port,
            http_port=receivers.http_port,
            max_waiting_bytes=receivers.waiting_mib * MIB,
            drain_s=receivers.drain_s,
        )
        return Owner(folder, store, EmbeddedBackend(store, tell), listening, repaired_self_times)

    def beside(
        self, settings: Settings, owner: Owner, say: Callable[[str], None], log: TextIO
    ) -> AbstractAsyncContextManager[str]:
        from bot.serving import beside, log_redacted  # noqa: PLC0415 - the scheduler and the state are heavy

        def open_stores(backend_url: str | None, progress: Progress) -> BackendsByUrl:
            return BackendsByUrl(self._environment, backend_url, progress)

        log_redacted(settings, log)
        return beside(settings, owner, open_stores, self.state, say, self.clock_ns)

    def store(self, settings: Settings) -> StoreInFolder:
        from backends.embedded.opening import StoreInFolder  # noqa: PLC0415 - DuckDB and httpx are heavy

        limits, retention = _limits(settings)
        return StoreInFolder(self.folder(settings), may_create=True, limits=limits, retention=retention)

    async def state(self, settings: Settings) -> StateStore:
        from bot.stores.state_store import Keep, StateStore  # noqa: PLC0415 - SQLAlchemy is heavy

        state = settings.state
        keep = Keep(
            reports=timedelta(days=state.keep_reports_d),
            conversations=timedelta(days=state.keep_conversations_d),
            events=timedelta(hours=state.keep_events_h),
            feedback=timedelta(days=state.keep_feedback_d),
            audit=timedelta(days=state.keep_audit_d),
        )
        return await StateStore.open(self.state_url(settings), keep)

    def state_url(self, settings: Settings) -> str | URL:
        """Where the settings say; else a file beside the spans, whatever characters its path has."""
        from sqlalchemy import URL  # noqa: PLC0415 - it is heavy

        if settings.state.url:
            return settings.state.url.get_secret_value()
        return URL.create("sqlite", database=str(self.folder(settings) / STATE_FILE))

    def holds_spans(self, folder: Path) -> bool:
        return _holds_store(folder)

    def is_served(self, folder: Path) -> bool:
        from backends.embedded.folder import is_owned  # noqa: PLC0415 - as heavy as the rest of it

        return is_owned(folder)

    def clock_ns(self) -> int:
        return time.time_ns()


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    if not may_be_unknown(environment):
        return
    from backends.errors import UnusableAddress  # noqa: PLC0415 - as below
    from config.reading import refuse_unknown  # noqa: PLC0415 - pydantic is heavy, and most who ask set no such variable
    from config.refusal import UnusableSettings  # noqa: PLC0415

    try:
        refuse_unknown(environment)
    except UnusableSettings as exc:
        raise UnusableAddress(exc.problem, exc.advice) from exc


def _limits(settings: Settings) -> tuple[StoreLimits, Retention]:
    """What a store may take, and for how long."""
    from backends.embedded.retention import Retention  # noqa: PLC0415 - DuckDB is heavy
    from backends.embedded.span_store import StoreLimits  # noqa: PLC0415

    store = settings.store
    return StoreLimits(max_waiting_spans=store.queue_spans, memory_mib=store.memory_mib), Retention(
        store.keep_h * S_PER_H, store.keep_mib * MIB
    )


def _holds_store(folder: Path) -> bool:
    """Whether somebody keeps, or kept, spans there."""
    try:
        return (folder / "spans.duckdb").exists()
    except OSError:
        return False


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
