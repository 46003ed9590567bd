from analyzers import around as around_module
from analyzers.around import Around, look_around
from analyzers.builder import build_table
from analyzers.carried import matching_traces
from analyzers.found import of_traces, report_found
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


def test_a_condition_is_met_by_an_event_of_that_name():
    spans = table(ORDERED.format(0, 10), "    shop GET /   0..10   server event=exception")

    assert found_by(spans, "event", "=", "exception") == [True, True]
    assert found_by(spans, "event.name", "=", "exception") == [True, False]
    assert found_by(spans, "event", "=", "retry") == [False, False]


def test_a_key_that_no_span_has_is_answered_with_those_that_there_are():
    around = look_around(trace(ORDERED.format(0, 10)), ["userid"])

    report = report_found(many(), searched(where=[("userid", "=", "42")]), around)

    assert report.headline == "No span in the last hour in drawn://here has the attribute userid."
    assert report.notes == (
        "user.id is there: did you mean that instead of userid?",
        "the keys that spans have, your own first: order.id, user.id, service.name, exception.message, exception.type, host.name",
    )
    assert report.confidence == "none"


def test_a_value_that_no_span_has_says_that_the_key_is_there():
    around = look_around(table(ORDERED.format(0, 10), "    shop GET /   0..10"), ["user.id"])

    report = report_found(many(), searched(where=[("user.id", "=", "43")]), around)

    assert report.headline == "There are no requests with user.id = 43 in the last hour in drawn://here."
    assert report.notes == ("user.id is there in 1 of 2 traces read, user.id = 43 in none",)


def test_a_key_of_every_second_span_among_many_is_not_said_to_be_missing():
    two_spans = "    shop GET /   0..10\n      pay charge   0..10  user.id=42"
    around = look_around(table(*[two_spans] * 20_000), ["user.id"])

    report = report_found(many(), searched(where=[("user.id", "=", "43")]), around)

    assert report.headline == "There are no requests with user.id = 43 in the last hour in drawn://here."
    assert report.notes == ("user.id is there in 20,000 of 20,000 traces read, user.id = 43 in none",)


def test_where_some_spans_were_not_looked_at_nothing_is_said_to_be_nowhere(monkeypatch):
    monkeypatch.setattr(around_module, "MOST_LOOKED_AT", 3)
    two_spans = "    shop GET /   0..10\n      pay charge   0..10  user.id=42"
    around = look_around(table(*[two_spans] * 3), ["user.id", "order.id"])

    report = report_found(many(), searched(where=[("order.id", "=", "43")]), around)

    assert report.headline == "There are no requests with order.id = 43 in the last hour in drawn://here."
    assert report.notes[0].startswith(
        "none of the traces that were read, of which not every span was looked at, has order.id; the keys"
    )


def test_of_several_conditions_it_is_said_where_each_key_is():
    wanted = [("user.id", "=", "42"), ("order.id", "=", "8")]
    around = look_around(
        table(ORDERED.format(0, 10), "    shop GET /   0..10  user.id=42"), ["user.id", "order.id"]
    )

    report = report_found(many(), searched(where=wanted), around)

    assert report.notes == (
        "no span has all of that: user.id is there in 2, order.id is there in 1 of 2 traces read",
    )


def test_conditions_that_are_no_attributes_are_said_to_be_met_by_no_span():
    around = Around(("duration",), 5)

    report = report_found(many(), searched(where=[("duration", ">", "5s")]), around)

    assert report.notes == ("no span of 5 traces read has all of that",)


def test_an_event_that_there_is_not_is_answered_with_one_of_a_like_name():
    around = look_around(trace(ORDERED.format(0, 10)), ["event"])

    report = report_found(many(), searched(where=[("event", "=", "excepton")]), around)

    assert report.headline == "There are no requests with event = excepton in the last hour in drawn://here."
    assert report.notes == (
        "exception is there: did you mean that instead of an event excepton?",
        "event is there in 1 of 1 trace read, event = excepton in none",
    )


def test_where_no_span_has_an_event_that_is_said():
    around = look_around(trace("    shop GET /   0..10"), ["event.name"])

    report = report_found(many(), searched(where=[("event.name", "=", "order.priced")]), around)

    assert report.headline == "No span in the last hour in drawn://here has an event."


def test_of_the_newest_traces_alone_no_more_is_claimed_than_of_those():
    around = Around(("user.id",), 1_000, truncated=True)

    report = report_found(many(), searched(where=[("userid", "=", "42")]), around)

    assert report.headline == "There are no requests with userid = 42 in the last hour in drawn://here."
    assert report.notes[1] == (
        "none of the newest 1,000 traces has userid; the keys that spans have, your own first: user.id"
    )


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
