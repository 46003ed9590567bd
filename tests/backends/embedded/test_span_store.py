"""What is kept is on the disk, comes back as it was, and is counted once."""

import asyncio
import math
import subprocess
import sys
from collections import Counter
from dataclasses import replace

import duckdb
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from analyzers.builder import build_table
from analyzers.minutes import OperationKey, buckets_of, histograms, minutes_of
from analyzers.record import EventRecord, LinkTo, SpanRecord
from analyzers.self_time import repaired_self_times
from backends.embedded import span_store
from backends.embedded.api.wire import COLUMNS
from backends.embedded.backend import EmbeddedBackend
from backends.embedded.encoding import StoredDetails, encode, links_from, pairs_from
from backends.embedded.folder import DATABASE
from backends.embedded.known_spans import KnownSpans
from backends.embedded.refusal import StoreBusy, StoreFull
from backends.embedded.retention import Retention
from backends.embedded.room import Room
from backends.embedded.shortening import LONGEST_DETAILS, shortened
from backends.embedded.span_store import SpanStore, StoreLimits
from backends.embedded.unusable import StoreDamaged, StoreInUse, StoreTooNew, StoreUnusable
from backends.embedded.upsert import Upsert
from backends.errors import CannotAsk
from backends.interface import MinutesQuery, SpanQuery
from backends.matching import matches
from tests.span_facts import facts_of
from tests.strategies import span_records
from tests.traces import drawn

MINUTE_NS = 60_000_000_000
ALL = SpanQuery(0, 2**63 - 1, limit=10_000)
SHOP = """
    frontend GET /cart  0..100  server user.id=7
      cart  load        10..60  client @pod-1 message="all good" error exception="KeyError: a"
      auth  check       40..90  weight=4 follows=1
"""
TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
PAIRS = st.lists(st.tuples(TEXT, TEXT), max_size=4).map(tuple)


@pytest.fixture
def store(tmp_path):
    opened = SpanStore.open(tmp_path / "store")
    yield opened
    opened.close()


def keep(store, records):
    return asyncio.run(store.keep(records))


def everything(store):
    return asyncio.run(EmbeddedBackend(store).find_spans(ALL)).spans


def facts_of_records(records):
    return facts_of(build_table(records))


def rows(store, question):
    return asyncio.run(store.ask(lambda cursor: cursor.execute(question).fetchall()))


ROLLED_UP = "SELECT minute, service, operation, kind, bucket, sum(spans), sum(calls), sum(errors) FROM rollups GROUP BY ALL HAVING sum(spans) <> 0 ORDER BY ALL"
RECOUNT = """SELECT start_ns // 60000000000, service, operation, kind,
    CASE WHEN duration_ns > 0 THEN floor(ln(duration_ns) / ln(1.02)) ELSE -1 END,
    count(*), sum(coalesce(adjusted_count, 1)),
    sum(CASE WHEN status <> 2 THEN 0 ELSE coalesce(adjusted_count, 1) END)
    FROM spans GROUP BY ALL ORDER BY ALL"""


def settled_all(store):
    """Traces measured when all of them have been quiet for long enough."""
    return sum(asyncio.run(store.settle(repaired_self_times)) for _ in range(2))


def self_times(store):
    """What the rollups of self time say."""
    return rows_of(asyncio.run(EmbeddedBackend(store).minutes(MinutesQuery(0, 2**63 - 1, self_time=True))))


def recounted_self_times(store):
    """The same from the spans that are there."""
    return rows_of(minutes_of(*repaired_self_times(everything(store))))


def rows_of(minutes):
    keys = [minutes.operations[number] for number in minutes.operation.tolist()]
    return list(zip(keys, *(getattr(minutes, name).tolist() for name in (*COLUMNS,)[1:]), strict=True))


def span(number, start_ns=0, duration_ns=10, **more):
    return SpanRecord(
        f"{number // 10 + 1:032x}", number + 1, 0, "cart", "load", 2, 0, start_ns, duration_ns, **more
    )


def test_spans_come_back_as_they_were_kept_and_after_opening_again(tmp_path):
    records = drawn(SHOP)
    with_store = SpanStore.open(tmp_path)
    keep(with_store, records)
    at_once = facts_of(everything(with_store))
    with_store.close()

    again = SpanStore.open(tmp_path)

    assert at_once == facts_of(everything(again)) == facts_of_records(records)
    again.close()


@given(PAIRS, PAIRS, TEXT, st.integers(0, 2**64 - 1))
def test_any_text_comes_back_from_its_columns(pairs, event_pairs, name, time_ns):
    event = EventRecord(time_ns, name, event_pairs)
    links = (LinkTo("0" * 31 + "1", 2**64 - 1),)
    reader = Described(pairs, (event,))
    encoded = encode([span(0, resource=pairs, links=links, source=None, reader=reader)])
    source = (encoded.columns["attributes"][0], encoded.columns["events"][0])

    assert StoredDetails().attributes(source) == pairs
    assert StoredDetails().events(source) == (event,)
    assert pairs_from(encoded.resources[0]) == pairs
    assert links_from(encoded.columns["links"][0]) == links


class Described:
    def __init__(self, pairs, events=()):
        self.pairs, self.given_events = pairs, events

    def attributes(self, source):
        return self.pairs

    def events(self, source):
        return self.given_events


def test_how_far_a_search_is_can_be_heard(store):
    keep(store, [span(0), span(10)])
    told = []

    asyncio.run(EmbeddedBackend(store, lambda *far: told.append(far)).find_spans(ALL))

    assert [doing for doing, _, _ in told] == ["looking for traces", "reading traces"]
    assert told[1][1] > 0


@pytest.mark.parametrize(
    "text", ["", "a\0b", "ü 用户 🦀", 'a"b\\', "x" * 1_000, "[[", '"],["', "'; DROP TABLE spans"]
)
def test_any_attribute_is_stored_and_found_by_its_text(store, text):
    record = span(0, reader=Described((("key", text), (text, "value"))), message=text)
    keep(store, [record, span(10)])

    found = asyncio.run(EmbeddedBackend(store).find_spans(SpanQuery(0, 100, attributes=(("key", text),))))

    assert facts_of(found.spans) == facts_of_records([record])


def test_an_attribute_of_an_event_is_found_where_that_is_wanted(store):
    event = EventRecord(1, "exception", (("exception.message", 'card "expired"'),))
    record = span(0, reader=Described((), (event,)))
    keep(store, [record, span(10, reader=Described((("exception.message", "expired"),)))])
    query = SpanQuery(0, 100, attributes=(("exception.message", 'card "expired"'),))

    found = [
        asyncio.run(EmbeddedBackend(store).find_spans(replace(query, in_events=wanted))).spans
        for wanted in (True, False)
    ]

    assert facts_of(found[0]) == facts_of_records([record])
    assert len(found[1]) == 0
    assert matches(record, replace(query, in_events=True))
    assert not matches(record, query)


@pytest.mark.parametrize("key", ["event", "event.name"])
def test_an_event_is_found_by_its_name_and_by_nothing_like_it(store, key):
    name = 'order "priced"'
    wanted = span(0, reader=Described((), (EventRecord(1, "retry", ()), EventRecord(2, name, (("a", "b"),)))))
    others = Described(((name, name), ("text", f',"{name}",[')), (EventRecord(1, "retry", ((name, name),)),))
    carrying = span(20, reader=Described(((key, name),)))
    keep(store, [wanted, span(10, reader=others), carrying])
    query = SpanQuery(0, 100, attributes=((key, name),))

    found = asyncio.run(EmbeddedBackend(store).find_spans(query))

    assert facts_of(found.spans) == facts_of_records([wanted, carrying])
    assert matches(wanted, query)
    assert not matches(span(10, reader=others), query)


def test_a_period_before_all_that_is_kept_is_answered_with_how_far_back_that_is(store):
    backend = EmbeddedBackend(store)
    empty = asyncio.run(backend.find_spans(ALL)).notes
    keep(store, [span(0, 5 * MINUTE_NS)])

    before, after = (
        asyncio.run(backend.find_spans(SpanQuery(start_ns, start_ns + MINUTE_NS)))
        for start_ns in (0, 7 * MINUTE_NS)
    )

    assert empty == ("The store holds no spans at all.",)
    assert before.notes[0].startswith("The oldest spans in the store are of 1970-01-01 00:05 UTC;")
    assert (before.truncated, after.notes) == (False, ())


def test_half_a_surrogate_pair_is_replaced_and_spoils_nothing(store):
    keep(store, [span(0, message="\ud800", reader=Described((("a", "\udfff"),))), span(1)])

    spans = everything(store)

    assert len(spans) == 2
    assert spans.messages == ("", "?")


def test_of_equal_keys_the_last_counts(store):
    keep(store, [span(0, reader=Described((("k", "old"), ("k", "new"))))])
    backend = EmbeddedBackend(store)

    old, new = (
        asyncio.run(backend.find_spans(SpanQuery(0, 9, attributes=(("k", v),)))) for v in ("old", "new")
    )

    assert (len(old.spans), len(new.spans)) == (0, 1)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(span_records(latest_ns=60), min_size=1, max_size=4))
def test_whatever_arrives_in_whatever_parts_is_there_once_and_counted_once(tmp_path_factory, parts):
    store = SpanStore.open(tmp_path_factory.mktemp("law"))
    for part in parts:
        keep(store, part)
    latest = {}
    for record in (record for part in parts for record in part):
        key = (record.trace_id, record.span_id, record.service, int(record.kind))
        end_ns = record.start_ns + record.duration_ns
        latest[key] = max(latest.get(key, -9), end_ns)

    stored = [record.start_ns + record.duration_ns for record in everything(store).details.batch]
    rolled_up, recount = rows(store, ROLLED_UP), rows(store, RECOUNT)
    store.close()

    assert Counter(stored) == Counter(latest.values())
    assert rolled_up == recount


def test_the_copy_that_finished_later_stays_whenever_it_comes(store):
    keep(store, [span(0, 5, 10), span(1, 5, 99)])

    keep(store, [span(0, 5, 50), span(1, 5, 20)])

    assert sorted(everything(store).duration_ns.tolist()) == [50, 99]
    assert rows(store, ROLLED_UP) == rows(store, RECOUNT)


def test_client_and_server_may_share_an_id(store):
    client = span(0)
    client.kind = 3

    keep(store, [span(0), client])

    assert len(everything(store)) == 2


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


def test_the_slowest_are_those_with_the_longest_root(store):
    keep(store, [span(number * 10, 50 - number, (number * 37) % 50) for number in range(50)])
    backend = EmbeddedBackend(store)

    found = asyncio.run(backend.find_spans(SpanQuery(0, 100, limit=3, slowest_first=True)))

    assert sorted(found.spans.duration_ns.tolist()) == [47, 48, 49]
    assert found.truncated
    assert found.matching == 50
    assert asyncio.run(backend.count_traces(SpanQuery(0, 100))) == 50


def test_traces_from_all_over_the_period_can_be_had_and_are_the_same_each_time(store):
    keep(store, [span(number * 10, number, 5) for number in range(400)])
    backend = EmbeddedBackend(store)

    once, again = (
        asyncio.run(backend.find_spans(SpanQuery(0, 400, limit=100, evenly=True))) for _ in range(2)
    )

    assert once.spans.trace_ids == again.spans.trace_ids
    assert len(once.spans) == 100
    assert 140 < once.spans.start_ns.mean() < 260
    assert (once.truncated, once.matching, once.notes) == (True, 400, ())


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


def test_a_full_queue_pushes_back_and_what_was_let_in_is_kept(tmp_path):
    store = SpanStore.open(tmp_path, StoreLimits(max_waiting_spans=20))

    async def push():
        parts = [[span(10 * part + number) for number in range(10)] for part in range(30)]
        return await asyncio.gather(*map(store.keep, parts), return_exceptions=True)

    answers = asyncio.run(push())

    kept = [answer for answer in answers if not isinstance(answer, StoreBusy)]
    refused = [answer for answer in answers if isinstance(answer, StoreBusy)]
    assert len(everything(store)) == 10 * len(kept)
    assert refused
    assert refused[0].retry_after_s > 0
    assert keep(store, [span(1_000)]).spans == 1
    store.close()


def test_bytes_that_wait_are_bounded_too_and_one_giant_may_pass_alone():
    room = Room(max_spans=10, max_bytes=100)
    room.take(n_spans=50, n_bytes=500)

    with pytest.raises(StoreBusy):
        room.take(n_spans=1)
    room.give_back(50)
    with pytest.raises(StoreBusy):
        room.take(n_bytes=1)
    room.give_back(0, 500)
    room.take(n_spans=1, n_bytes=1)


def test_the_filter_knows_every_span_that_was_added():
    columns = encode([span(number) for number in range(1_000)]).columns
    others = encode([span(number) for number in range(1_000, 2_000)]).columns
    known = KnownSpans(bits=16)
    known.add(columns)

    assert known.may_hold(columns).all()
    assert known.may_hold(others).mean() < 0.01


def test_two_servers_on_one_folder_are_refused_in_words(store):
    with pytest.raises(StoreInUse, match=r"in use by another process.*Only one server"):
        SpanStore.open(store.folder)


def test_a_closed_store_says_so(tmp_path):
    store = SpanStore.open(tmp_path)
    store.close()
    store.close()

    with pytest.raises(StoreUnusable, match="is closed"):
        keep(store, [span(1)])


def test_a_store_of_a_newer_version_is_refused_and_not_touched(tmp_path):
    SpanStore.open(tmp_path).close()
    with duckdb.connect(str(tmp_path / DATABASE)) as connection:
        connection.execute("UPDATE store SET version = 99")
    before = (tmp_path / DATABASE).read_bytes()

    with pytest.raises(StoreTooNew, match=r"of version 99.*Nothing was touched"):
        SpanStore.open(tmp_path)

    assert (tmp_path / DATABASE).read_bytes() == before


def test_a_store_of_version_1_gets_its_rollups(tmp_path):
    store = SpanStore.open(tmp_path)
    keep(store, drawn(SHOP))
    store.close()
    with duckdb.connect(str(tmp_path / DATABASE)) as connection:
        for table in ("rollups", "self_rollups", "touched", "measured", "ageing"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("UPDATE store SET version = 1")

    migrated = SpanStore.open(tmp_path)

    assert rows(migrated, ROLLED_UP) == rows(migrated, RECOUNT) != []
    assert rows(migrated, "SELECT version FROM store") == [(4,)]
    assert facts_of(everything(migrated)) == facts_of_records(drawn(SHOP))
    assert settled_all(migrated) == 1
    assert self_times(migrated) == recounted_self_times(migrated) != []
    migrated.close()


@pytest.mark.parametrize("content", [b"garbage" * 1_000, b"\0" * 20_000])
def test_a_file_that_is_no_database_is_an_error_in_words_and_stays(tmp_path, content):
    (tmp_path / DATABASE).write_bytes(content)

    with pytest.raises(StoreDamaged, match=r"is no database.*move that file away"):
        SpanStore.open(tmp_path)

    assert (tmp_path / DATABASE).read_bytes() == content


def test_a_database_that_is_damaged_is_an_error_in_words_and_stays(tmp_path):
    SpanStore.open(tmp_path).close()
    content = bytearray((tmp_path / DATABASE).read_bytes())
    content[5_000:] = bytes(len(content) - 5_000)
    (tmp_path / DATABASE).write_bytes(content)

    with pytest.raises(StoreDamaged, match="move the folder away"):
        SpanStore.open(tmp_path)

    assert (tmp_path / DATABASE).read_bytes() == content


def test_an_empty_file_that_a_full_disk_left_is_no_store_yet(tmp_path):
    (tmp_path / DATABASE).touch()
    store = SpanStore.open(tmp_path)

    keep(store, [span(1)])

    assert len(everything(store)) == 1
    store.close()


def test_what_is_stored_can_be_read_by_its_user_only_whoever_may_read_the_folder(tmp_path):
    tmp_path.chmod(0o755)
    store = SpanStore.open(tmp_path)

    assert (tmp_path / DATABASE).stat().st_mode & 0o077 == 0
    store.close()


def test_somebody_elses_database_is_refused(tmp_path):
    with duckdb.connect(str(tmp_path / DATABASE)) as connection:
        connection.execute("CREATE TABLE recipes (name VARCHAR)")

    with pytest.raises(StoreDamaged, match="is no store of tracewhy"):
        SpanStore.open(tmp_path)


def test_a_folder_that_cannot_be_is_an_error_in_words(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreUnusable, match=r"cannot be kept.*Name a folder"):
        SpanStore.open(tmp_path / "file" / "store")


FILLING = """
import asyncio, resource, sys
from pathlib import Path
from backends.embedded.refusal import StoreFull
from backends.embedded.span_store import SpanStore
from tests.backends.embedded.test_span_store import Described, everything, keep, span
store = SpanStore.open(Path(sys.argv[1]))
keep(store, [span(number) for number in range(100)])
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, resource.RLIM_INFINITY))
large = [span(number, reader=Described((("k", str(number) * 2_700),))) for number in range(100, 400)]
try:
    keep(store, large)
except StoreFull as full:
    print(full)
print(len(everything(store)))
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
keep(store, large)
print(len(everything(store)))
store.close()
"""


def test_a_full_disk_is_told_and_loses_nothing_and_room_is_used_when_it_is_back(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-c", FILLING, tmp_path], capture_output=True, text=True, timeout=120, check=False
    )

    assert ended.stdout.splitlines()[:1] == [str(StoreFull())], ended.stderr
    assert ended.stdout.splitlines()[1:] == ["100", "400"]


def test_long_texts_are_cut_and_the_sender_hears_of_how_many_spans(store):
    prompt = "p" * 262_144
    events = (EventRecord(1, "exception", (("exception.stacktrace", prompt),)),)

    kept = keep(store, [span(1, reader=Described((("prompt", prompt), ("user.id", "7")), events)), span(2)])

    cut = f"{'p' * 4_096}… (262,144 characters)"
    details = everything(store).details
    assert (kept.spans, kept.shortened) == (2, 1)
    assert dict(details.attributes(0)) == {"prompt": cut, "user.id": "7"}
    assert details.events(0)[0].attributes == (("exception.stacktrace", cut),)


def test_what_is_too_much_though_each_is_short_is_left_out_with_its_number(store):
    pairs = tuple((f"k{number}", "v" * 60) for number in range(1_000))
    events = tuple(EventRecord(number, "retry", ()) for number in range(9_000))
    links = tuple(LinkTo(f"{number:032x}", 1) for number in range(1, 5_000))

    kept = keep(store, [span(1, reader=Described(pairs, events), links=links)])

    details = everything(store).details
    *first, last = details.attributes(0).items()
    *first_events, last_event = details.events(0)
    assert kept.shortened == 1
    assert tuple(first) == pairs[: len(first)]
    assert last == ("otel.dropped_attributes_count", str(1_000 - len(first)))
    assert tuple(first_events) == events[: len(first_events)]
    assert last_event.name == f"… ({9_000 - len(first_events):,} more events)"
    assert details.batch.links[0] == links[:100]


def test_names_messages_and_resources_have_bounds_too(store):
    long = "ä" * 40_000

    keep(store, [replace_all(span(1, resource=(("cmd", long),)), long)])

    record = everything(store).details.record(0)
    assert all(len(text) < 1_100 for text in (record.service, record.operation, record.message))
    assert record.operation.endswith("… (40,000 characters)")
    assert len(record.resource[0][1]) < 4_200


def replace_all(record, text):
    return structs.replace(record, service=text, operation=text, message=text)


@given(st.lists(st.tuples(st.text(max_size=20_000), st.text(max_size=20_000)), max_size=3).map(tuple))
@settings(max_examples=20)
def test_whatever_is_kept_fits(pairs):
    spans = shortened(encode([span(1, reader=Described(pairs), resource=pairs)]))

    for text in (*spans.columns["attributes"], *spans.resources):
        assert len(text.encode()) <= LONGEST_DETAILS
    assert shortened(spans).columns["attributes"].tolist() == spans.columns["attributes"].tolist()


def test_a_store_with_long_texts_of_before_can_be_read_and_added_to(tmp_path, monkeypatch):
    monkeypatch.setattr(span_store, "shortened", lambda spans: spans)
    large = [
        span(number, reader=Described((("prompt", str(number) * 150_000),))) for number in range(100, 200)
    ]
    store = SpanStore.open(tmp_path, StoreLimits(memory_mib=256))
    keep(store, large)
    store.close()

    store = SpanStore.open(tmp_path, StoreLimits(memory_mib=64))
    keep(store, [span(1_000)])

    assert len(everything(store)) == 101
    limit = rows(store, "SELECT value FROM duckdb_settings() WHERE name = 'memory_limit'")
    assert limit == [("64.0 MiB",)]
    store.close()


def test_a_question_beyond_all_memory_names_the_setting(store):
    def ask_too_much(_):
        raise duckdb.OutOfMemoryException("Out of Memory Error: failed to allocate data of size 1 GiB")

    with pytest.raises(StoreUnusable, match=r"raise store\.memory_mib"):
        asyncio.run(store.ask(ask_too_much))


def test_a_database_that_ends_behind_a_commit_is_opened_again_and_nothing_is_doubled(store, monkeypatch):
    kept_before = Upsert.keep

    def keep_and_end(upsert, connection, batches):
        monkeypatch.setattr(Upsert, "keep", kept_before)
        upsert.keep(connection, batches)
        upsert.known = KnownSpans()
        connection.close()
        raise duckdb.FatalException("FATAL Error: Transaction COMMIT succeeded, but the checkpoint failed")

    monkeypatch.setattr(Upsert, "keep", keep_and_end)
    with pytest.raises(StoreUnusable):
        keep(store, [span(1)])

    keep(store, [span(1), span(2)])

    assert len(everything(store)) == 2
    assert rows(store, ROLLED_UP) == rows(store, RECOUNT)


def test_a_reader_that_meets_the_end_of_the_database_is_answered_by_the_new_one(store):
    keep(store, [span(1)])
    asked = []

    def count(cursor):
        asked.append(cursor)
        if len(asked) == 1:
            store._database.connection.close()
            raise duckdb.FatalException("FATAL Error: database has been invalidated")
        return cursor.execute("SELECT count(*) FROM spans").fetchall()

    assert asyncio.run(store.ask(count)) == [(1,)]
