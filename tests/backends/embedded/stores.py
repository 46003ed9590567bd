"""Stores and spans for their tests."""

import asyncio

from hypothesis import strategies as st

from analyzers.builder import build_table
from analyzers.minutes import minutes_of
from analyzers.record import SpanRecord
from analyzers.self_time import repaired_self_times
from backends.embedded.api.wire import COLUMNS
from backends.embedded.backend import EmbeddedBackend
from backends.interface import MinutesQuery, SpanQuery
from tests.span_facts import facts_of

MINUTE_NS = 60_000_000_000
ALL = SpanQuery(0, 2**63 - 1, limit=10_000)
SHOP = """
    frontend GET /cart  0..100  server user.id=7
      cart  load        10..60  client @pod-1 message="all good" error exception="KeyError: a"
      auth  check       40..90  weight=4 follows=1
"""
TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
PAIRS = st.lists(st.tuples(TEXT, TEXT), max_size=4).map(tuple)


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


class Described:
    def __init__(self, pairs, events=()):
        self.pairs, self.given_events = pairs, events

    def attributes(self, source):
        return self.pairs

    def events(self, source):
        return self.given_events
