from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.builder import build_table
from analyzers.patterns import MOST_PATTERNS, PATTERNS, find_patterns
from analyzers.record import SpanRecord
from analyzers.repair import repair
from tests.traces import Drawn, drawn, trace

REFERENCE = Path(__file__).parents[3] / "docs/reference/patterns.md"
BUSY = """
    web  GET /            0..1000     server
      shop pool.acquire   0..50       internal
      shop POST           50..400     client peer.service=pay url.path=/charge/1 error
      shop POST           400..600    client peer.service=pay url.path=/charge/1
        pay POST /charge  420..590    server
      users GetUser       600..650    server
      stock GetStock      650..700    server
      db   SELECT a       700..750
      db   SELECT a       750..800
      db   SELECT a       750..800
      db   SELECT a       800..850
      db   SELECT a       850..900
      web  send           900..910    producer
        mail send         1200..1900  consumer
"""

moments = st.integers(min_value=0, max_value=2_000)
words = st.sampled_from(
    [
        {},
        {"db.statement": "SELECT a FROM b WHERE c = 1"},
        {"db.statement": "UPDATE b SET c = 1"},
        {"http.request.method": "GET", "url.full": "http://stock/items/1"},
        {"rpc.service": "shop.Cart", "rpc.method": "GetCart"},
        {"http.response.status_code": "503"},
    ]
)


@st.composite
def records(draw, trace_id="1" * 32, most=25):
    spans = []
    for span_id in range(1, draw(st.integers(1, most)) + 1):
        more = Drawn(draw(words))
        spans.append(
            SpanRecord(
                trace_id=trace_id,
                span_id=span_id,
                parent_id=draw(st.integers(0, span_id - 1)),
                service=draw(st.sampled_from("abc")),
                operation=draw(st.sampled_from(["GET /x/1", "SELECT a", "pool.acquire", "getItem", "work"])),
                kind=draw(st.integers(0, 5)),
                status=draw(st.sampled_from([0, 0, 2])),
                start_ns=draw(moments),
                duration_ns=draw(moments),
                source=more,
                reader=more,
            )
        )
    return spans


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_pattern_has_its_heading_in_the_reference(pattern):
    assert f"\n## {pattern}\n" in REFERENCE.read_text(encoding="utf-8")


def test_the_best_saving_comes_first_and_nothing_is_told_twice():
    patterns = find_patterns(trace(BUSY))

    assert [(one.pattern, one.saved_ns) for one in patterns] == [
        ("retries", 350),
        ("n_plus_one_queries", 150),
        ("pool_wait", 50),
        ("sequential_calls", 50),
    ]


def test_a_saving_too_small_to_notice_is_not_told():
    patterns = find_patterns(
        trace("""
        web GET /       0..10000  server
          web GET       0..9900   client
            shop GET /  0..9900   server
              shop a    0..1990   internal
              shop b    1990..3980  internal
              shop c    3980..5970  internal
              shop d    5970..7960  internal
              shop e    7960..9800  internal
              shop pool.acquire  9800..9900  internal
    """)
    )

    assert patterns == ()


def test_a_table_without_spans_has_no_patterns():
    assert find_patterns(repair(build_table([])).spans) == ()


def test_other_traces_of_the_table_change_nothing():
    alone = find_patterns(trace(BUSY))
    among = trace(f"a GET /  0..10\n---\n{BUSY}\n---\nb GET /  0..10")

    assert find_patterns(among, 1) == alone


@given(records(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(spans, random):
    shuffled = random.sample(spans, len(spans))

    assert find_patterns(repair(build_table(shuffled)).spans) == find_patterns(
        repair(build_table(spans)).spans
    )


@given(records(), st.integers(0, 2**62))
def test_shifting_time_changes_nothing(spans, shift_ns):
    before = find_patterns(repair(build_table(spans)).spans)

    for span in spans:
        span.start_ns += shift_ns

    assert find_patterns(repair(build_table(spans)).spans) == before


@given(records())
def test_savings_are_positive_sorted_and_no_longer_than_the_root(spans):
    table = repair(build_table(spans)).spans

    saved = [one.saved_ns for one in find_patterns(table)]

    assert saved == sorted(saved, reverse=True)
    assert len(saved) <= MOST_PATTERNS
    assert all(0 < one <= table.duration_ns[table.root_row[0]] for one in saved)


@pytest.mark.timeout(60)
def test_a_hundred_thousand_unlike_statements_under_one_span_are_bounded():
    spans = [
        SpanRecord("1" * 32, at + 2, 1, "a", "q", 3, 0, at * 10, 10, source=more, reader=more)
        for at in range(100_000)
        for more in [Drawn({"db.statement": f"SELECT column_{at:x}z FROM b"})]
    ]
    spans.append(SpanRecord("1" * 32, 1, 0, "a", "GET /", 2, 0, 0, 1_000_000))

    (pattern,) = find_patterns(repair(build_table(spans)).spans)

    assert pattern.pattern == "fan_out"


def test_drawn_traces_are_what_the_laws_are_about():
    assert len(drawn(BUSY)) == 14
