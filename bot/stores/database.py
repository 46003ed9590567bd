"""A database behind a URL: SQLite or PostgreSQL, opened the same way and spoken to with the same statements."""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import asynccontextmanager, nullcontext
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.stores.errors import UnusableStateUrl, translated

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy import URL, Connection, Table
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
HOW_TO_WRITE = "Write state.url as sqlite:////the/file or postgresql://user:password@host/name."
BUSY_S = 15.0
"""How long a writer waits for another one."""
CONNECT_S = 10
WRITES = "tracewhy_writes"
# It logs every value it stores at this level: questions, and whole answers.
logging.getLogger("aiosqlite").setLevel(logging.INFO)
OWNER_ONLY = 0o600  # questions and answers are nobody else's business


class Database:
    """An engine, and the two ways to use it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(**{WRITES: True})
        # SQLite has one writer at a time. Those of this process queue here: in SQLite they would sleep and look again.
        self._turn = asyncio.Lock() if self.is_sqlite else nullcontext()
        self.place = place_of(engine.url)

    @classmethod
    def at(cls, url: str | URL) -> Database:
        """The database behind a URL; nothing is opened yet.

        Raises:
            UnusableStateUrl: it is no URL of a database that tracewhy can use.
        """
        parsed = parse_url(url)
        return cls(_sqlite(parsed) if parsed.get_backend_name() == "sqlite" else _postgresql(parsed))

    @property
    def is_sqlite(self) -> bool:
        return self._engine.dialect.name == "sqlite"

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection to read with.

        Raises:
            StateError: the database cannot be used.
        """
        with translated(self.place):
            async with self._engine.begin() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction: whole, or not at all.

        Raises:
            StateError: the database cannot be used.
        """
        with translated(self.place):
            async with self._turn, self._writer.begin() as connection:
                yield connection

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An insert that may say what to do about a row that is there already; both dialects say it the same way."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    async def aclose(self) -> None:
        await self._engine.dispose()


def parse_url(url: str | URL) -> URL:
    """The URL with the driver that we use.

    Raises:
        UnusableStateUrl: it is no URL of a database that tracewhy can use.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as exc:
        raise UnusableStateUrl("state.url is no URL of a database.", HOW_TO_WRITE) from exc
    driver = DRIVERS.get(parsed.drivername)
    if driver is None:
        raise UnusableStateUrl("state.url is neither of SQLite nor of PostgreSQL.", HOW_TO_WRITE)
    if driver.startswith("sqlite") and parsed.database in {None, "", ":memory:"}:
        raise UnusableStateUrl("state.url names no file.", HOW_TO_WRITE)
    if driver.startswith("postgresql") and find_spec("psycopg") is None:
        raise UnusableStateUrl(
            "state.url is of PostgreSQL, whose driver is not installed.", "pip install 'tracewhy[postgres]'"
        )
    return parsed.set(drivername=driver)


def place_of(url: URL) -> str:
    """As people call it, without credentials and options."""
    if url.get_backend_name() == "sqlite":
        return f"sqlite:///{url.database}"
    port = f":{url.port}" if url.port else ""
    return f"postgresql://{url.host or ''}{port}/{url.database or ''}"


def _sqlite(url: URL) -> AsyncEngine:
    path = Path(url.database or "").expanduser()
    with translated(place_of(url)):
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, OWNER_ONLY))
    timeout = {} if "timeout" in url.query else {"timeout": BUSY_S}
    engine = create_async_engine(url.set(database=str(path)), hide_parameters=True, connect_args=timeout)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _postgresql(url: URL) -> AsyncEngine:
    timeout = {} if "connect_timeout" in url.query else {"connect_timeout": CONNECT_S}
    return create_async_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=timeout)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Readers beside one writer; and transactions that begin where we say, also around DDL."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes its place at once: one that reads first and writes then fails where it would have to wait."""
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
