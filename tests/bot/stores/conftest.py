"""Every test of the state runs over both databases."""

from __future__ import annotations

import asyncio

import pytest

from bot.stores.state_store import StateStore


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def url(request, tmp_path):
    """The URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'state.sqlite'}"
    return request.getfixturevalue("postgres").new_database()


@pytest.fixture
def told(url):
    """What a story about an open state returns."""

    def result(story, keep=None):
        async def opened():
            async with await StateStore.open(url, keep) as state:
                return await story(state)

        return asyncio.run(opened())

    return result
