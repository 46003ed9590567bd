"""Has people and the bot talk in the local Slack about a broken shop, and takes pictures of what they see: docs/pictures/."""

from __future__ import annotations

import asyncio
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image

from demo.live import LiveShop
from demo.local_slack.browser import Browser
from demo.local_slack.workspace import ALICE
from demo.shop.fault import Fault
from demo.slack_live import CHANNEL, SlackLive, slowest_trace

FOLDER = Path(__file__).parents[1] / "docs/pictures"
HEALTHY_S, BROKEN_S = 12.0, 18.0
QUIET_CHANNEL = "C01GEN"
THREADS = {"one-customer": 0, "trace": 1, "why": 2}
WIDTH, HEIGHT = 760, 4000
COLOURS = 64
# What is around a conversation is the page's, and says nothing; a thread gets the room that people give it.
ALONE = """
.sidebar, .topbar, .composer, .thread-resize-handle, .msg-hover-actions { display: none !important }
.messages { padding-top: 0 }
.msg, .msg * { animation: none !important }
.msg { background: none !important }
.msg code { border: none }
"""
IN_THREAD = f"{ALONE} .main {{ display: none !important }} .thread-pane {{ width: {WIDTH}px !important }}"
OPEN_HOME = "[...document.querySelectorAll('.sidebar-item')].find(each => each.innerText.includes('tracewhy')).click()"


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with SlackLive() as slack, LiveShop(slack.settings) as live:
        live.run(HEALTHY_S)
        live.break_by([Fault("n_plus_one"), Fault("failing_users")], BROKEN_S)
        slack.converse(live.customer(), slowest_trace(live.shop.truth()))
        slack.wait(slack.slack.command("/trace", "help", ALICE.id, QUIET_CHANNEL))
        for name, taken in asyncio.run(_pictures(slack.page, slack.threads())).items():
            path = folder / f"slack-{name}.png"
            path.write_bytes(_small(taken))
            print(f"{path}: {path.stat().st_size // 1000} kB")


async def _pictures(page: str, threads: list[str]) -> dict[str, bytes]:
    taken = {}
    async with Browser(WIDTH, HEIGHT) as browser:
        for name, number in THREADS.items():
            await browser.show(threads[number], ".thread-body .msg", IN_THREAD)
            taken[name] = await browser.picture(".thread-body", ".thread-body .msg")
        for name, channel in {"slowest": CHANNEL, "help": QUIET_CHANNEL}.items():
            await browser.show(f"{page}/archives/{channel}", ".messages .msg", ALONE)
            taken[name] = await browser.picture(".messages", ".messages .msg")
        await browser.show(f"{page}/archives/{CHANNEL}", ".sidebar-item", ALONE)
        await browser.evaluate(OPEN_HOME)
        await browser.wait(".home button")
        taken["home"] = await browser.picture(".home-inner", ".home-inner > *")
    return taken


def _small(png: bytes) -> bytes:
    """The same in few colours: text needs no more."""
    with Image.open(BytesIO(png)) as image:
        written = BytesIO()
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return written.getvalue()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
