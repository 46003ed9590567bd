"""What reaches the port of HTTP mode without being Slack's."""

import asyncio
import io

import aiohttp
import pytest

from bot.slack.http import HttpMode, PortTaken

SECRET = "a signing secret"


async def listening(talk):
    mode = HttpMode(None, SECRET, "127.0.0.1", 0, lambda: 0.0)
    await mode.start()
    try:
        async with aiohttp.ClientSession() as session:
            return await talk(mode, session)
    finally:
        await mode.stop()


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{}", {}, 401),
        (b"{}", {"X-Slack-Request-Timestamp": "now", "X-Slack-Signature": "v0=1"}, 401),
        (b"{}", {"X-Slack-Request-Timestamp": "1" * 400, "X-Slack-Signature": "v0=1"}, 401),
        (b"\xff\xfe", {}, 400),
        (b"{}", {"Content-Type": "text/plain; charset=klingon"}, 400),
        (b"x" * (2 << 20), {}, 413),
    ],
)
def test_what_is_not_signed_is_refused(body, headers, status):
    async def talk(mode, session):
        async with session.post(mode.url, data=io.BytesIO(body), headers=headers) as answer:
            return answer.status

    assert asyncio.run(listening(talk)) == status


def test_other_paths_are_not_there():
    async def talk(mode, session):
        async with session.get(mode.url) as got, session.post(mode.url + "/more") as posted:
            return got.status, posted.status

    assert asyncio.run(listening(talk)) == (405, 404)


def test_a_port_that_is_taken_is_named():
    async def talk(mode, session):
        second = HttpMode(None, SECRET, "127.0.0.1", mode.port, lambda: 0.0)
        with pytest.raises(PortTaken, match=r"slack\.http_port"):
            await second.start()

    asyncio.run(listening(talk))
