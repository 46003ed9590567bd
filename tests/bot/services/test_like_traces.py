"""One trace explained beside others of its sort: what they show of it is used."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from analyzers.trace_list import list_traces
from backends.errors import BackendTimeout
from backends.interface import Capabilities
from bot.services.ask import ask
from tests.bot.drawn_stores import MS, DrawnBackend, DrawnStores
from tests.traces import repaired

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LEAVES_IT_BEHIND = """
    shop POST /order  0..100    server
      shop save         2..12
      log  audit        15..400
"""
SEEMS_TO_WAIT = """
    shop POST /order  0..100    server
      shop save         2..12
      log  audit        15..94
"""


def answered(text, traces, **backend):
    store = DrawnBackend(
        picture="\n---\n".join(traces), capabilities=Capabilities(like_traces=True, search=True), **backend
    )
    return asyncio.run(ask(text, DrawnStores(store), NOON)).report


def test_what_others_leave_behind_is_not_charged_where_it_happened_to_end_in_time():
    traces = [LEAVES_IT_BEHIND] * 99 + [SEEMS_TO_WAIT]

    report = answered(f"{100:032x}", traces)

    assert report.headline.endswith(
        "most of it (90 ms) is in shop POST /order itself, where there are no spans."
    )
    assert [one.why for one in report.detached] == ["its parent usually ends without waiting for it"]


def test_a_list_and_the_breakdown_of_one_of_its_traces_name_the_same_place():
    traces = [LEAVES_IT_BEHIND] * 99 + [SEEMS_TO_WAIT]

    listed = list_traces(repaired("\n---\n".join(traces), MS).spans, [99])[0].summary.bottleneck
    explained = answered(f"{100:032x}", traces).bottleneck

    assert (listed.operation, listed.share) == (explained.operation, explained.share) == ("POST /order", 0.9)


def test_without_others_the_trace_alone_decides():
    report = answered(f"{1:032x}", [SEEMS_TO_WAIT])

    assert report.bottleneck.operation == "audit"
    assert report.detached == ()


class OneTraceOnly(DrawnBackend):
    """Gives one trace by its id, and times out when it is to search."""

    async def find_spans(self, query):
        raise BackendTimeout("It took too long.", "Wait.")


def test_where_others_cannot_be_read_the_answer_stands_and_says_so():
    store = OneTraceOnly(picture=SEEMS_TO_WAIT, capabilities=Capabilities(like_traces=True))

    report = asyncio.run(ask(f"{1:032x}", DrawnStores(store), NOON)).report

    assert report.bottleneck.operation == "audit"
    assert any("other traces of its sort could not be read" in note for note in report.notes)


def test_how_far_clocks_are_apart_is_told_from_the_calls_of_all():
    quick = "shop call  0..10  server @a\n  shop send  0..10  client @a\n    pay serve  51..58  server @b"
    slow = "shop call  0..100  server @a\n  shop send  0..100  client @a\n    pay serve  111..118  server @b"

    report = answered(f"{100:032x}", [quick] * 99 + [slow])

    (clocks,) = (note for note in report.notes if "clock" in note)
    assert "50 ms ahead of that of a (± 1.5 ms, from 100 calls)" in clocks
