from analyzers.builder import build_table
from analyzers.found import Around, look_around, matching_traces, of_traces, report_found
from analyzers.repair import repair
from bot.questions.conditions import matches
from tests.analyzers.searching import MS, many, searched
from tests.traces import drawn, trace

ORDERED = """
    shop POST /buy   {0}..{1}   server user.id=42 order.id=7
      pay charge     {0}..{1}   client error @pay-1 exception="CardDeclined: no"
"""


def table(*pictures):
    return build_table(drawn("\n---\n".join(pictures), MS))


def found_by(spans, key, op, value):
    wanted = searched(where=[(key, op, value)]).where
    return matching_traces(spans, spans.start_ns >= 0, wanted, matches).tolist()


def test_what_was_found_is_listed_in_the_order_of_time():
    report = report_found(
        many(ORDERED.format(50, 90), ORDERED.format(10, 30)), searched(where=[("user.id", "=", "42")])
    )

    assert [one.duration_ns for one in report.traces] == [20 * MS, 40 * MS]
    assert report.headline == "2 requests with user.id = 42 in the last hour took 20-40 ms."
    assert [one.key for one in report.matched_on] == ["user.id"]


def test_a_condition_is_met_by_a_span_its_events_or_its_resource():
    spans = table(ORDERED.format(0, 10), "    shop GET /   0..10   server user.id=43")

    assert found_by(spans, "user.id", ">", "42") == [False, True]
    assert found_by(spans, "exception.type", "=", "CardDeclined") == [True, False]
    assert found_by(spans, "host.name", "=", "pay-1") == [True, False]
    assert found_by(spans, "service.name", "!=", "pay") == [True, True]


def test_a_table_of_some_traces_is_as_if_there_were_no_others():
    both = table(ORDERED.format(0, 10), ORDERED.format(20, 90))

    second = repair(of_traces(both, matching_traces(both, both.start_ns >= 20 * MS, (), matches)))

    assert second.health.traces == 1
    assert second.spans.trace_ids == (f"{2:032x}",)
    assert second.spans.duration_ns[second.spans.root_row].tolist() == [70 * MS]


def test_a_key_that_no_span_has_is_answered_with_those_that_there_are():
    around = look_around(trace(ORDERED.format(0, 10)))

    report = report_found(many(), searched(where=[("userid", "=", "42")]), around)

    assert report.headline == "No span in the last hour in drawn://here has the attribute userid."
    assert report.notes == (
        "user.id is there: did you mean that instead of userid?",
        "the keys that spans have most often: service.name, exception.message, exception.type, host.name, order.id, user.id",
    )
    assert report.confidence == "none"


def test_a_value_that_no_span_has_says_that_the_key_is_there():
    around = Around(("user.id",), 12)

    report = report_found(many(), searched(where=[("user.id", "=", "43")]), around)

    assert report.headline == "There are no requests with user.id = 43 in the last hour in drawn://here."
    assert report.notes == ("the key is there, the value is not, in 12 traces of the period",)


def test_of_too_many_traces_the_newest_are_listed():
    report = report_found(many(*[ORDERED.format(start, 90) for start in range(25)]), searched())

    assert len(report.traces) == 20
    assert report.traces[-1].duration_ns == 66 * MS
    assert "the newest 20 of 25 traces are listed" in report.notes


def test_a_truncated_answer_gives_no_total():
    report = report_found(many(ORDERED.format(0, 10)), searched(truncated=True))

    assert (
        report.headline
        == "More requests were found in the last hour than were read; the newest 1 took 10 ms."
    )
    assert report.confidence == "low"
