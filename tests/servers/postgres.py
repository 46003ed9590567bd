"""A real PostgreSQL on a socket of its own, from the programs that the system has installed."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

START_S, STOP_S = 30, 20
USER, PASSWORD = "tracewhy", "hidden:/@password"
ROOT_STANDS_ASIDE_FOR = ("postgres", "nobody")
"""PostgreSQL refuses to run as root."""
CARELESS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
NUMBERS = count(1)


@dataclass(frozen=True)
class Postgres:
    """A running server, with as many databases as tests ask for."""

    folder: Path

    def url(self, database: str, password: str = PASSWORD) -> str:
        return f"postgresql://{USER}:{quote(password, safe='')}@/{database}?host={self.folder}"

    def new_database(self) -> str:
        """The URL of an empty database."""
        name = f"test_{next(NUMBERS)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)


def installed_postgres() -> Path | None:
    """The folder with `initdb` and `postgres`; the newest, where Debian keeps them outside the path."""
    if initdb := shutil.which("initdb"):
        return Path(initdb).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(versions, key=lambda initdb: int(initdb.parts[-3]), default=None)
    return newest and newest.parent


@contextmanager
def running_postgres(programs: Path) -> Iterator[Postgres]:
    """A server with an empty cluster; afterwards neither is left."""
    # Not pytest's own folder: only its owner may enter that, and the path of a socket has to be short.
    with tempfile.TemporaryDirectory(prefix="tracewhy-pg-") as name:
        folder = Path(name)
        account = _account()
        (folder / "password").write_text(PASSWORD)
        if account:
            for path in (folder, folder / "password"):
                shutil.chown(path, account)
        _make_cluster(programs, folder, account)
        with (folder / "log").open("wb") as log:
            command = [programs / "postgres", "-D", folder / "data", "-k", folder, "-c", "listen_addresses="]
            settings = [word for setting in CARELESS for word in ("-c", setting)]
            server = subprocess.Popen(
                [*command, *settings], stdout=log, stderr=log, cwd=folder, **account_of(account)
            )
            try:
                running = Postgres(folder)
                _wait_until_it_answers(running, server)
                yield running
            finally:
                server.send_signal(signal.SIGINT)
                server.wait(STOP_S)


def _account() -> str | None:
    """Whom the server runs as, where we are root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ROOT_STANDS_ASIDE_FOR if name in known)


def account_of(name: str | None) -> dict[str, object]:
    """What `subprocess` is told about an account."""
    return {"user": name, "group": pwd.getpwnam(name).pw_gid, "extra_groups": []} if name else {}


def _make_cluster(programs: Path, folder: Path, account: str | None) -> None:
    options = [
        "--auth=scram-sha-256",
        f"--pwfile={folder / 'password'}",
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync",
    ]
    made = subprocess.run(
        [programs / "initdb", "-D", folder / "data", "-U", USER, *options],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        **account_of(account),
    )
    assert made.returncode == 0, made.stderr


def _wait_until_it_answers(running: Postgres, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_S
    while True:
        assert server.poll() is None, (running.folder / "log").read_text()
        try:
            psycopg.connect(running.url("postgres")).close()
        except psycopg.OperationalError:
            assert time.monotonic() < deadline, (running.folder / "log").read_text()
            time.sleep(0.05)
        else:
            return
