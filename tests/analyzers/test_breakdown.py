"""One trace, explained: the figures add up and the words say what they say."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings

from analyzers.breakdown import break_down, rfc3339, with_reading
from analyzers.builder import build_table
from analyzers.repair import repair
from analyzers.report_base import Asked
from tests.strategies import span_records
from tests.traces import drawn, repaired

FIRST = f"{1:032x}"
ASKED = Asked(question="pasted", asked_at="2026-11-22T15:05:11.000000000Z", backend="files")
MS = 1_000_000

SHOP = """
    shop POST /checkout  0..1000  server
      shop POST            10..900  client
        pay POST /charge     40..880  server
          pay SELECT cards     50..850  client db.system=postgresql
      shop render          920..960
"""


def explained(picture, unit_ns=MS):
    return break_down(repaired(picture, unit_ns), FIRST, ASKED)


def test_the_headline_names_the_operation_that_holds_most():
    assert explained(SHOP).headline == "POST /checkout took 1 s; most of it (800 ms) is SELECT cards by pay."


def test_time_on_the_wire_is_a_place_of_its_own():
    report = explained("""
        shop POST /checkout  0..1000  server
          shop POST            10..990  client
            pay POST /charge     800..980  server
    """)

    assert report.headline.endswith("most of it (800 ms) is between shop and pay, on the wire.")
    assert report.bottleneck is not None
    assert report.bottleneck.wire is not None
    assert [(share.caller, share.callee, share.critical_ns) for share in report.wire] == [
        ("shop", "pay", 800 * MS)
    ]


def test_where_nothing_stands_out_the_headline_says_so():
    report = explained("""
        shop GET  0..100
          a one     0..25
          b two     25..50
          c three   50..75
          d four    75..100
    """)

    assert (
        report.headline
        == "GET took 100 ms; no operation stands out, the largest part (25 ms, 25 %) is one by a."
    )


def test_a_root_without_children_is_said_to_have_no_spans_beneath():
    report = explained("shop GET  0..100")

    assert report.headline == "GET took 100 ms; all of it is in shop GET itself, where there are no spans."


def test_a_failed_trace_is_said_to_have_failed_and_where():
    report = explained("""
        shop POST /checkout  0..100  server error
          pay POST /charge     10..90  server error
    """)

    assert report.headline.startswith("POST /checkout failed after 100 ms (an error in pay)")


def test_a_failed_trace_is_not_blamed_on_an_earlier_failure_that_was_handled():
    report = explained("""
        shop POST /checkout  0..100  server error
          stock GET /stock     10..30  server
            cache GET            12..20  client error
          pay POST /charge     40..90  server error
    """)

    assert report.headline.startswith("POST /checkout failed after 100 ms (an error in pay)")


def test_of_several_statements_in_one_place_the_one_that_holds_most_is_shown():
    report = explained("""
        pay POST /charge  0..1000  server
          pay SELECT shop   10..310   client db.statement="SELECT * FROM prices"
          pay SELECT shop   320..570  client db.statement="SELECT * FROM cards WHERE id = 1"
          pay SELECT shop   580..830  client db.statement="SELECT * FROM cards WHERE id = 2"
    """)

    assert report.bottleneck.count == 3
    assert report.bottleneck.statement == "SELECT * FROM cards WHERE id = ?"


def test_a_root_of_no_duration_has_no_bottleneck():
    report = explained("shop GET  5..5")

    assert (report.headline, report.bottleneck) == ("GET took 0 s.", None)


def test_services_hold_what_the_wire_does_not():
    report = explained(SHOP)

    assert [(s.service, s.spans, s.self_time_ns, s.critical_ns) for s in report.services] == [
        ("pay", 2, 840 * MS, 840 * MS),
        ("shop", 3, 160 * MS, 110 * MS),
    ]
    assert report.wire[0].critical_ns == 50 * MS


def test_savings_name_what_would_help_most_first():
    report = explained(SHOP)

    assert [(s.operation, s.saved_ns) for s in report.savings[:2]] == [
        ("SELECT cards", 800 * MS),
        ("POST /checkout", 70 * MS),
    ]


def test_savings_count_what_runs_beside():
    report = explained("""
        shop GET  0..100
          a slow     0..90
          b nearly   0..80
    """)

    assert [(s.operation, s.saved_ns) for s in report.savings] == [("slow", 10 * MS), ("GET", 10 * MS)]


def test_detached_work_is_listed_with_its_reason_and_not_what_hangs_beneath():
    report = explained("""
        shop POST /order  0..100
          shop publish      10..20  producer
            mail consume      1000..1900  consumer
              mail send         1020..1800
    """)

    (detached,) = report.detached
    assert (detached.operation, detached.after_root_ns) == ("consume", 900 * MS)
    assert "nobody waited" in detached.why


def test_an_unknown_trace_keeps_its_kind_and_has_empty_lists():
    report = break_down(repair(build_table([])), "f" * 32, ASKED)

    assert report.confidence == "none"
    assert f"There is no trace {'f' * 32} in files" in report.headline
    assert (report.services, report.critical_path, report.waterfall) == ((), (), ())


def test_of_several_traces_only_the_one_asked_for_is_explained():
    two = repaired("shop GET  0..100\n---\nother POST  0..50")

    report = break_down(two, f"{2:032x}", ASKED)

    assert (report.root.service, report.duration_ns, report.span_count) == ("other", 50, 1)


def test_spans_that_could_not_be_read_lower_the_confidence():
    report = with_reading(
        explained(SHOP), unreadable=1, truncated=False, notes=("line 7 of a.json is no JSON",)
    )

    assert report.confidence == "medium"
    assert report.health.unreadable == 1
    assert report.notes[-1] == "line 7 of a.json is no JSON"


@pytest.mark.parametrize(
    ("time_ns", "text"),
    [
        (0, "1970-01-01T00:00:00.000000000Z"),
        (1_795_366_800_000_000_001, "2026-11-22T17:00:00.000000001Z"),
        (2**62, "2116-02-20T23:53:38.427387904Z"),
        (2**63 - 1, "2262-04-11T23:47:16.854775807Z"),
    ],
)
def test_times_are_told_to_the_nanosecond(time_ns, text):
    assert rfc3339(time_ns) == text


@settings(max_examples=200)
@given(span_records().filter(bool))
def test_the_figures_of_every_breakdown_add_up(records):
    result = repair(build_table(records))
    report = break_down(result, result.spans.trace_ids[0], ASKED)

    wire_ns = sum(share.critical_ns for share in report.wire)
    assert sum(segment.duration_ns for segment in report.critical_path) == report.duration_ns
    assert sum(service.critical_ns for service in report.services) + wire_ns == report.duration_ns
    assert sum(service.spans for service in report.services) == report.span_count
    assert sum(row.critical_ns for row in report.waterfall) == report.duration_ns
    assert all(0 < saving.saved_ns <= report.duration_ns for saving in report.savings)
    assert all(pattern.saved_ns <= report.duration_ns for pattern in report.patterns)


@given(span_records().filter(bool))
def test_the_same_spans_in_another_order_give_the_same_bytes(records):
    def encoded(some):
        result = repair(build_table(some))
        return msgspec.json.encode(break_down(result, result.spans.trace_ids[0], ASKED))

    assert encoded(records[::-1]) == encoded(records)


def test_renaming_a_service_renames_it_everywhere_and_changes_nothing_else():
    before = msgspec.json.encode(break_down(repaired(SHOP, MS), FIRST, ASKED)).decode()

    records = drawn(SHOP, MS)
    for record in records:
        record.service = record.service.replace("pay", "billing")
    after = msgspec.json.encode(break_down(repair(build_table(records)), FIRST, ASKED)).decode()

    assert after == before.replace('"pay"', '"billing"').replace("by pay", "by billing").replace(
        " pay ", " billing "
    )


def test_a_statement_as_the_name_of_a_span_does_not_fill_the_headline():
    columns = ",".join(f"c{number}" for number in range(500))
    root = drawn(f"shop SELECT_{columns}_FROM_orders  0..100", MS)

    headline = break_down(repair(build_table(root)), FIRST, ASKED).headline

    assert len(headline) < 250
    assert "_FROM_orders took 100 ms" in headline


def test_a_span_without_a_name_is_called_so():
    (root,) = drawn("shop GET  0..100", MS)
    root.operation = ""

    headline = break_down(repair(build_table([root])), FIRST, ASKED).headline

    assert headline.startswith("(no name) took 100 ms")


SKEWED = """
    a GET  0..1000  server @h1
      a call  {call}  client @h1
        b serve  {serve}  server @h2
"""


@pytest.mark.parametrize(
    ("call", "serve", "confidence"),
    [
        ("100..1000", "-5000..-4800", "medium"),  # up to 350 ms to either side of the middle
        ("100..1000", "-5000..-4120", "high"),  # 10 ms
    ],
)
def test_a_corrected_clock_is_trusted_as_far_as_the_doubt_does_not_matter(call, serve, confidence):
    report = explained(SKEWED.format(call=call, serve=serve))

    assert report.health.skew_corrected == 1
    assert report.health.doubtful_clocks == (confidence != "high")
    assert report.confidence == confidence
    assert with_reading(report, unreadable=0, truncated=False, notes=()).confidence == confidence
