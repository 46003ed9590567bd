"""Bringing a database to the form that this version knows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from bot.stores.database import Database, parse_url, place_of
from bot.stores.errors import StateTooNew

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection

FOLDER = Path(__file__).parent / "migrations"
LOCK = 0x7472_6163_6577_6879  # "tracewhy"; PostgreSQL's advisory locks are numbers


async def migrate(database: Database) -> None:
    """Run the migrations that the database has not seen, in one transaction and one process at a time.

    Raises:
        StateError: the database cannot be used, or a later version has changed it.
    """
    async with database.writing() as connection:
        if not database.is_sqlite:  # SQLite's writers exclude each other anyway
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        await connection.run_sync(_upgrade, database.place)


async def state_condition(url: str | URL) -> tuple[str, str]:
    """The place of a database as people call it, and what is to be said of it. Nothing is made or changed.

    Raises:
        StateError: the database cannot be used, or a later version has changed it.
    """
    parsed = parse_url(url)
    place = place_of(parsed)
    if _is_missing_file(parsed):
        return place, "will be made"
    database = Database.at(parsed)
    try:
        async with database.reading() as connection:
            version = await connection.run_sync(_known_version, place)
    finally:
        await database.aclose()
    return place, "is up to date" if version == newest_version() else "will be brought up to date by `serve`"


def _is_missing_file(url: URL) -> bool:
    return url.get_backend_name() == "sqlite" and not Path(url.database or "").expanduser().exists()


def version_of(connection: Connection) -> str | None:
    """The migration that the database has reached; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_version() -> str:
    """The migration that this version of tracewhy knows as the last."""
    return str(_scripts().get_current_head())


def _upgrade(connection: Connection, place: str) -> None:
    if _known_version(connection, place) == newest_version():
        return
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _known_version(connection: Connection, place: str) -> str | None:
    version = version_of(connection)
    known = {script.revision for script in _scripts().walk_revisions()}
    if version is not None and version not in known:
        raise StateTooNew(
            f"A later version of tracewhy has written the bot's state in {place} (its form is {version[:40]!r}).",
            "Start that version again, or name another database in state.url.",
        )
    return version


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return config
