"""The folder, the disk, the ports and the database of this machine."""

from __future__ import annotations

import asyncio
import socket
import sqlite3

import pytest

from backends.embedded.folder import OwnedFolder, is_owned
from bot.services.doctor.finding import Level
from bot.services.doctor.machine import look_at_folder, look_at_ports
from bot.services.doctor.state import look_at_state
from bot.stores.state_store import StateStore


@pytest.fixture
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.fixture
def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def test_a_folder_that_can_be_written_to_is_left_as_it_was(tmp_path):
    findings = look_at_folder(tmp_path, keep_mib=1)

    assert [finding.level for finding in findings] == [Level.OK, Level.OK]
    assert findings[0].found == f"{tmp_path} can be written to"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_yet_is_not_made(tmp_path):
    folder = tmp_path / "new" / "deep"

    assert look_at_folder(folder, keep_mib=1)[0].found == f"{folder} will be made"
    assert not (tmp_path / "new").exists()


def test_a_file_in_the_place_of_a_folder_fails(tmp_path):
    file = tmp_path / "file"
    file.touch()

    finding = look_at_folder(file / "folder", keep_mib=1)[0]

    assert (finding.level, finding.about) == (Level.FAIL, "own store")
    assert "cannot be written to" in finding.found


def test_a_disk_too_small_for_what_may_be_kept_is_a_warning(tmp_path):
    space = look_at_folder(tmp_path, keep_mib=1 << 40)[1]

    assert (space.about, space.level) == ("own store space", Level.WARN)
    assert "the store may grow to 1,099,511,627,776 MiB" in space.found


def test_a_taken_port_fails_and_is_named(taken_port, free_port):
    wanted = {
        "receivers.grpc_port": ("127.0.0.1", taken_port),
        "receivers.http_port": ("127.0.0.1", free_port),
    }

    findings = look_at_ports(wanted, is_served=False)

    assert [(finding.level, finding.found) for finding in findings] == [
        (Level.FAIL, f"receivers.grpc_port: port {taken_port} of 127.0.0.1 is taken by another program")
    ]
    assert findings[0].advice == "Stop what listens there, or set receivers.grpc_port."


def test_a_free_port_is_free(free_port):
    assert look_at_ports({"a": ("127.0.0.1", free_port)}, is_served=False)[0].found == f"free: {free_port}"


def test_an_address_that_is_not_ours_is_said():
    finding = look_at_ports({"receivers.grpc_port": ("192.0.2.1", 0)}, is_served=False)[0]

    assert finding.level is Level.FAIL
    assert "cannot be listened on" in finding.found


def test_the_ports_of_a_running_tracewhy_are_its_own(taken_port):
    finding = look_at_ports({"a": ("127.0.0.1", taken_port)}, is_served=True)[0]

    assert finding.found == "in use by the tracewhy that runs here"


def test_a_folder_is_owned_as_long_as_its_owner_runs(tmp_path):
    before = is_owned(tmp_path)
    owned = OwnedFolder.take(tmp_path)
    while_it_runs = is_owned(tmp_path)
    owned.let_go()

    assert (before, while_it_runs, is_owned(tmp_path)) == (False, True, False)


def state(path):
    return asyncio.run(look_at_state(f"sqlite:///{path}"))[0]


async def _made(path):
    await (await StateStore.open(f"sqlite:///{path}")).aclose()


def test_a_state_that_is_not_there_yet_is_not_made(tmp_path):
    path = tmp_path / "state.sqlite"

    assert state(path).found == f"sqlite:///{path} will be made"
    assert not path.exists()


def test_a_state_of_this_version_is_up_to_date(tmp_path):
    path = tmp_path / "state.sqlite"
    asyncio.run(_made(path))

    assert state(path).found == f"sqlite:///{path} is up to date"


@pytest.mark.parametrize(
    ("change", "level", "found"),
    [
        (
            "UPDATE alembic_version SET version_num = '9999'",
            Level.FAIL,
            "A later version of tracewhy has written",
        ),
        ("DELETE FROM alembic_version", Level.OK, "will be brought up to date by `serve`"),
    ],
)
def test_a_state_of_another_version_is_said(tmp_path, change, level, found):
    path = tmp_path / "state.sqlite"
    asyncio.run(_made(path))
    with sqlite3.connect(path) as database:
        database.execute(change)
    database.close()

    assert state(path).level is level
    assert found in state(path).found


@pytest.mark.server
def test_an_empty_postgresql_is_made_ready_by_serve(postgres):
    finding = asyncio.run(look_at_state(postgres.new_database()))[0]

    assert finding.level is Level.OK
    assert finding.found.endswith("will be brought up to date by `serve`")
