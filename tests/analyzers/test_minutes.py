"""One-minute histograms: counted from spans, merged, and read."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analyzers.builder import build_table
from analyzers.minutes import (
    MINUTE_NS,
    NO_DURATION_BUCKET,
    NO_MINUTES,
    OperationKey,
    bucket_middles_ns,
    buckets_of,
    histograms,
    merged,
    minutes_of,
)
from tests.strategies import span_records
from tests.traces import drawn

HOURS_NS = 7_200 * 1_000_000_000
TIMES = st.lists(st.integers(1, 2**62), min_size=1, max_size=50)


def durations(records):
    spans = build_table(records)
    return minutes_of(spans, spans.duration_ns)


def as_rows(minutes):
    """Every row as it would be written down."""
    columns = (minutes.minute, minutes.bucket, minutes.calls, minutes.errors, minutes.spans)
    keys = [minutes.operations[number] for number in minutes.operation.tolist()]
    return list(zip(keys, *(column.tolist() for column in columns), strict=True))


@given(span_records(latest_ns=HOURS_NS), span_records(latest_ns=HOURS_NS))
def test_merging_two_is_counting_both(some, others):
    assert as_rows(merged([durations(some), durations(others)])) == as_rows(durations(some + others))


@given(span_records(latest_ns=HOURS_NS))
def test_rows_are_in_order_and_every_span_is_counted_once(records):
    rows = as_rows(durations(records))
    places = [row[:3] for row in rows]

    assert places == sorted(set(places))
    assert sum(row[5] for row in rows) == len(records)


def test_counts_are_what_spans_stand_for():
    spans = build_table(
        drawn("""
            frontend GET /cart  0..100  server weight=4 error
              cart  load        10..60  client
        """)
    )

    minutes = minutes_of(spans, spans.duration_ns)

    assert minutes.operations == (OperationKey("cart", "load", 3), OperationKey("frontend", "GET /cart", 2))
    assert minutes.calls.tolist() == [1.0, 4.0]
    assert minutes.errors.tolist() == [0.0, 4.0]


@given(TIMES)
def test_a_quantile_is_good_to_one_per_cent(times):
    time_ns = np.array(times, dtype=np.int64)
    spans = build_table(drawn("\n  frontend GET /cart  0..1")).take(np.zeros(len(times), dtype=np.int64))

    ((_, histogram),) = histograms(minutes := minutes_of(spans, time_ns), minutes.operation)

    exact = np.quantile(time_ns, 0.95, method="inverted_cdf")
    assert np.isclose(histogram.quantile_ns(0.95), exact, rtol=0.0101, atol=0.5)


@given(TIMES)
def test_a_time_lies_within_one_per_cent_of_its_buckets_middle(times):
    time_ns = np.array(times, dtype=np.int64)

    assert np.allclose(bucket_middles_ns(buckets_of(time_ns)), time_ns, rtol=0.0101, atol=0.5)


def test_what_took_no_time_has_a_bucket_of_its_own():
    buckets = buckets_of(np.array([-5, 0, 1, MINUTE_NS]))

    assert buckets.tolist()[:3] == [NO_DURATION_BUCKET, NO_DURATION_BUCKET, 0]
    assert bucket_middles_ns(buckets).tolist()[:2] == [0, 0]


def test_nothing_merges_to_nothing():
    assert len(merged([])) == len(merged([NO_MINUTES, NO_MINUTES])) == 0
    assert list(histograms(NO_MINUTES, NO_MINUTES.operation)) == []


@given(span_records(latest_ns=HOURS_NS), st.integers(0, 120))
def test_operations_without_a_row_can_be_left_out(records, until_minute):
    counted = durations(records)
    some = counted.take(counted.minute < until_minute)

    found = some.without_unused()

    assert as_rows(found) == as_rows(some)
    assert found.operations == tuple(sorted({row[0] for row in as_rows(some)}))
