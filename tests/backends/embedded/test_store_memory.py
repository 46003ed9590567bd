"""Texts that are too long, and questions beyond the memory of the database."""

import asyncio

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from analyzers.record import EventRecord, LinkTo
from backends.embedded import span_store
from backends.embedded.encoding import encode
from backends.embedded.known_spans import KnownSpans
from backends.embedded.shortening import LONGEST_DETAILS, shortened
from backends.embedded.span_store import SpanStore, StoreLimits
from backends.embedded.unusable import StoreUnusable
from backends.embedded.upsert import Upsert
from backends.errors import BackendError
from tests.backends.embedded.stores import RECOUNT, ROLLED_UP, Described, everything, keep, rows, span


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


def test_an_event_with_too_many_attributes_keeps_its_name_and_its_first_ones(store):
    pairs = (("exception.type", "OSError"), *((f"key {number}", "v" * 90) for number in range(200)))

    kept = keep(store, [span(1, reader=Described((), (EventRecord(5, "exception", pairs),)))])

    (event,) = everything(store).details.events(0)
    *first, last = event.attributes
    assert kept.shortened == 1
    assert (event.time_ns, event.name, event.attributes[0]) == (5, "exception", pairs[0])
    assert len(first) > 50
    assert last == ("otel.dropped_attributes_count", str(201 - len(first)))


def test_a_sender_hears_of_a_resource_that_was_cut(store):
    java = (("process.command_line", "java " * 4_000),)

    assert keep(store, [span(1, resource=java), span(2, resource=java), span(3)]).shortened == 2


def test_a_text_that_would_not_be_shorter_is_not_cut(store):
    text = "x" * 4_100

    keep(store, [span(1, reader=Described((("a", text), ("b", "y" * 4_500))))])

    assert everything(store).details.attributes(0)["a"] in (text, f"{'x' * 1_024}… (4,100 characters)")


@given(st.integers(1, 3_000), st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=30)
def test_many_pairs_of_one_key_fit_as_well(count, key, value):
    spans = shortened(encode([span(1, reader=Described(((key, value),) * count))]))

    assert len(spans.columns["attributes"][0].encode()) <= LONGEST_DETAILS


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


def test_a_database_that_cannot_be_opened_again_at_once_is_opened_later(store, monkeypatch):
    keep(store, [span(1)])
    opened, failing = store._database._opened, [True]

    def open_unless_it_fails():
        if failing and failing.pop():
            raise duckdb.IOException("IO Error: disk full")
        return opened()

    monkeypatch.setattr(store._database, "_opened", open_unless_it_fails)
    store._database.connection.close()

    for question in (lambda: keep(store, [span(2)]), lambda: keep(store, [span(3)])):
        with pytest.raises(BackendError):
            question()
    keep(store, [span(4), span(1)])

    assert not failing
    assert len(everything(store)) == 2
    assert rows(store, ROLLED_UP) == rows(store, RECOUNT)


def test_what_comes_to_a_closed_store_is_refused_and_not_kept_waiting(store):
    store.close()

    with pytest.raises(StoreUnusable, match="closed"):
        store._writer.run(lambda: None).result(5)


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
