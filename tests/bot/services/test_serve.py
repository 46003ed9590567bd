"""What is done now and then while a store receives spans."""

import asyncio
from datetime import UTC, datetime

import pytest

from backends.embedded.receivers.intake import Tally
from backends.embedded.refusal import StoreFull
from bot.services.serve import StateChores, StoreChores, tally_text
from bot.stores.errors import StateUnreachable

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class RunningStore:
    """Remembers when it was told to forget; `error` is what it says to that."""

    def __init__(self, error=None):
        self.tally = Tally()
        self.retired = []
        self.settled = 0
        self.error = error

    async def retire(self, now_ns):
        self.retired.append(now_ns)
        if self.error:
            raise self.error

    async def settle(self):
        self.settled += 1
        if self.error:
            raise self.error
        return 0


class OldState:
    """Remembers until when it forgot; `error` is what it says to that."""

    def __init__(self, error=None):
        self.retired = []
        self.error = error

    async def retire(self, now):
        self.retired.append(now)
        if self.error:
            raise self.error
        return 0


def after(store, *chores):
    """What was said after these chores."""
    lines = []
    doing = StoreChores(store, lambda: 42, lines.append)

    async def run():
        for chore in chores:
            await getattr(doing, chore)()

    asyncio.run(run())
    return lines


def test_old_spans_are_forgotten_and_traces_measured():
    store = RunningStore()

    assert after(store, "retire", "settle") == []
    assert (store.retired, store.settled) == ([42], 1)


def test_after_measuring_for_long_the_store_rests_as_long():
    times_s = iter([0, 30, 59, 60, 60])  # it takes half a minute, is due twice, and takes no time
    store = RunningStore()
    doing = StoreChores(store, lambda: 42, [].append, lambda: next(times_s))

    async def settled():
        await doing.settle()
        return store.settled

    async def run():
        return [await settled(), await settled(), await settled()]

    assert asyncio.run(run()) == [1, 1, 2]


def test_what_cannot_be_done_is_said_once():
    assert after(RunningStore(StoreFull()), "retire", "settle", "retire", "settle") == [
        f"Old spans could not be removed. {StoreFull()}",
        f"Self times could not be counted. {StoreFull()}",
    ]


def test_what_was_received_is_said_where_it_changed():
    assert after(RunningStore(), "report", "report") == ["0 spans kept"]


def test_old_answers_are_forgotten():
    state = OldState()

    asyncio.run(StateChores(state, lambda: NOON).retire())

    assert state.retired == [NOON]


def test_a_state_that_cannot_forget_is_logged(caplog):
    state = OldState(StateUnreachable("The state is gone.", "Look for it."))

    asyncio.run(StateChores(state, lambda: NOON).retire())

    assert "Old answers could not be removed. The state is gone. Look for it." in caplog.text


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
