"""Messages follow each other at Slack's pace."""

import asyncio

from bot.slack.pace import Pace


class Clock:
    """Time that passes when somebody sleeps."""

    def __init__(self):
        self.now_s = 0.0

    def __call__(self):
        return self.now_s

    async def sleep(self, seconds):
        self.now_s += seconds


def times_of(channels):
    """When each message had its turn."""

    async def run():
        clock, times = Clock(), []
        pace = Pace(clock, clock.sleep)
        for channel in channels:
            async with pace.turn(channel):
                times.append(clock.now_s)
        return times

    return asyncio.run(run())


def test_a_burst_goes_at_once_and_the_rest_once_a_second():
    assert times_of(["C1"] * 7) == [0, 0, 0, 0, 1, 2, 3]


def test_channels_do_not_wait_for_each_other():
    assert times_of(["C1", "C2"] * 4) == [0] * 8


def test_who_came_first_has_the_first_turn():
    async def run():
        clock, order = Clock(), []
        pace = Pace(clock, clock.sleep)

        async def post(number):
            async with pace.turn("C1"):
                await asyncio.sleep(0)
                order.append(number)

        await asyncio.gather(*map(post, range(20)))
        return order

    assert asyncio.run(run()) == list(range(20))


def test_idle_channels_are_forgotten():
    async def run():
        clock = Clock()
        pace = Pace(clock, clock.sleep)
        for number in range(3_000):
            clock.now_s += 10
            async with pace.turn(f"C{number}"):
                pass
        return len(pace._lanes)

    assert asyncio.run(run()) <= 1_001
