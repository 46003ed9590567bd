"""Folders, files and disks that cannot be a store, or not any more."""

import subprocess
import sys

import duckdb
import pytest

from backends.embedded.folder import DATABASE
from backends.embedded.refusal import StoreFull
from backends.embedded.span_store import SpanStore
from backends.embedded.unusable import StoreDamaged, StoreInUse, StoreTooNew, StoreUnusable
from tests.backends.embedded.stores import (
    RECOUNT,
    ROLLED_UP,
    SHOP,
    everything,
    facts_of_records,
    keep,
    recounted_self_times,
    rows,
    self_times,
    settled_all,
    span,
)
from tests.span_facts import facts_of
from tests.traces import drawn


def test_two_servers_on_one_folder_are_refused_in_words(store):
    with pytest.raises(StoreInUse, match=r"in use by another process.*Only one server"):
        SpanStore.open(store.folder)


def test_a_closed_store_says_so(tmp_path):
    store = SpanStore.open(tmp_path)
    store.close()
    store.close()

    with pytest.raises(StoreUnusable, match="is closed"):
        keep(store, [span(1)])


def test_a_store_of_a_newer_version_is_refused_and_not_touched(tmp_path):
    SpanStore.open(tmp_path).close()
    with duckdb.connect(str(tmp_path / DATABASE)) as connection:
        connection.execute("UPDATE store SET version = 99")
    before = (tmp_path / DATABASE).read_bytes()

    with pytest.raises(StoreTooNew, match=r"of version 99.*Nothing was touched"):
        SpanStore.open(tmp_path)

    assert (tmp_path / DATABASE).read_bytes() == before


def test_a_store_of_version_1_gets_its_rollups(tmp_path):
    store = SpanStore.open(tmp_path)
    keep(store, drawn(SHOP))
    store.close()
    with duckdb.connect(str(tmp_path / DATABASE)) as connection:
        for table in ("rollups", "self_rollups", "touched", "measured", "ageing"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("UPDATE store SET version = 1")

    migrated = SpanStore.open(tmp_path)

    assert rows(migrated, ROLLED_UP) == rows(migrated, RECOUNT) != []
    assert rows(migrated, "SELECT version FROM store") == [(4,)]
    assert facts_of(everything(migrated)) == facts_of_records(drawn(SHOP))
    assert settled_all(migrated) == 1
    assert self_times(migrated) == recounted_self_times(migrated) != []
    migrated.close()


@pytest.mark.parametrize("content", [b"garbage" * 1_000, b"\0" * 20_000])
def test_a_file_that_is_no_database_is_an_error_in_words_and_stays(tmp_path, content):
    (tmp_path / DATABASE).write_bytes(content)

    with pytest.raises(StoreDamaged, match=r"is no database.*move that file away"):
        SpanStore.open(tmp_path)

    assert (tmp_path / DATABASE).read_bytes() == content


def test_a_database_that_is_damaged_is_an_error_in_words_and_stays(tmp_path):
    SpanStore.open(tmp_path).close()
    content = bytearray((tmp_path / DATABASE).read_bytes())
    content[5_000:] = bytes(len(content) - 5_000)
    (tmp_path / DATABASE).write_bytes(content)

    with pytest.raises(StoreDamaged, match="move the folder away"):
        SpanStore.open(tmp_path)

    assert (tmp_path / DATABASE).read_bytes() == content


def test_an_empty_file_that_a_full_disk_left_is_no_store_yet(tmp_path):
    (tmp_path / DATABASE).touch()
    store = SpanStore.open(tmp_path)

    keep(store, [span(1)])

    assert len(everything(store)) == 1
    store.close()


def test_what_is_stored_can_be_read_by_its_user_only_whoever_may_read_the_folder(tmp_path):
    tmp_path.chmod(0o755)
    store = SpanStore.open(tmp_path)

    assert (tmp_path / DATABASE).stat().st_mode & 0o077 == 0
    store.close()


def test_somebody_elses_database_is_refused(tmp_path):
    with duckdb.connect(str(tmp_path / DATABASE)) as connection:
        connection.execute("CREATE TABLE recipes (name VARCHAR)")

    with pytest.raises(StoreDamaged, match="is no store of tracewhy"):
        SpanStore.open(tmp_path)


def test_a_folder_that_cannot_be_is_an_error_in_words(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreUnusable, match=r"cannot be kept.*Name a folder"):
        SpanStore.open(tmp_path / "file" / "store")


FILLING = """
import asyncio, resource, sys
from pathlib import Path
from backends.embedded.refusal import StoreFull
from backends.embedded.span_store import SpanStore
from tests.backends.embedded.test_span_store import Described, everything, keep, span
store = SpanStore.open(Path(sys.argv[1]))
keep(store, [span(number) for number in range(100)])
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, resource.RLIM_INFINITY))
large = [span(number, reader=Described((("k", str(number) * 2_700),))) for number in range(100, 400)]
try:
    keep(store, large)
except StoreFull as full:
    print(full)
print(len(everything(store)))
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
keep(store, large)
print(len(everything(store)))
store.close()
"""


def test_a_full_disk_is_told_and_loses_nothing_and_room_is_used_when_it_is_back(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-c", FILLING, tmp_path], capture_output=True, text=True, timeout=120, check=False
    )

    assert ended.stdout.splitlines()[:1] == [str(StoreFull())], ended.stderr
    assert ended.stdout.splitlines()[1:] == ["100", "400"]
