from analyzers.patterns import find_patterns
from tests.traces import trace


def test_a_query_that_holds_much_of_the_trace_is_told_with_its_statement():
    (pattern,) = find_patterns(
        trace(
            """
        shop GET /page  0..1000   server
          shop query    50..900  client db.statement="SELECT a FROM orders WHERE note = 'secret'"
    """,
            1_000_000,
        )
    )

    assert (pattern.pattern, pattern.count, pattern.saved_ns) == ("slow_query", 1, 850_000_000)
    assert pattern.detail == (
        "one query took 850 ms, 85 % of the trace (SELECT a FROM orders WHERE note = ?): a better plan or index would save up "
        "to 850 ms"
    )


def test_a_short_query_is_not_told():
    patterns = find_patterns(
        trace("""
        shop GET /page  0..1000   server
          shop query    100..200  client db.statement="SELECT a FROM orders"
          users GetUser  200..900  server
            users one    200..310  internal
    """)
    )

    assert "slow_query" not in [one.pattern for one in patterns]


def test_a_long_query_beside_something_longer_is_not_told():
    patterns = find_patterns(
        trace("""
        shop GET /page  0..1000   server
          shop query    0..900    client db.statement="SELECT a FROM orders"
          shop other    0..1000   internal
    """)
    )

    assert "slow_query" not in [one.pattern for one in patterns]
