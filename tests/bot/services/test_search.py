"""Questions about a period, asked of a store that counts what matches."""

import asyncio
from dataclasses import replace

import pytest

from analyzers.record import EventRecord
from analyzers.report_base import Condition
from backends.interface import SpanQuery
from bot.questions import plan
from bot.services.ask import ask
from bot.services.period_traces import read_traces
from tests.bot.services.kept_spans import EVENLY, KeptSpans, request
from tests.bot.services.test_comparison import MINUTE_NS, MS, NOW, NOW_NS
from tests.bot.services.test_elsewhere import Stores
from tests.traces import Drawn, drawn

RANKING = replace(EVENLY, search_slowest=True, search_events=True)


def numbered(count, **facts):
    """Requests of the last minutes that say their number, the first the slowest."""
    return [
        with_details(request(n + 1, NOW_NS - MINUTE_NS - n, (count - n) * MS, **facts), {"n": str(n)})
        for n in range(count)
    ]


def with_details(record, attributes, *events):
    record.source = record.reader = Drawn(attributes, events)
    return record


def answered(text, records, capabilities=RANKING):
    return asyncio.run(ask(text, Stores(KeptSpans(records, capabilities)), NOW)).report


@pytest.mark.parametrize(
    ("condition", "which"),
    [
        ("n>=3", "The 2 checkout requests with n >= 3"),
        ("n!=3", "The 4 checkout requests with n != 3"),
        ("n=3", "The only checkout request with n = 3"),
    ],
)
def test_the_slowest_are_counted_among_those_that_meet_the_condition(condition, which):
    report = answered(f"slowest checkout where {condition}", numbered(5))

    assert report.headline.startswith(f"{which} in the last hour took")
    assert report.searched == len(report.traces)


def test_where_more_were_found_than_can_be_looked_through_no_total_is_told(monkeypatch):
    monkeypatch.setattr(plan, "MOST_TRACES", 4)

    report = answered("slowest checkout where n>=3", numbered(6))
    none = answered("slowest checkout where n>=4", numbered(6))

    told = "only the slowest 4 of 6 traces were looked through for n>="
    assert report.headline.startswith("The 1 slowest checkout requests with n >= 3")
    assert (report.searched, report.notes[0]) == (0, f"{told}3")
    assert f"{told}4" in none.notes


@pytest.mark.parametrize("capabilities", [RANKING, EVENLY])
@pytest.mark.parametrize("question", ["find event=order.priced", "slowest where event.name=order.priced"])
def test_requests_are_found_by_the_name_of_an_event(question, capabilities):
    requests = numbered(2)
    event = EventRecord(NOW_NS, "order.priced", (("price", "9"),))
    with_details(requests[1], {}, event)

    report = answered(question, requests, capabilities)

    assert [one.trace_id for one in report.traces] == [requests[1].trace_id]


def test_what_is_compared_with_no_number_is_said_to_be_none():
    report = answered("find n>abc", numbered(2))

    told = "n>abc compares numbers, and abc is none: nothing can meet it"
    assert report.notes == ("n is there in 2 of 2 traces read, n > abc in none", told)


def arriving(*ended_s_ago, failed=()):
    return [
        request(number, NOW_NS - ago * 10**9 - number * MS, number * MS, failed=number in failed)
        for number, ago in enumerate(ended_s_ago, start=1)
    ]


@pytest.mark.parametrize("question", ["slowest last 1h", "errors last 1h"])
def test_traces_whose_spans_may_still_be_on_the_way_are_left_out(question):
    report = answered(question, arriving(60, 2, 30, 1, failed=(1, 2, 3, 4)))

    assert report.headline.startswith(("The 2 requests", "2 requests failed"))
    assert (
        report.notes[0]
        == "2 traces with spans within the last 5 s were left out: more of their spans may be on the way"
    )


CALLED = """
    checkout POST /c  {begin}..{end}  server {failed}
      checkout POST   {begin}..{end}  client server.address=pay {failed}
"""
ANSWERED = (
    CALLED
    + """
        pay POST /p   {begin}..{end}  server {failed}
"""
)


def ended_s_ago(picture, *ago, failed=""):
    now_s = NOW_NS // 10**9
    begin_and_end = [{"begin": now_s - s - 1, "end": now_s - s, "failed": failed} for s in ago]
    return [picture.format(**times) for times in begin_and_end]


@pytest.mark.parametrize(
    ("question", "failed"), [("slowest last 1h", ""), ("errors last 1h", "error http.status_code=500")]
)
def test_a_trace_of_the_last_half_minute_without_the_spans_of_what_answered_is_left_out(question, failed):
    answered_ago = ended_s_ago(ANSWERED, 60, 50, 20, 10, failed=failed)
    pictures = [*answered_ago, *ended_s_ago(CALLED, 10, 20, failed=failed)]

    report = answered(question, drawn("\n---\n".join(pictures), 10**9))

    assert report.headline.startswith(("The 4 checkout requests", "The 4 requests", "4 requests failed"))
    assert (
        "2 traces of the last 30 s without the spans of what answered a call were left out: they may be on the way"
        in report.notes
    )


def test_an_older_failure_that_began_where_nothing_is_seen_says_so():
    failed = "error http.status_code=500"
    pictures = [*ended_s_ago(ANSWERED, 60, 50, 40, failed=failed), *ended_s_ago(CALLED, 70, failed=failed)]

    report = answered("errors last 1h", drawn("\n---\n".join(pictures), 10**9))

    assert report.headline.startswith("4 requests failed")
    assert (
        "in 1 trace a failed call was answered by a service whose spans are missing: it may have begun there"
        in report.notes
    )


def test_where_there_are_no_others_they_are_the_answer():
    report = answered("slowest", arriving(1))

    assert len(report.traces) == 1
    assert report.notes[0] == "1 trace had spans within the last 5 s: more of their spans may be on the way"


@pytest.mark.parametrize("question", ["slowest 2026-11-20T13:00Z - 2026-11-20T14:00Z", "find n=1"])
def test_neither_a_period_of_the_past_nor_a_search_leaves_any_out(question):
    requests = numbered(1) if "find" in question else []
    old = request(7, NOW_NS - 6 * MINUTE_NS, 6 * MINUTE_NS - MS)

    report = answered(question.replace("n=1", "n=0"), [*requests, old])

    assert len(report.traces) == 1
    assert "on the way" not in " ".join(report.notes)


@pytest.mark.parametrize(("op", "asked", "matching"), [("=", (("n", "3"),), 2), (">=", (), None)])
def test_traces_from_all_over_a_period_are_counted_where_the_store_was_asked_for_all(op, asked, matching):
    requests = [with_details(request(n, n, MS), {"n": "3"}) for n in (1, 2)]
    query = SpanQuery(0, 10, attributes=asked, limit=1)

    read = asyncio.run(read_traces(KeptSpans(requests), query, (Condition(key="n", op=op, value="3"),)))

    assert (len(read), read.matching) == (1, matching)


def test_where_nothing_failed_only_those_that_meet_the_condition_are_said_to_be_read():
    report = answered("errors checkout where n>=3", numbered(5))

    assert "2 checkout requests with n >= 3, none with an error" in report.headline
