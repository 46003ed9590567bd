"""What is told as unusual in one trace: only what is far enough from usual, and matters to the trace."""

from analyzers.breakdown import break_down
from analyzers.builder import build_table
from analyzers.minutes import NO_MINUTES, OperationKey
from analyzers.repair import repair
from analyzers.report_base import Asked
from analyzers.same_hours import DAY_NS, Days
from analyzers.unusual import with_unusual
from tests.analyzers.test_usual import DAYS, START_NS, an_hour
from tests.traces import drawn

MS = 1_000_000
CHARGE, LOAD = OperationKey("payment", "charge", 2), OperationKey("cart", "load", 2)


def told(picture):
    """What a trace is told to have, where both operations usually take 200 ms and hardly ever more than 390 ms."""
    spans = build_table(drawn(picture, MS))
    past = tuple(an_hour(START_NS - day * DAY_NS, {CHARGE: 300, LOAD: 300}) for day in range(1, DAYS + 1))
    now = an_hour(START_NS, {CHARGE: 1, LOAD: 1})
    days = Days(now if len(spans) else NO_MINUTES, past, (True,) * DAYS, 1.0)
    report = break_down(repair(spans), spans.trace_ids[0], Asked(question="", asked_at=""))
    return [one.service for one in with_unusual(report, spans, days).unusual]


def test_half_as_much_again_as_p95_is_unusual_and_less_is_not():
    assert told("payment charge  0..700  server") == ["payment"]
    assert told("payment charge  0..500  server") == []


def test_what_hardly_matters_to_the_trace_is_left_out():
    assert told("front GET /  0..60000  server\n  payment charge  10..900  server") == []


def test_the_furthest_from_usual_comes_first():
    both = "front GET /  0..5000  server\n  cart load  10..1010  server\n  payment charge  1100..4000  server"

    assert told(both) == ["payment", "cart"]
