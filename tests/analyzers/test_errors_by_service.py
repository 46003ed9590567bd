from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from analyzers.asynchrony import asynchronous_edges, waited_for
from analyzers.builder import build_table
from analyzers.errors import find_errors
from analyzers.errors_by_service import find_errors_by_service
from analyzers.repair import repair
from tests.analyzers.searching import MS, many, searched
from tests.strategies import span_records
from tests.traces import drawn

DECLINED = """
    front POST /buy    {0}..400  server error
      shop checkout    {0}..390  server error
        pay charge     {0}..380  server error exception="CardDeclined: card {0} declined"
"""
HANDLED = """
    front GET /stock   0..100  server ok
      stock load       10..20  server error exception="CacheMiss: no 'sku'"
"""
FINE = """
    front GET /        0..10   server
"""


def declined(*numbers):
    return [DECLINED.format(number) for number in numbers]


def by_name(report):
    return {one.service: (one.traces, one.origin, one.propagated, one.handled) for one in report.services}


def test_origins_are_told_apart_from_what_was_passed_on_and_what_was_handled():
    report = find_errors_by_service(many(*declined(11, 12), HANDLED, FINE), searched())

    assert by_name(report) == {
        "pay": (2, 2, 0, 0),
        "shop": (2, 0, 2, 0),
        "front": (3, 0, 2, 1),
        "stock": (1, 1, 0, 0),
    }
    assert [one.service for one in report.services] == ["pay", "stock", "front", "shop"]


def test_like_failures_are_one_group_with_first_last_and_newest_exemplars():
    report = find_errors_by_service(many(*declined(11, 12, 13, 14)), searched())

    (group,) = report.services[0].groups
    assert (group.type, group.template, group.count) == ("CardDeclined", "card <*> declined", 4)
    assert group.first == "1970-01-01T00:00:00.011000000Z"
    assert group.last == "1970-01-01T00:00:00.014000000Z"
    assert group.exemplars == (f"{4:032x}", f"{3:032x}", f"{2:032x}")


def test_a_trace_counts_once_for_each_role_however_often_it_failed():
    repeated = """
        front POST /buy   0..400  server error
          pay charge      10..20  client error exception="Timeout: no answer"
          pay charge      30..40  client error exception="Timeout: no answer"
    """

    report = find_errors_by_service(many(repeated), searched())

    assert by_name(report)["pay"] == (1, 1, 0, 0)
    assert report.services[0].groups[0].count == 1


def test_a_victim_of_cancellation_is_no_origin():
    report = find_errors_by_service(
        many("""
            front POST /buy   0..400    server error exception="TimeoutError: timed out after 400 ms"
              pay charge      10..400   server error exception="CancelledError: cancelled"
        """),
        searched(),
    )

    assert by_name(report) == {"front": (1, 1, 0, 0), "pay": (1, 0, 1, 0)}


def test_counts_are_adjusted_for_sampling():
    sampled = DECLINED.format(11).replace("server error\n", "server error weight=10\n", 1)

    report = find_errors_by_service(many(sampled, *declined(12)), searched())

    assert by_name(report)["pay"] == (11, 11, 0, 0)
    assert report.services[0].groups[0].count == 11
    assert "count once" in report.notes[0]


def test_headlines_say_how_many_failed_and_where_it_began():
    failed = find_errors_by_service(many(*declined(11, 12)), searched("pay"))
    mixed = find_errors_by_service(many(*declined(11, 12), HANDLED), searched())
    coped = find_errors_by_service(many(HANDLED), searched())
    partial = find_errors_by_service(many(*declined(11, 12)), searched(truncated=True))

    assert failed.headline == "2 pay requests failed in the last hour; pay is where all of them began."
    assert mixed.headline == (
        "3 requests had errors in the last hour, 2 of them failed; pay is where 2 of them began."
    )
    assert coped.headline == (
        "1 request had errors in the last hour, none of them failed for it; it began in stock."
    )
    assert partial.headline == (
        "More requests had errors in the last hour than were read; of the newest 2, pay is where all of them began."
    )


def test_no_failure_is_a_good_answer():
    fine = find_errors_by_service(many(FINE), searched())
    nothing = find_errors_by_service(many(), searched("pay"))

    assert fine.headline == "Nothing failed in the last hour: 1 request, none with an error."
    assert (fine.confidence, fine.services) == ("high", ())
    assert nothing.headline == "There are no pay requests in the last hour in drawn://here."
    assert (nothing.confidence, nothing.services) == ("none", ())


@given(span_records(max_spans=14, max_traces=4).filter(bool))
def test_counts_agree_with_the_definition(records):
    repaired = repair(build_table(records))

    report = find_errors_by_service(repaired, searched())

    assert {
        (service, role): count
        for service, (_, *counts) in by_name(report).items()
        for role, count in zip(("origin", "propagated", "handled"), counts, strict=True)
        if count
    } == _slow_counts(repaired.spans)


def _slow_counts(spans):
    """Trace after trace, by what `find_errors` says of each."""
    traces = defaultdict(set)
    waited = waited_for(spans, asynchronous_edges(spans))
    for trace in range(len(spans.trace_ids)):
        for error in find_errors(spans, trace, waited):
            traces[error.service, error.role].add(trace)
    return {key: len(found) for key, found in traces.items()}


@given(span_records(max_spans=14, max_traces=4).filter(bool), st.randoms())
def test_the_order_of_spans_changes_nothing(records, random):
    shuffled = random.sample(records, len(records))

    assert find_errors_by_service(repair(build_table(shuffled)), searched()) == find_errors_by_service(
        repair(build_table(records)), searched()
    )


def test_a_sample_of_one_in_four_with_weights_gives_the_same_counts():
    sample = drawn("---".join([*declined(11, 12), HANDLED]), MS)
    for record in sample:
        record.adjusted_count = 4.0

    kept = find_errors_by_service(repair(build_table(sample)), searched())
    every = find_errors_by_service(many(*declined(*[11] * 4, *[12] * 4), *[HANDLED] * 4), searched())

    assert by_name(kept) == by_name(every)
