"""`tracewhy serve` with the bot, in a local Slack, over a store of a million spans: is it quick, and is nothing lost?

The bot is a process of its own; the local Slack and the people in it share the machine with it.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from benchmarks.measure import Figure
from benchmarks.store import HOUR_NS, HOURS_NS, SPANS, fill
from benchmarks.workload import EPOCH_NS, SERVICES
from demo.local_slack.program import Program
from demo.local_slack.slack import LocalSlack

if TYPE_CHECKING:
    from collections.abc import Iterator

SLOW = 20
QUICK = 100
"""Asked while the slow ones are being answered."""
AT_ONCE = 200
TIMES = 5
CHANNELS = ("C01GEN", "C02OPS", "C04PRIV")
ALICE = "U01ALICE"
ANSWERED_WITHIN_S = 300
BOT = "U0BOT"


class Asked(NamedTuple):
    """A message that named the bot."""

    channel: str
    ts: str


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        store.mkdir()
        fill(store)
        with Program() as program:
            yield from asyncio.run(_measured(program, store))


async def _measured(program: Program, store: Path) -> list[Figure]:
    async with LocalSlack(program) as slack:
        serving = _server(store, slack)
        pid = await asyncio.to_thread(serving.__enter__)
        try:
            await slack.wait_for_socket(60)
            return [
                *await _one_by_one(slack),
                *await _acknowledgements(slack),
                *await _all_at_once(slack),
                Figure("memory of the bot and its store, at most", _peak_mib(pid), "MiB", "< 512"),
                Figure("messages that broke a rule of Slack's", len(slack.refused), "", "0"),
            ]
        finally:
            await asyncio.to_thread(serving.__exit__, None, None, None)


async def _one_by_one(slack: LocalSlack) -> list[Figure]:
    """From the command to its answer on the screen."""
    took_s = []
    for number in range(TIMES):
        began = time.perf_counter()
        await slack.command("/trace", f"slowest {SERVICES[0]} {_hours(1)}", ALICE, CHANNELS[0])
        await slack.wait_for(lambda: _whispered(slack, number + 1), 60)  # noqa: B023 - awaited within the turn
        took_s.append(time.perf_counter() - began)
    return [
        Figure(
            f"/trace slowest {SERVICES[0]} on {SPANS:,} spans, to its answer, slowest of {TIMES}",
            max(took_s),
            "s",
            "< 3",
        )
    ]


async def _acknowledgements(slack: LocalSlack) -> list[Figure]:
    """How soon Slack hears that something was received, while the bot is busy."""
    busy = [await slack.mention(ALICE, CHANNELS[0], f"slowest {_hours(2)}") for _ in range(SLOW)]
    before = len(slack.acks_ms)
    for _ in range(QUICK):
        await slack.command("/trace", "help", ALICE, CHANNELS[1])
    acks_ms = slack.acks_ms[before:]
    await _answers(slack, [Asked(CHANNELS[0], ts) for ts in busy])
    return [
        Figure(f"acknowledgement while {SLOW} slow answers are made, p50", float(np.median(acks_ms)), "ms"),
        Figure("the same, p99", float(np.quantile(acks_ms, 0.99)), "ms", "< 300"),
    ]


async def _all_at_once(slack: LocalSlack) -> list[Figure]:
    """Many people ask in the same moment."""
    began = time.perf_counter()
    asked = await asyncio.gather(*(_mention(slack, number) for number in range(AT_ONCE)))
    answers = await _answers(slack, asked)
    took_s = time.perf_counter() - began
    return [
        Figure(f"{AT_ONCE} questions at once: answered after", took_s, "s"),
        Figure("lost", sum(count == 0 for count in answers), "", "0"),
        Figure("answered more than once", sum(count > 1 for count in answers), "", "0"),
        Figure("acknowledged too late", len(slack.late), "", "0"),
    ]


async def _mention(slack: LocalSlack, number: int) -> Asked:
    channel = CHANNELS[number % len(CHANNELS)]
    return Asked(channel, await slack.mention(ALICE, channel, f"services {_hours(1)}"))


async def _answers(slack: LocalSlack, asked: list[Asked]) -> list[int]:
    """How many finished answers each got."""

    async def counts() -> list[int] | None:
        found = [await _finished(slack, one) for one in asked]
        return found if all(found) else None

    try:
        return await slack.wait_for(counts, ANSWERED_WITHIN_S) or []
    except TimeoutError:
        return [await _finished(slack, one) for one in asked]


async def _finished(slack: LocalSlack, one: Asked) -> int:
    thread = await slack.thread(one.channel, one.ts)
    return sum(
        message.get("user") == BOT and "Cancel" not in str(message.get("blocks")) for message in thread
    )


async def _whispered(slack: LocalSlack, at_least: int) -> bool:
    finished = [one for one in await slack.ephemerals(ALICE) if "Cancel" not in str(one.get("blocks"))]
    return len(finished) >= at_least


def _hours(hours: int) -> str:
    """A period that holds spans, as one types it."""
    end_ns = EPOCH_NS + min(hours * HOUR_NS, HOURS_NS)
    begin, end = (datetime.fromtimestamp(ns / 1e9, UTC) for ns in (EPOCH_NS, end_ns))
    return f"{begin:%Y-%m-%dT%H:%M:%SZ} - {end:%Y-%m-%dT%H:%M:%SZ}"


@contextmanager
def _server(store: Path, slack: LocalSlack) -> Iterator[int]:
    """`tracewhy serve` in that Slack until the block ends, and its process."""
    settings = {
        "TRACEWHY_SLACK__BOT_TOKEN": slack.bot_token,
        "TRACEWHY_SLACK__APP_TOKEN": slack.app_token,
        "TRACEWHY_SLACK__API_URL": slack.base_url,
        "TRACEWHY_STORE__KEEP_H": "1000000",
    }
    command = (sys.executable, "-m", "bot", "serve", "--store", store, "--grpc-port", "0", "--http-port", "0")
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, **settings}
    ) as server:
        try:
            for line in server.stdout or ():
                if "Ctrl-C" in line:
                    break
            yield server.pid
        finally:
            server.send_signal(signal.SIGTERM)
            server.communicate(timeout=60)


def _peak_mib(pid: int) -> float:
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1_024 if found else 0.0
