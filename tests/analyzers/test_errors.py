import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.builder import build_table
from analyzers.errors import find_errors
from analyzers.repair import repair
from tests.traces import drawn, trace


def roles(picture):
    return [(error.operation, error.role) for error in find_errors(trace(picture))]


def only(words):
    (error,) = find_errors(
        trace(f"""
        shop buy  0..10  error {words}
    """)
    )
    return error.type, error.message


def test_a_failure_begins_where_no_child_failed_and_is_passed_on_and_handled():
    found = roles("""
        web   GET /cart   0..100
          shop  cart      10..90   error
            db    load    20..80   error
    """)

    assert found == [("load", "origin"), ("cart", "propagated"), ("GET /cart", "handled")]


def test_a_trace_without_failures_has_no_errors():
    assert roles("web GET /  0..10  ok") == []


def test_a_failure_that_nobody_waited_for_is_nobody_elses():
    found = roles("""
        web   GET /     0..100   error
          web   send    10..20   producer
            mail  send    200..300  consumer error
    """)

    assert found == [("GET /", "origin"), ("send", "origin")]


def test_a_child_cancelled_under_a_timed_out_parent_is_a_victim():
    found = roles("""
        web   GET /       0..100   error exception="TimeoutError: no answer in 100 ms"
          shop  buy       10..100  error exception="CancelledError: "
            db    load    20..100  error message="context canceled"
    """)

    assert found == [("GET /", "origin"), ("buy", "propagated"), ("load", "propagated")]


def test_a_child_cancelled_because_its_sibling_failed_is_a_victim():
    found = roles("""
        web   GET /       0..100   error
          shop  price     10..50   error exception="KeyError: 'currency'"
          shop  stock     10..50   error message="rpc error: canceled"
    """)

    assert found == [("price", "origin"), ("GET /", "propagated"), ("stock", "propagated")]


def test_a_child_that_timed_out_first_is_the_origin():
    found = roles("""
        web   GET /       0..100   error http.response.status_code=504
          shop  buy       10..90   error message="deadline exceeded"
    """)

    assert found == [("buy", "origin"), ("GET /", "propagated")]


def test_an_internal_span_without_a_status_between_failures_handled_nothing():
    found = roles("""
        shop  buy        0..100   server error
          shop  charge   10..90   internal
            shop  POST   20..80   client error
    """)

    assert found == [("POST", "origin"), ("buy", "propagated")]


@pytest.mark.parametrize(
    ("words", "kind", "message"),
    [
        ('exception="CardDeclined: no" error.type=x message=y', "CardDeclined", "no"),
        ('error.type=CardDeclined message="card declined"', "CardDeclined", "card declined"),
        ("http.response.status_code=503", "HTTP 503", None),
        ("error.type=503 http.status_code=503", "HTTP 503", None),
        ("rpc.grpc.status_code=14", "gRPC 14", None),
        ('exception="First: a" exception="Last: b"', "Last", "b"),
        ('otel.status_description="refused"', None, "refused"),
        ("", None, None),
    ],
)
def test_what_a_failure_says_is_taken_from_where_it_is_said_best(words, kind, message):
    assert only(words) == (kind, message)


def test_a_long_message_is_cut():
    _, message = only(f"message={'a' * 2_000}")

    assert len(message) == 500


@pytest.mark.timeout(30)
def test_a_hundred_thousand_failures_are_told_by_the_first_origins():
    lines = ["web GET /  0..100000  error"] + [f"  shop buy  {at}..{at + 1}  error" for at in range(100_000)]

    errors = find_errors(trace("\n".join(lines)))

    assert {error.role for error in errors} == {"origin"}
    assert len(errors) == 200


FAILING = """
    web   GET /       0..100   error exception="TimeoutError: late"
      shop  buy       10..100  error exception="CancelledError: "
      shop  price     10..60
        db    load    20..50   error http.status_code=500
        db    load    20..50   error http.status_code=500
      shop  stock     10..60   internal
        db    count   20..50   error
"""


@given(st.permutations(drawn(FAILING)))
def test_the_order_of_arrival_changes_nothing(records):
    assert find_errors(repair(build_table(records)).spans) == find_errors(trace(FAILING))


def test_a_victim_is_told_from_what_passed_a_failure_on():
    spans = trace("""
        web   GET /       0..100   error
          shop  price     10..50   error exception="KeyError: 'currency'"
          shop  stock     10..50   error message="rpc error: canceled"
    """)

    assert [(error.operation, error.victim) for error in find_errors(spans)] == [
        ("price", False),
        ("GET /", False),
        ("stock", True),
    ]


def test_the_failure_that_reached_the_root_comes_before_an_earlier_one_that_was_handled():
    found = roles("""
        shop   POST /checkout  0..100   error
          stock  GET /stock      10..30
            cache  GET             12..20   error
          pay    POST /charge    40..90   error
            bank   book            50..80   error
    """)

    assert found == [
        ("book", "origin"),
        ("GET", "origin"),
        ("POST /checkout", "propagated"),
        ("POST /charge", "propagated"),
        ("GET /stock", "handled"),
    ]


def test_a_root_that_failed_over_a_handled_failure_is_where_its_own_failure_began():
    found = roles("""
        shop   POST /checkout  0..100   error
          stock  GET /stock      10..30
            cache  GET             12..20   error
    """)

    assert found == [("POST /checkout", "origin"), ("GET", "origin"), ("GET /stock", "handled")]


def test_the_failure_that_reached_the_root_is_told_though_hundreds_before_it_were_handled():
    handled = [f"    cache GET  {at}..{at + 1}  error" for at in range(300)]
    lines = ["web GET /  0..900  error", "  stock all  0..400", *handled, "  pay charge  500..600  error"]

    assert find_errors(trace("\n".join(lines)))[0].operation == "charge"
