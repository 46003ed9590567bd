"""The picture of a trace: what matters is drawn, the rest is counted."""

from __future__ import annotations

import pytest

from analyzers.breakdown import break_down
from analyzers.repair import repair
from analyzers.report_base import Asked
from analyzers.waterfall import MOST_ROWS
from benchmarks.workload import deep_table, wide_table
from tests.traces import repaired

ASKED = Asked(question="pasted", asked_at="now")
MS = 1_000_000


def rows(picture):
    return break_down(repaired(picture), f"{1:032x}", ASKED).waterfall


def sketch(picture):
    return [f"{' ' * row.depth}{row.what} {row.count}x{row.operation}" for row in rows(picture)]


def test_spans_are_drawn_depth_first_by_start():
    assert sketch("""
        shop GET  0..100
          a one     10..20
            a inner   12..15
          c two     5..9
    """) == ["span 1xGET", " span 1xtwo", " span 1xone", "  span 1xinner"]


def test_like_siblings_are_one_line_that_holds_what_hangs_beneath_them():
    picture = """
        shop GET  0..100
          db SELECT  10..20
            db fetch   12..18
          db SELECT  30..40
          db SELECT  50..60
          a other    70..80
    """

    assert sketch(picture) == ["span 1xGET", " alike 3xSELECT", " span 1xother"]
    alike = rows(picture)[1]
    assert (alike.critical_ns, alike.offset_ns, alike.duration_ns) == (30, 10, 50)
    assert alike.remark == "with 1 more beneath"


def test_two_like_siblings_are_two_lines():
    assert sketch("""
        shop GET  0..100
          db SELECT  10..20
          db SELECT  30..40
    """) == ["span 1xGET", " span 1xSELECT", " span 1xSELECT"]


def test_a_call_is_drawn_as_the_way_to_the_service_beside_it():
    (_, wire, callee) = rows("""
        shop GET  0..100  server
          shop POST  10..90  client
            pay POST   20..80  server
    """)

    assert (wire.what, wire.service, wire.callee, wire.depth) == ("wire", "shop", "pay", 1)
    assert (callee.service, callee.depth) == ("pay", 1)


def test_what_nobody_waited_for_says_so():
    (_, detached) = rows("""
        shop POST /order  0..100
          mail consume      1000..1900  consumer
    """)

    assert (detached.what, detached.remark) == ("detached", "began 900 ns after the answer, nobody waited")


def test_other_roots_orphans_and_circles_are_marked():
    remarks = {
        row.operation: row.remark
        for row in rows("""
        shop GET  0..100  id=1
        pay charge  20..90  id=2
        db SELECT  30..40  id=3 parent=99
        a one  50..60  id=4 parent=5
        a two  51..59  id=5 parent=4
    """)
    }

    assert remarks == {
        "GET": None,
        "charge": "another root, not charged",
        "SELECT": "its parent is missing",
        "one": "its parents form a circle",
        "two": None,
    }


def test_a_trace_of_100_000_siblings_fits_on_a_screen():
    report = break_down(repair(wide_table(100_000)), f"{1:032x}", ASKED)

    assert len(report.waterfall) <= MOST_ROWS
    assert sum(row.count for row in report.waterfall) == 100_001


def test_a_trace_100_000_deep_fits_on_a_screen_and_shows_its_bottleneck():
    report = break_down(repair(deep_table(100_000)), f"{1:032x}", ASKED)

    assert len(report.waterfall) <= MOST_ROWS
    assert sum(row.count for row in report.waterfall) == 100_000
    assert any(row.slowest for row in report.waterfall)
    assert any(row.what == "more" and row.count > 99_000 for row in report.waterfall)


def test_the_failed_span_is_drawn_among_many_that_are_not():
    picture = "shop GET  0..9000  error\n" + "\n".join(
        f"  a op{n}  {n * 100}..{n * 100 + 90 - 80 * (n == 40)}  {'error' if n == 40 else ''}"
        for n in range(80)
    )

    assert any(row.failed and row.operation == "op40" for row in rows(picture))


def test_like_calls_show_where_what_hangs_beneath_them_lies_on_the_critical_path():
    (_, alike) = rows("""
        shop GET  0..1000  server
          shop POST  100..200  client
            pay POST   110..190  server
          shop POST  400..500  client error
            pay POST   410..490  server
          shop POST  700..800  client
            pay POST   710..790  server
    """)

    assert [(piece.offset_ns, piece.duration_ns) for piece in alike.path] == [
        (100, 100),
        (400, 100),
        (700, 100),
    ]
    assert alike.remark == "1 of 3 failed, with 3 more beneath"


def test_pieces_closer_together_than_a_picture_shows_are_one():
    (_, alike) = rows("""
        shop GET  0..4000
          db SELECT  100..200
          db SELECT  209..300
          db SELECT  400..500
    """)

    assert [(piece.offset_ns, piece.duration_ns) for piece in alike.path] == [(100, 200), (400, 100)]


@pytest.mark.parametrize(
    ("begins", "said"),
    [
        (4_200, "queued for 4.14 s, nobody waited"),
        (6_500, "queued for 6.44 s until 500 ms after the answer, nobody waited"),
        (55, "taken from a queue, nobody waited for it"),
    ],
)
def test_how_long_a_message_lay_in_its_queue_is_told(begins, said):
    report = break_down(
        repaired(
            f"shop POST  0..6000  server\n  shop send  50..60  producer\n    mail take  {begins}..7000  consumer",
            MS,
        ),
        f"{1:032x}",
        ASKED,
    )

    assert report.waterfall[-1].remark == said
    assert report.detached[0].queued_ns == (None if begins < 60 else (begins - 60) * MS)


def test_of_many_messages_the_first_is_told():
    taken = "\n".join(f"    mail take  {start}..7000  consumer" for start in (4_200, 4_300, 4_400))

    (*_, line) = rows(f"shop POST  0..6000  server\n  shop send  50..60  producer\n{taken}")

    assert (line.count, line.remark) == (3, "the first queued for 4.14 µs, nobody waited")


def test_a_consumer_under_no_producer_tells_no_time_in_a_queue():
    (*_, line) = rows("shop POST  0..6000  server\n  mail take  4200..7000  consumer")

    assert line.remark == "taken from a queue, nobody waited for it"


def test_what_hangs_under_detached_work_is_detached_as_well():
    found = rows("shop POST  0..60  server\n  mail take  4200..7000  consumer\n    mail send  4300..6000")

    assert [row.what for row in found] == ["span", "detached", "detached"]


def test_a_detached_call_is_no_way_to_a_service_and_what_it_called_is_drawn_beneath_it():
    (_, _, call, callee) = rows("""
        shop POST  0..60  server
          worker take  4200..7000  consumer
            worker POST  4300..6000  client
              mailer POST  4400..5900  server
    """)

    assert (call.what, call.callee, call.depth) == ("detached", None, 2)
    assert (callee.what, callee.depth) == ("detached", 3)
