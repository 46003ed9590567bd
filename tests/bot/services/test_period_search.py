"""Which of the traces that were read are of the period."""

from hypothesis import given

from analyzers.builder import build_table
from backends.interface import SpanQuery
from backends.matching import newest_match_ns
from bot.services.period_search import matching
from tests.strategies import span_records


@given(span_records(max_traces=4).filter(bool))
def test_the_same_traces_match_as_a_store_would_give(records):
    query = SpanQuery(start_ns=10, end_ns=40, service="cart", operation="load")

    found = matching(build_table(records), query)

    assert set(found.trace_ids) == set(newest_match_ns(records, query))
    assert len(found) == sum(record.trace_id in found.trace_ids for record in records)


def test_where_every_trace_matches_nothing_is_copied():
    spans = build_table([])

    assert matching(spans, SpanQuery(0, 1)) is spans
