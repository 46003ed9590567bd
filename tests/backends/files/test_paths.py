"""Which files a path or a pattern means."""

import pytest

from backends.errors import UnreadableFile
from backends.files import loading
from backends.files.limits import Limits
from backends.files.paths import Files, find_files


def test_a_file_that_links_lead_to_in_circles_is_read_once(tmp_path):
    day = tmp_path / "day"
    day.mkdir()
    (day / "traces.json").write_text("{}")
    (day / "again").symlink_to(day)
    (day / "other.json").symlink_to(day / "traces.json")

    files = find_files(f"{tmp_path}/**", 100)

    assert len(files.paths) == 1


@pytest.mark.parametrize(
    "address", ["localhost:16686", "jaeger.example:80", "127.0.0.1:16686", "[::1]:16686"]
)
def test_a_host_and_port_is_taken_for_a_server_without_its_scheme(address):
    with pytest.raises(UnreadableFile) as refused:
        find_files(address, 10)

    assert refused.value.advice == f"Did you mean jaeger://{address}?"


def test_a_file_that_is_not_there_is_not_taken_for_a_server():
    with pytest.raises(UnreadableFile) as refused:
        find_files("traces-of:today.json", 10)

    assert refused.value.advice.startswith("Check the path")


def test_a_file_that_is_gone_since_it_was_found_has_no_size(tmp_path, monkeypatch):
    gone = tmp_path / "gone.json"
    monkeypatch.setattr(loading, "find_files", lambda *_: Files((gone,), single=True))

    assert loading.signature_of(str(gone), Limits()) == ((str(gone), 0, 0),)
