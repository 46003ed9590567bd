from __future__ import annotations

import duckdb
import pytest

from backends.formats.decoded import NotThisFormat
from backends.formats.parquet import decode_parquet

HUGE = 2**126
ROWS = f"""
    COPY (
      SELECT printf('%032x', 1) AS trace_id, printf('%016x', n) AS span_id, 'pay' AS service, 'op' AS operation,
             start::HUGEINT AS start_us, duration::HUGEINT AS duration_us
      FROM (VALUES (1, 5, NULL), (2, NULL, 5), (3, {HUGE} // 10000, 5), (4, 7, {HUGE} // 10000),
                   (5, 7, -{HUGE} // 10000), (6, 7, -3)) spans(n, start, duration)
    ) TO '{{path}}' (FORMAT parquet)
"""


def test_times_that_64_bits_do_not_hold_are_counted_and_the_others_kept(tmp_path):
    path = tmp_path / "spans.parquet"
    duckdb.sql(ROWS.format(path=path))

    decoded = decode_parquet(path.read_bytes())

    assert [(one.span_id, one.start_ns, one.duration_ns) for one in decoded.records] == [
        (1, 5_000, 0),
        (6, 7_000, -3_000),
    ]
    assert decoded.unreadable == 4


def test_a_column_with_other_values_than_spans_have_is_told_in_words(tmp_path):
    path = tmp_path / "spans.parquet"
    row = "'1' AS trace_id, '2' AS span_id, 'pay' AS service, 'op' AS operation, 'noon' AS start_us, 5 AS duration_us"
    duckdb.sql(f"COPY (SELECT {row}) TO '{path}' (FORMAT parquet)")

    with pytest.raises(NotThisFormat, match="a column holds other values than a table of spans does"):
        decode_parquet(path.read_bytes())
