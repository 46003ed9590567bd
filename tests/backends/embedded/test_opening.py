"""`embedded:` URLs, and who is asked behind them."""

import asyncio
from pathlib import Path

import pytest

from backends.embedded.opening import open_embedded
from backends.errors import BackendUnreachable, UnusableAddress


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("embedded:///var/lib/tracewhy", "/var/lib/tracewhy"),
        ("embedded:///with%20space", "/with space"),
        ("embedded://./here", "here"),
    ],
)
def test_a_url_names_a_folder(url, folder):
    assert open_embedded(url, {}, None).folder == Path(folder)


@pytest.mark.parametrize(
    "url", ["embedded://", "embedded://host:1/x", "embedded:///x?api=v1", "embedded:///%00"]
)
def test_another_url_is_an_error_that_shows_one(url):
    with pytest.raises(UnusableAddress, match="embedded:///path"):
        open_embedded(url, {}, None)


def test_a_folder_without_a_store_is_not_filled_by_asking(tmp_path):
    async def ask():
        backend = open_embedded(f"embedded://{tmp_path}", {}, None)
        try:
            await backend.services()
        finally:
            await backend.aclose()

    with pytest.raises(BackendUnreachable, match="tracewhy serve"):
        asyncio.run(ask())
    assert list(tmp_path.iterdir()) == []


def test_a_backend_that_was_asked_nothing_closes():
    asyncio.run(open_embedded("embedded:///nowhere", {}, None).aclose())
