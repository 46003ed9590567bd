"""Where services are entered."""

from hypothesis import given

from analyzers.entries import entries
from analyzers.table import NO_PARENT, Kind
from tests.analyzers.searching import many
from tests.strategies import span_tables

BUY = """
    shop POST /buy   0..100  server
      shop validate  10..20  internal
      shop POST      20..90  client
        pay charge   30..80  internal
          pay audit  40..70  consumer
"""


def entered(picture):
    spans = many(picture).spans
    return [spans.operation_name(row) for row in range(len(spans)) if entries(spans)[row]]


def test_a_service_is_entered_where_others_ask_something_of_it():
    assert entered(BUY) == ["POST /buy", "charge", "audit"]


def test_a_call_on_its_way_out_enters_nothing_whoever_its_parent_is():
    assert entered("shop POST /buy  0..100  server\n  proxy POST  10..90  client") == ["POST /buy"]


def test_a_call_of_which_nothing_is_known_but_itself_is_an_entry():
    assert entered("cron POST  0..100  client") == ["POST"]


@given(span_tables())
def test_agrees_with_the_definition(spans):
    assert entries(spans).tolist() == [slow_entry(spans, row) for row in range(len(spans))]


def slow_entry(spans, row):
    parent = spans.parent_row[row]
    if parent == NO_PARENT or spans.kind[row] in {Kind.SERVER, Kind.CONSUMER}:
        return True
    from_elsewhere = spans.service[parent] != spans.service[row]
    return bool(from_elsewhere and spans.kind[row] not in {Kind.CLIENT, Kind.PRODUCER})
