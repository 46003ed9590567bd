"""What is kept is on the disk, comes back as it was, and is counted once."""

import asyncio
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzers.record import EventRecord, LinkTo
from backends.embedded.backend import EmbeddedBackend
from backends.embedded.encoding import StoredDetails, encode, links_from, pairs_from
from backends.embedded.known_spans import KnownSpans
from backends.embedded.refusal import StoreBusy
from backends.embedded.room import Room
from backends.embedded.span_store import SpanStore, StoreLimits
from backends.interface import SpanQuery
from backends.matching import matches
from tests.backends.embedded.stores import (
    ALL,
    MINUTE_NS,
    PAIRS,
    RECOUNT,
    ROLLED_UP,
    SHOP,
    TEXT,
    Described,
    everything,
    facts_of_records,
    keep,
    rows,
    span,
)
from tests.span_facts import facts_of
from tests.strategies import span_records
from tests.traces import drawn


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
