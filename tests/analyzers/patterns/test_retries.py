from analyzers.patterns import find_patterns
from tests.traces import trace

STOCK = 'client url.full="http://stock/items/'


def found(picture):
    return [(one.pattern, one.count, one.saved_ns) for one in find_patterns(trace(picture))]


def test_attempts_that_failed_are_told_with_what_the_last_one_leaves():
    (pattern,) = find_patterns(
        trace(
            f"""
        shop GET /cart  0..1000   server
          shop GET      0..300    {STOCK}1" error exception="ReadTimeout: no answer"
          shop GET      300..600  {STOCK}1" error exception="ReadTimeout: no answer"
          shop GET      600..900  {STOCK}1"
    """,
            1_000_000,
        )
    )

    assert (pattern.pattern, pattern.count, pattern.saved_ns) == ("retries", 3, 600_000_000)
    assert pattern.detail == (
        "stock GET /items/{id} was tried 3 times, 2 of them in vain (ReadTimeout): succeeding at the first would save about "
        "600 ms, and the waits between"
    )


def test_attempts_of_which_only_the_last_arrived_are_attempts_of_one_call():
    (pattern, *_) = find_patterns(
        trace("""
        shop GET /price      0..3100     server
          shop GET           10..1010    client server.address=pricing error message="timed out"
          shop GET           1040..2040  client server.address=pricing error message="timed out"
          shop GET           2070..3070  client server.address=pricing
            pricing GET /p     2080..3060  server
    """)
    )

    assert (pattern.pattern, pattern.count, pattern.saved_ns) == ("retries", 3, 2000)
    assert pattern.detail.startswith("pricing GET /p was tried 3 times, 2 of them in vain")


def test_calls_that_arrived_at_different_services_are_no_retries():
    patterns = found("""
        shop GET /price      0..2000     server
          shop GET           10..1000    client error
            pricing GET /p     20..990     server error
          shop GET           1010..2000  client
            tax GET /t         1020..1990  server
    """)

    assert "retries" not in [pattern for pattern, _, _ in patterns]


def test_attempts_that_all_failed_are_told():
    (pattern,) = find_patterns(
        trace(f"""
        shop GET /cart  0..1000   server error
          shop GET      0..500    {STOCK}1" http.response.status_code=503
          shop GET      500..1000  {STOCK}1" http.response.status_code=503
    """)
    )

    assert (pattern.pattern, pattern.count, pattern.saved_ns) == ("retries", 2, 500)
    assert "every time in vain (HTTP 503)" in pattern.detail


def test_one_failure_among_calls_of_other_things_is_no_retry():
    patterns = found(f"""
        shop GET /cart  0..1000   server
          shop GET      0..190    {STOCK}1" error
          shop GET      200..400  {STOCK}2"
          shop GET      400..600  {STOCK}3"
          shop GET      600..800  {STOCK}4"
          shop GET      800..1000  {STOCK}5"
    """)

    assert [pattern for pattern, _, _ in patterns] == ["n_plus_one_calls"]


def test_attempts_side_by_side_are_no_retries():
    patterns = found(f"""
        shop GET /cart  0..1000  server
          shop GET      0..900   {STOCK}1" error
          shop GET      10..1000  {STOCK}1"
    """)

    assert "retries" not in [pattern for pattern, _, _ in patterns]


def test_calls_that_succeeded_are_no_retries():
    patterns = found(f"""
        shop GET /cart  0..1000   server
          shop GET      0..500    {STOCK}1"
          shop GET      500..1000  {STOCK}1"
    """)

    assert "retries" not in [pattern for pattern, _, _ in patterns]
