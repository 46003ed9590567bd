"""Histograms by the minute, of durations and of self time, whenever spans come."""

import asyncio
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzers.minutes import OperationKey, buckets_of, histograms, minutes_of
from analyzers.self_time import repaired_self_times
from backends.embedded.api.wire import COLUMNS
from backends.embedded.backend import EmbeddedBackend
from backends.embedded.retention import Retention
from backends.embedded.span_store import SpanStore
from backends.errors import CannotAsk
from backends.interface import MinutesQuery
from tests.backends.embedded.stores import (
    MINUTE_NS,
    RECOUNT,
    ROLLED_UP,
    SHOP,
    everything,
    keep,
    recounted_self_times,
    rows,
    self_times,
    settled_all,
    span,
)
from tests.strategies import span_records
from tests.traces import drawn


def test_late_spans_count_in_the_minute_they_started(store):
    keep(store, [span(0, 10 * MINUTE_NS, adjusted_count=4.0)])
    keep(store, [span(1, 3 * MINUTE_NS), span(2, 3 * MINUTE_NS)])

    by_minute = rows(store, "SELECT minute, sum(calls) FROM rollups GROUP BY minute ORDER BY minute")

    assert by_minute == [(3, 2.0), (10, 4.0)]


def test_merged_rollups_say_the_same(store):
    for number in range(5):
        keep(store, [span(number, duration_ns=1_000)])
    before = rows(store, ROLLED_UP)

    asyncio.run(asyncio.to_thread(store._writer.run(lambda: store._merge(store._upsert.unmerged)).result))

    assert rows(store, ROLLED_UP) == before == rows(store, RECOUNT)
    assert rows(store, "SELECT count(*) FROM rollups") == [(1,)]


def test_operations_are_counted_with_what_spans_stand_for(store):
    error = span(500, duration_ns=1_000_000, adjusted_count=10.0)
    error.status = 2
    keep(store, [span(number, duration_ns=(number + 1) * 1_000_000) for number in range(90)] + [error])

    minutes = asyncio.run(EmbeddedBackend(store).minutes(MinutesQuery(0, MINUTE_NS)))

    ((_, histogram),) = histograms(minutes, minutes.operation)
    assert minutes.operations == (OperationKey("cart", "load", 2),)
    assert (histogram.spans.sum(), histogram.calls.sum(), histogram.errors.sum()) == (91, 100.0, 10.0)
    assert math.isclose(histogram.quantile_ns(0.5), 40e6, rel_tol=0.011)
    assert math.isclose(histogram.quantile_ns(0.99), 89e6, rel_tol=0.011)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=span_records(latest_ns=7_200 * 10**9))
def test_the_stores_histograms_are_those_of_its_spans(tmp_path_factory, records):
    store = SpanStore.open(tmp_path_factory.mktemp("law"))
    keep(store, records)
    spans = everything(store)

    kept = asyncio.run(EmbeddedBackend(store).minutes(MinutesQuery(0, 2**63 - 1)))
    of_cart = asyncio.run(EmbeddedBackend(store).minutes(MinutesQuery(0, 2**63 - 1, "cart")))
    store.close()

    recounted = minutes_of(spans, spans.duration_ns)
    assert kept.operations == recounted.operations
    assert [same_column(kept, recounted, name) for name in COLUMNS] == [True] * len(COLUMNS)
    assert of_cart.operations == tuple(key for key in kept.operations if key.service == "cart")


def same_column(one, other, name):
    return np.array_equal(getattr(one, name), getattr(other, name))


def without_host(record):
    """Clocks of hosts are put right over all calls that are read together."""
    record.resource = ()
    return record


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.tuples(span_records(latest_ns=120 * 10**9), st.booleans()), min_size=1, max_size=5))
def test_self_times_are_right_whenever_spans_come_and_traces_are_measured(tmp_path_factory, parts):
    store = SpanStore.open(tmp_path_factory.mktemp("law"))
    for records, measured_after in parts:
        keep(store, list(map(without_host, records)))
        asyncio.run(store.settle(repaired_self_times)) if measured_after else None
    settled_all(store)

    counted, recounted = self_times(store), recounted_self_times(store)
    left = rows(store, "SELECT count(*) FROM touched")
    store.close()

    assert counted == recounted
    assert left == [(0,)]


def test_a_trace_is_measured_once_it_is_quiet(store):
    keep(store, drawn(SHOP))

    at_once = asyncio.run(store.settle(repaired_self_times))
    later = asyncio.run(store.settle(repaired_self_times))
    again = asyncio.run(store.settle(repaired_self_times))

    assert (at_once, later, again) == (0, 1, 0)


def test_a_child_that_comes_later_takes_its_time_from_its_parent(store):
    parent, child = span(0, 0, 1_000), span(1, 100, 400)
    child.parent_id = parent.span_id
    keep(store, [parent])
    settled_all(store)
    before = [row[2] for row in self_times(store)]

    keep(store, [child])
    settled_all(store)

    assert before == buckets_of(np.array([1_000])).tolist()
    assert [row[2] for row in self_times(store)] == buckets_of(np.array([400, 600])).tolist()


def test_many_traces_are_measured_some_at_a_time(store, monkeypatch):
    monkeypatch.setattr("backends.embedded.settling.SPANS_AT_ONCE", 15)
    keep(store, [span(number, number * 10**9, number) for number in range(200)])

    assert settled_all(store) == 20
    assert self_times(store) == recounted_self_times(store)


def test_what_is_too_old_goes_from_self_times_too(tmp_path):
    store = SpanStore.open(tmp_path, retention=Retention(max_age_s=120))
    keep(store, [span(number, number * MINUTE_NS, 70 * 10**9) for number in range(10)])
    settled_all(store)

    asyncio.run(store.retire(10 * MINUTE_NS + 5))

    left = self_times(store)
    keep(store, [span(5, 9 * MINUTE_NS + 10**9)])
    settled_all(store)
    assert [row[1] for row in left] == [8, 9]
    assert self_times(store) == recounted_self_times(store)
    store.close()


def test_merged_self_times_say_the_same(store):
    for number in range(5):
        keep(store, [span(10 * number, duration_ns=1_000)])
        settled_all(store)
    before = self_times(store)

    asyncio.run(asyncio.to_thread(store._writer.run(lambda: store._merge(store._unmerged)).result))

    assert self_times(store) == before == recounted_self_times(store)
    assert rows(store, "SELECT count(*) FROM self_rollups") == [(1,)]


def test_minutes_that_are_told_together_are_the_sum_of_them(store):
    keep(store, [span(1), span(2, start_ns=MINUTE_NS), span(3, start_ns=3 * MINUTE_NS)])
    backend = EmbeddedBackend(store)

    minutes = asyncio.run(backend.minutes(MinutesQuery(0, 4 * MINUTE_NS, together=True)))

    assert minutes.minute.tolist() == [0]
    assert minutes.calls.tolist() == [3.0]


def test_histograms_beyond_a_bound_are_refused_in_words(store, monkeypatch):
    monkeypatch.setattr("backends.embedded.minutes.MOST_ROWS", 1)
    keep(store, [span(0), span(1, duration_ns=1_000)])

    with pytest.raises(CannotAsk, match="Ask for a shorter period"):
        asyncio.run(EmbeddedBackend(store).minutes(MinutesQuery(0, MINUTE_NS)))
