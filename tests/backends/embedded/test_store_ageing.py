"""What is too old or takes too much room goes, whatever clocks say."""

import asyncio

import pytest

from backends.embedded.retention import Retention
from backends.embedded.span_store import SpanStore
from tests.backends.embedded.stores import MINUTE_NS, RECOUNT, ROLLED_UP, everything, keep, rows, span


def test_what_is_too_old_goes_in_whole_minutes(tmp_path):
    store = SpanStore.open(tmp_path, retention=Retention(max_age_s=120))
    keep(store, [span(number, number * MINUTE_NS, resource=(("host", str(number)),)) for number in range(10)])

    retired = asyncio.run(store.retire(10 * MINUTE_NS + 5))

    assert retired == 8
    assert [record.start_ns // MINUTE_NS for record in everything(store).details.batch] == [8, 9]
    assert rows(store, ROLLED_UP) == rows(store, RECOUNT)
    assert rows(store, "SELECT count(*) FROM resources") == [(2,)]
    keep(store, [span(99, 10 * MINUTE_NS, resource=(("host", "1"),))])
    assert (("host", "1"),) in everything(store).resources
    store.close()


@pytest.mark.parametrize("leap_ns", [365 * 24 * 60 * MINUTE_NS, -300 * MINUTE_NS])
def test_a_clock_that_leaps_makes_nothing_old(tmp_path, leap_ns):
    store = SpanStore.open(tmp_path, retention=Retention(max_age_s=600))
    start_ns = 1_000 * MINUTE_NS
    keep(store, [span(number, start_ns + number * MINUTE_NS) for number in range(5)])
    asyncio.run(store.retire(start_ns + 5 * MINUTE_NS))

    keep(store, [span(90, start_ns + 5 * MINUTE_NS + leap_ns)])
    retired = [
        asyncio.run(store.retire(start_ns + leap_ns + minutes * MINUTE_NS)) for minutes in range(6, 12)
    ]

    assert retired == [0] * 6 if leap_ns > 0 else [1, 0, 0, 0, 0, 0]
    store.close()


@pytest.mark.parametrize("restarts", [1, 3])
def test_a_clock_that_is_wrong_after_a_restart_makes_nothing_old(tmp_path, restarts):
    hour_ns, day_ns = 60 * MINUTE_NS, 24 * 60 * MINUTE_NS
    week = Retention(max_age_s=7 * 86_400)
    store = SpanStore.open(tmp_path, retention=week)
    keep(store, [span(number, 100 * day_ns + number * hour_ns) for number in range(5)])
    asyncio.run(store.retire(100 * day_ns + 5 * hour_ns))
    store.close()

    ahead_ns = 110 * day_ns
    for restart in range(restarts):
        store = SpanStore.open(tmp_path, retention=week)
        keep(store, [span(90 + restart, ahead_ns + restart * MINUTE_NS)])
        assert asyncio.run(store.retire(ahead_ns + restart * MINUTE_NS)) == 0
        store.close()

    store = SpanStore.open(tmp_path, retention=week)
    assert asyncio.run(store.retire(100 * day_ns + 6 * hour_ns)) == 0
    assert asyncio.run(store.retire(108 * day_ns)) == 0
    store.close()


def test_after_a_tenth_of_its_leap_the_clock_is_believed(tmp_path):
    store = SpanStore.open(tmp_path, retention=Retention(max_age_s=3_600))
    keep(store, [span(number, number * MINUTE_NS) for number in range(3)])
    asyncio.run(store.retire(3 * MINUTE_NS))
    store.close()

    store = SpanStore.open(tmp_path, retention=Retention(max_age_s=3_600))
    keep(store, [span(9, 203 * MINUTE_NS)])
    retired = [asyncio.run(store.retire((203 + minute) * MINUTE_NS)) for minute in range(0, 30, 5)]

    assert retired == [0, 0, 0, 0, 3, 0]
    store.close()


def test_a_clock_that_is_wrong_from_the_start_makes_nothing_old(tmp_path):
    store = SpanStore.open(tmp_path, retention=Retention(max_age_s=600))
    keep(store, [span(number, number * MINUTE_NS) for number in range(5)])

    assert asyncio.run(store.retire(10**6 * MINUTE_NS)) == 0
    store.close()


def test_spans_grow_old_while_none_come(tmp_path):
    store = SpanStore.open(tmp_path, retention=Retention(max_age_s=600))
    keep(store, [span(0)])

    retired = [asyncio.run(store.retire(minute * MINUTE_NS)) for minute in range(1, 13)]

    assert sum(retired) == 1
    assert retired[:10] == [0] * 10
    store.close()


def test_what_takes_too_much_room_goes_oldest_first_and_the_newest_stays(tmp_path):
    store = SpanStore.open(tmp_path, retention=Retention(max_bytes=1))
    keep(store, [span(number, number * MINUTE_NS) for number in range(10)])
    asyncio.run(
        asyncio.to_thread(store._writer.run(lambda: store._database.connection.execute("CHECKPOINT")).result)
    )

    asyncio.run(store.retire(0))

    assert [record.start_ns // MINUTE_NS for record in everything(store).details.batch] == [9]
    store.close()
