"""Services and operations are offered at once, from what was read last."""

import asyncio

from backends.errors import BackendUnreachable
from bot.slack.names import Names, likest
from tests.bot.drawn_stores import DrawnStores
from tests.bot.slack.scene import ShopBackend


class CountingBackend(ShopBackend):
    """Counts how often it is asked for its services."""

    times = 0

    async def services(self):
        self.times += 1
        if self.error:
            raise self.error
        return await super().services()


def offered(backend, talk):
    """What the talk comes to, over a clock that the talk may turn."""
    now_s = [0.0]

    async def run():
        names = Names(DrawnStores(backend), lambda: now_s[0])
        try:
            return await talk(names, now_s)
        finally:
            await names.aclose()

    return asyncio.run(run())


def test_what_is_alike_comes_first():
    names = ["inventory", "checkout", "cart", "checkout-worker"]

    assert likest("check", names)[:2] == ("checkout", "checkout-worker")
    assert likest("chekout", names)[0] == "checkout"
    assert likest("", names) == tuple(names)


def test_at_most_a_hundred_are_offered():
    assert len(likest("", [f"s{number}" for number in range(500)])) == 100


def test_the_store_is_asked_once_a_minute():
    backend = CountingBackend()

    async def talk(names, now_s):
        await names.services("a")
        await names.services("b")
        now_s[0] = 61.0
        await names.services("c")

    offered(backend, talk)

    assert backend.times == 2


def test_a_store_that_fails_offers_what_was_known():
    backend = CountingBackend()

    async def talk(names, now_s):
        await names.services("")
        backend.error = BackendUnreachable("It is gone.", "Wait.")
        now_s[0] = 61.0
        return await names.services("")

    assert offered(backend, talk) == ("cart", "checkout", "frontend", "payment")


def test_a_store_that_hangs_is_not_waited_for():
    class Hanging(ShopBackend):
        async def services(self):
            await asyncio.Event().wait()

    async def talk(names, now_s):
        async with asyncio.timeout(60):
            return await names.services("")

    assert offered(Hanging(), talk) == ()
