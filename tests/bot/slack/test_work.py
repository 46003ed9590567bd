"""A few answers at a time; the others wait their turn, and each can be stopped by whoever asked."""

import asyncio

import pytest

from bot.slack.work import TooMany, Work


def test_so_many_at_a_time_and_the_others_are_told_how_many_wait():
    async def run():
        work, told, gate, at_work = Work(2, 100), [], asyncio.Event(), []

        async def answer():
            async with work.turn(told.append):
                at_work.append(1)
                await gate.wait()

        tasks = [asyncio.create_task(answer()) for _ in range(5)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        begun = len(at_work)
        gate.set()
        await asyncio.gather(*tasks)
        return begun, told, len(at_work)

    assert asyncio.run(run()) == (2, [0, 1, 2], 5)


def test_more_than_may_wait_are_sent_away():
    async def run():
        work = Work(1, 1)
        async with work.turn(print):
            waiting = asyncio.create_task(work.turn(lambda before: None).__aenter__())
            await asyncio.sleep(0)
            with pytest.raises(TooMany):
                await work.turn(print).__aenter__()
            waiting.cancel()

    asyncio.run(run())


def test_only_whoever_asked_can_stop_it():
    async def run():
        work = Work(1, 1)

        async def answer():
            with work.entered("w1", "U1"):
                await asyncio.Event().wait()

        task = asyncio.create_task(answer())
        await asyncio.sleep(0)
        stopped = [work.stop("w2", "U1"), work.stop("w1", "U2"), work.stop("w1", "U1")]
        await asyncio.wait({task})
        return stopped, task.cancelled(), work.count

    assert asyncio.run(run()) == ([None, False, True], True, 0)
