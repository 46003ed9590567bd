import pytest

from analyzers.patterns import find_patterns
from tests.traces import trace


def found(picture):
    return [one.pattern for one in find_patterns(trace(picture))]


def test_reads_of_different_targets_in_a_row_are_told_with_an_if():
    pattern, *_ = find_patterns(
        trace(
            """
        shop GET /page       0..1000   server
          shop GET           0..400    client peer.service=users url.path=/users/7
            users GET        0..400    server
          shop GET           400..700  client peer.service=stock url.path=/stock/9
            stock GET        400..700  server
          shop Get           700..1000  client rpc.service=shop.Prices rpc.method=GetPrices peer.service=prices
            prices GetPrices  700..1000  server
    """,
            1_000_000,
        )
    )

    assert (pattern.pattern, pattern.service, pattern.count) == ("sequential_calls", "shop", 3)
    assert pattern.saved_ns == 600_000_000
    assert pattern.detail.endswith(
        "side by side they would save about 600 ms, if none needs another's answer"
    )


@pytest.mark.parametrize(
    "second",
    [
        "stock GetStock  400..1000  server error",
        "stock PutStock  400..1000  server",
        "users GetUser   400..1000  server",
        "stock GetStock  200..1000  server",
    ],
    ids=["failed", "may write", "same target", "overlaps"],
)
def test_calls_that_may_depend_on_order_or_overlap_are_not_told(second):
    patterns = found(f"""
        shop GET /page    0..1000  server
          users GetUser   0..400   server
          {second}
    """)

    assert "sequential_calls" not in patterns


def test_queries_of_one_database_are_not_told():
    patterns = found("""
        shop GET /page   0..1000  server
          shop query     0..500   client db.system=mysql db.statement="SELECT a FROM t"
          shop query     500..1000  client db.system=mysql db.statement="SELECT b FROM u"
    """)

    assert "sequential_calls" not in patterns


def test_reads_under_different_spans_are_not_told():
    patterns = found("""
        shop GET /page      0..1000  server
          shop one          0..500   internal
            users GetUser   0..500   server
          shop two          500..1000  internal
            stock GetStock  500..1000  server
    """)

    assert "sequential_calls" not in patterns
