"""A personal answer is shared once, whoever asks and whenever."""

import asyncio

from bot.slack.shared import Shared
from bot.stores.state_store import StateStore
from tests.bot.slack.scene import NOON


def shared(folder, talk):
    async def run():
        async with await StateStore.open(f"sqlite:///{folder / 'state.db'}") as state:
            return await talk(Shared(state.events), Shared(state.events))

    return asyncio.run(run())


def test_what_was_shared_before_a_restart_is_known_after_it(tmp_path):
    async def talk(before, after):
        return [await one.begin("r1", NOON) for one in (before, before, after)]

    assert shared(tmp_path, talk) == [True, False, False]


def test_what_could_not_be_shared_can_be_tried_again(tmp_path):
    async def talk(before, after):
        await before.begin("r1", NOON)
        await before.forget("r1")
        return await after.begin("r1", NOON)

    assert shared(tmp_path, talk)
