from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from analyzers.builder import build_table
from analyzers.operations import list_operations, list_services
from analyzers.repair import repair
from tests.analyzers.searching import HOUR_NS, MS, many, searched
from tests.strategies import span_records

BUY = """
    shop POST /buy   0..{0}   server
      pay charge     0..10    server error
"""


def bought(*durations):
    return [BUY.format(duration) for duration in durations]


def test_an_operation_is_told_in_calls_errors_and_quantiles():
    report = list_operations(many(*bought(*range(20, 120))), searched("shop"))

    (row,) = report.rows
    assert (row.service, row.operation, row.kind, row.calls) == ("shop", "POST /buy", "server", 100)
    assert (row.p50_ns, row.p95_ns, row.p99_ns) == (69 * MS, 114 * MS, 118 * MS)
    assert (row.error_ratio, row.status, row.usual_p95_ns) == (0.0, "normal", None)


def test_what_takes_most_time_altogether_comes_first():
    report = list_operations(many(*bought(100, 200)), searched())

    assert [(row.operation, row.error_ratio) for row in report.rows] == [("POST /buy", 0.0), ("charge", 1.0)]
    assert report.headline == (
        "2 operations ran in the last hour; the slowest is shop POST /buy, p95 200 ms; "
        "pay charge fails most, 100 % of its calls."
    )


def test_sampled_spans_weigh_what_they_stand_for():
    rare = BUY.format(1_000).replace("server\n", "server weight=9\n", 1)

    report = list_operations(many(rare, *bought(100)), searched("shop"))

    assert (report.rows[0].calls, report.rows[0].p50_ns) == (10, 1_000 * MS)


def test_spans_outside_the_period_do_not_count():
    report = list_operations(many(*bought(100)), searched(start_ns=5 * MS))

    assert report.rows == ()
    assert report.confidence == "none"


def test_a_service_is_what_others_ask_of_it():
    report = list_services(
        many("""
            shop POST /buy   0..100  server
              shop validate  10..20
              shop charge    20..90  client
                pay charge   30..80  server
        """),
        searched(),
    )

    assert [(row.service, row.operation, row.calls) for row in report.rows] == [
        ("shop", None, 1),
        ("pay", None, 1),
    ]


def test_operations_with_ids_in_their_names_are_one():
    users = [f"shop GET /users/{user}  0..{user}  server" for user in range(1, 8)]

    report = list_operations(many("shop GET /cart  0..50  server", *users), searched())

    assert [(row.operation, row.calls, row.p50_ns) for row in report.rows] == [
        ("GET /cart", 1, 50 * MS),
        ("GET /users/{id}", 7, 4 * MS),
    ]
    assert (
        "7 operations with ids in their names were put together by what they have in common" in report.notes
    )


def test_a_name_may_be_known_from_elsewhere():
    shown = {("shop", "GET /users/1"): "GET /users/{id}"}

    report = list_operations(
        many("shop GET /users/1  0..9  server", "pay GET /users/1  0..5  server"), searched(), shown
    )

    assert [(row.service, row.operation) for row in report.rows] == [
        ("shop", "GET /users/{id}"),
        ("pay", "GET /users/1"),
    ]


@given(span_records(max_spans=14, max_traces=4).filter(bool))
def test_figures_agree_with_the_definition(records):
    spans = repair(build_table(records)).spans

    # From before 1970 on: a clock put right may move a span there.
    report = list_operations(repair(build_table(records)), searched(start_ns=-HOUR_NS))

    assert {
        (row.service, row.operation, row.kind): (row.calls, row.p50_ns, row.p95_ns) for row in report.rows
    } == (_slow_figures(spans))


def _slow_figures(spans):
    durations = defaultdict(list)
    kinds = ("unspecified", "internal", "server", "client", "producer", "consumer")
    for row in range(len(spans)):
        key = (spans.service_name(row), spans.operation_name(row), kinds[spans.kind[row]])
        durations[key].append(int(spans.duration_ns[row]))
    return {key: (len(found), _nth(found, 50), _nth(found, 95)) for key, found in durations.items()}


def _nth(durations, per_cent):
    return sorted(durations)[-(-len(durations) * per_cent // 100) - 1]


@given(span_records(max_spans=12, max_traces=4).filter(bool), st.randoms())
def test_the_order_of_spans_changes_nothing(records, random):
    shuffled = random.sample(records, len(records))

    assert list_services(repair(build_table(shuffled)), searched()) == list_services(
        repair(build_table(records)), searched()
    )
