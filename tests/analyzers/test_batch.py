"""Spans as columns are the same spans."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import astuple
from numpy.testing import assert_equal

from analyzers.batch import batch_of, one_batch
from analyzers.builder import build_table
from tests.span_facts import facts_of
from tests.strategies import span_records
from tests.traces import drawn

SPANS = drawn("""
    shop GET /cart  10..100  @web-1 user.id=u1
      cart  load    20..60   error
    ---
    shop GET /pay   50..55   user.id=u2
""")


@given(records=span_records())
def test_a_batch_is_the_sequence_of_its_records(records):
    batch = batch_of(records)

    assert_equal(list(map(astuple, batch)), list(map(astuple, records)))


@given(records=span_records(), at=st.integers(0, 10))
def test_batches_are_joined_in_order(records, at):
    joined = one_batch([batch_of(records[:at]), batch_of(records[at:])])

    assert_equal(list(map(astuple, joined)), list(map(astuple, records)))
    assert facts_of(build_table(joined)) == facts_of(build_table(records))


def test_no_batches_are_an_empty_one():
    assert len(build_table(one_batch([]))) == 0


def test_taken_spans_keep_what_belongs_to_them():
    batch = batch_of(SPANS)

    taken = batch.take(np.array([2, 0]))

    assert list(taken.operation) == ["GET /pay", "GET /cart"]
    assert [dict(span.reader.attributes(span.source)) for span in taken] == [
        {"user.id": "u2"},
        {"user.id": "u1"},
    ]


def test_a_table_names_only_what_its_spans_use():
    batch = batch_of(SPANS)

    table = build_table(batch[2:])

    assert (table.services, table.operations, len(table.trace_ids)) == (("shop",), ("GET /pay",), 1)


def test_a_batch_answers_for_one_span():
    assert batch_of(SPANS)[-1].operation == "GET /pay"
