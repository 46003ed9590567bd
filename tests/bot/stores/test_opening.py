"""Databases opened: new, old, too new, damaged, busy, or not there."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
import traceback

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from bot.stores.database import Database
from bot.stores.errors import (
    StateError,
    StateRefused,
    StateTooNew,
    StateUnreachable,
    UnusableStateUrl,
)
from bot.stores.migration import newest_version, version_of
from bot.stores.state_store import StateStore
from bot.stores.tables import METADATA


async def _opened_and_closed(url):
    await (await StateStore.open(url)).aclose()


def open_and_close(url):
    asyncio.run(_opened_and_closed(url))


def refusal(url, kind):
    """What is said of a database that cannot be opened."""
    with pytest.raises(StateError) as caught:
        open_and_close(url)
    assert type(caught.value) is kind, caught.value
    return caught.value


def within(url, look, *, write=False):
    """What a look into the database finds."""

    async def looked():
        database = Database.at(url)
        async with database.writing() if write else database.reading() as connection:
            found = await connection.run_sync(look)
        await database.aclose()
        return found

    return asyncio.run(looked())


def test_an_empty_database_is_given_every_table_as_the_code_knows_them(url):
    open_and_close(url)

    differences = within(
        url, lambda connection: compare_metadata(MigrationContext.configure(connection), METADATA)
    )

    assert differences == []
    assert within(url, version_of) == newest_version()


def test_a_database_that_is_up_to_date_stays_as_it_is(url):
    open_and_close(url)
    open_and_close(url)

    assert within(url, version_of) == newest_version()


def test_a_database_of_a_later_version_is_refused_in_words_and_left_alone(url):
    open_and_close(url)
    later = text("UPDATE alembic_version SET version_num = '9999'")
    within(url, lambda connection: connection.execute(later) and None, write=True)

    error = refusal(url, StateTooNew)

    assert error.problem.startswith("A later version of tracewhy has written the bot's state in ")
    assert error.advice == "Start that version again, or name another database in state.url."
    assert within(url, version_of) == "9999"


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", "is no URL of a database"),
        ("state.sqlite", "is no URL of a database"),
        ("mysql://me:hidden@host/name", "neither of SQLite nor of PostgreSQL"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("postgresql+asyncpg://me:hidden@host/name", "neither of SQLite nor of PostgreSQL"),
        ("postgresql://me:hidden@host:port/name", "is no URL of a database"),
    ],
)
def test_a_url_that_makes_no_sense_is_refused_with_one_that_does(url, problem):
    error = refusal(url, UnusableStateUrl)

    assert problem in error.problem
    assert error.advice == "Write state.url as sqlite:////the/file or postgresql://user:password@host/name."
    assert "hidden" not in "".join(traceback.format_exception(error))


def test_a_folder_that_is_missing_is_made_and_nobody_else_may_read_the_file(tmp_path):
    path = tmp_path / "new" / "state.sqlite"

    open_and_close(f"sqlite:///{path}")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").touch()

    error = refusal(f"sqlite:///{tmp_path / 'file' / 'state.sqlite'}", StateUnreachable)

    assert "cannot be reached: File exists. Check state.url" in str(error)


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("These are my notes. " * 100)

    error = refusal(f"sqlite:///{path}", StateRefused)

    assert str(error).startswith(f"The bot's state in sqlite:///{path} cannot be used (DatabaseError).")
    assert path.read_text().startswith("These are my notes.")


def test_a_database_that_somebody_writes_to_for_long_is_busy(tmp_path):
    path = tmp_path / "state.sqlite"
    open_and_close(f"sqlite:///{path}")
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")

    error = refusal(f"sqlite:///{path}?timeout=0.05", StateUnreachable)
    writer.close()

    assert str(error).endswith("is busy: another program writes to it. Wait and try again.")


def test_a_server_that_does_not_answer_is_said_without_the_password():
    error = refusal("postgresql://me:hidden@127.0.0.1:1/name", StateUnreachable)

    assert str(error).startswith("The bot's state in postgresql://127.0.0.1:1/name cannot be reached: ")
    assert "hidden" not in "".join(traceback.format_exception(error))


@pytest.mark.server
def test_a_server_that_knows_another_password_is_said_without_either(postgres):
    error = refusal(postgres.url("postgres", password="wrong-hidden"), StateUnreachable)

    assert "password authentication failed" in str(error)
    assert "hidden" not in "".join(traceback.format_exception(error))


@pytest.mark.server
def test_a_server_that_goes_away_between_questions_is_asked_anew(postgres):
    url = postgres.new_database()

    async def story():
        async with await StateStore.open(url) as state:
            other = Database.at(url)
            async with other.writing() as connection:
                await connection.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
                )
            await other.aclose()
            return await state.reports.recent("U1", 1)

    assert asyncio.run(story()) == ()
