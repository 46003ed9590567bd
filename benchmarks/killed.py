"""`kill -9` at random moments of ingest: is everything there that was acknowledged, once, and counted once?

`python -m benchmarks.killed FOLDER FIRST` is the process that is killed: it keeps spans numbered from FIRST in four lanes,
some of them again as copies that ended later, measures self times as fast as it can, forgets nothing, and says what is on
the disk.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from analyzers.minutes import MINUTE_NS, minutes_of
from analyzers.record import SpanRecord
from analyzers.self_time import repaired_self_times
from backends.embedded.backend import EmbeddedBackend
from backends.embedded.span_store import SpanStore
from backends.interface import MinutesQuery, SpanQuery
from benchmarks.measure import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzers.minutes import OperationMinutes

MOMENTS = 50
LANES = 4
LANE = 1_000_000
SPANS_A_PART = 50
SPANS_A_TRACE = 10
MOST_PARTS = 120
"""Between two kills the last one may come after so many parts."""
FOREVER_NS = 2**63 - 1


class Checked(NamedTuple):
    """What a store holds after it was killed and opened again."""

    lost: int
    """Acknowledged spans that are not there."""
    doubled: int
    """Spans that are there more than once."""
    miscounted: bool
    """Whether a histogram is not that of the spans."""


def figures() -> Iterator[Figure]:
    moments = random.Random(4)
    with tempfile.TemporaryDirectory() as folder:
        checked = [
            killed(Path(folder), number, moments.randrange(1, MOST_PARTS)) for number in range(MOMENTS)
        ]
    yield Figure(
        "kill -9 at random moments of ingest: times the store opened again", len(checked), "", f"{MOMENTS}"
    )
    yield Figure("acknowledged spans lost", sum(one.lost for one in checked), "", "0")
    yield Figure("spans stored twice", sum(one.doubled for one in checked), "", "0")
    yield Figure("times a rollup was not that of the spans", sum(one.miscounted for one in checked), "", "0")


def killed(folder: Path, number: int, parts: int) -> Checked:
    """Kill an ingest into the store in a folder after so many parts were acknowledged; what is there then."""
    first = number * LANES * LANE
    command = (sys.executable, "-m", "benchmarks.killed", str(folder), str(first))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as ingesting:
        assert ingesting.stdout
        told = [ingesting.stdout.readline() for _ in range(parts)]
        os.kill(ingesting.pid, signal.SIGKILL)
        told += ingesting.stdout.readlines()
    # The last line may have been cut off.
    begins = [int(line) for line in told if line.endswith("\n")]
    acknowledged = {begin + one + 1 for begin in begins for one in range(SPANS_A_PART)}
    store = SpanStore.open(folder)
    try:
        return asyncio.run(_checked(store, acknowledged))
    finally:
        store.close()


async def _checked(store: SpanStore, acknowledged: set[int]) -> Checked:
    backend = EmbeddedBackend(store)
    for _ in range(2):
        await store.settle(repaired_self_times)
    spans = (await backend.find_spans(SpanQuery(0, FOREVER_NS, limit=FOREVER_NS))).spans
    there = set(spans.span_id.tolist())
    expected = (minutes_of(spans, spans.duration_ns), minutes_of(*repaired_self_times(spans)))
    found = [
        await backend.minutes(MinutesQuery(0, FOREVER_NS, self_time=self_time)) for self_time in (False, True)
    ]
    return Checked(
        lost=len(acknowledged - there),
        doubled=len(spans) - len(there),
        miscounted=any(not _equal(one, other) for one, other in zip(found, expected, strict=True)),
    )


def _equal(one: OperationMinutes, other: OperationMinutes) -> bool:
    names = ("operation", "minute", "bucket", "calls", "errors", "spans")
    return one.operations == other.operations and all(
        getattr(one, name).tolist() == getattr(other, name).tolist() for name in names
    )


async def _ingest(store: SpanStore, first: int) -> None:
    async def settle() -> None:
        while True:
            await store.settle(repaired_self_times)

    async def keep(lane: int) -> None:
        for part in range(10 * MOST_PARTS):
            # Every third part is new; the two after it are copies that ended later.
            begin = first + lane * LANE + SPANS_A_PART * (part - part % 3)
            await store.keep([_span(begin + one, part) for one in range(SPANS_A_PART)])
            print(begin, flush=True)

    await asyncio.gather(settle(), *(keep(lane) for lane in range(LANES)))


def _span(number: int, part: int) -> SpanRecord:
    is_root = number % SPANS_A_TRACE == 0
    return SpanRecord(
        trace_id=f"{number // SPANS_A_TRACE + 1:032x}",
        span_id=number + 1,
        parent_id=0 if is_root else number // SPANS_A_TRACE * SPANS_A_TRACE + 1,
        service="cart" if is_root else "stock",
        operation=f"operation {number % 7}",
        kind=2,
        status=2 if number % 11 == 0 else 0,
        start_ns=number % 97 * MINUTE_NS + number % SPANS_A_TRACE,
        duration_ns=1_000_000 + number + part * 1_000,
        adjusted_count=4.0,
    )


def main(folder: str, first: str) -> None:
    asyncio.run(_ingest(SpanStore.open(Path(folder)), int(first)))


if __name__ == "__main__":
    main(*sys.argv[1:3])
