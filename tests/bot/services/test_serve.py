"""What is done while a store receives spans."""

import asyncio

import pytest

from backends.embedded.receivers.intake import Tally
from backends.embedded.refusal import StoreFull
from bot.services.serve import run_until, tally_text


class RunningStore:
    """Remembers when it was told to forget; `error` is what it says to that."""

    def __init__(self, error=None):
        self.tally = Tally()
        self.retired = []
        self.settled = 0
        self.error = error
        self.told = asyncio.Event()

    async def retire(self, now_ns):
        self.retired.append(now_ns)
        if self.error:
            raise self.error

    async def settle(self):
        self.settled += 1
        self.told.set()
        if self.error:
            raise self.error
        return 0


def lines_of(store):
    """What is said until the store was told to forget, and to measure."""

    async def run():
        lines = []
        running = store()
        await run_until(running.told, running, lambda: 42, lines.append, 0)
        return running.retired, running.settled, lines

    return asyncio.run(run())


def test_old_spans_are_forgotten_and_traces_measured_from_the_start_on():
    assert lines_of(RunningStore) == ([42], 1, [])


def test_what_cannot_be_forgotten_is_said_and_nothing_ends():
    _, _, lines = lines_of(lambda: RunningStore(StoreFull()))

    assert lines == [
        f"Old spans could not be removed. {StoreFull()}",
        f"Self times could not be counted. {StoreFull()}",
    ]


@pytest.mark.parametrize(
    ("tally", "text"),
    [
        (Tally(), "0 spans kept"),
        (Tally(kept=1), "1 span kept"),
        (Tally(12_000, 3, 1), "12,000 spans kept, 3 rejected as unreadable, 1 request refused"),
        (Tally(5, trouble="It broke."), "5 spans kept. The store had trouble: It broke."),
    ],
)
def test_what_was_received_is_told_in_a_line(tally, text):
    assert tally_text(tally) == text
