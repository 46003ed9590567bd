"""Clocks that disagree: found over all calls, and corrected only where they cannot be right."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.breakdown import break_down
from analyzers.builder import build_table
from analyzers.record import LinkTo, SpanRecord
from analyzers.repair import repair
from analyzers.report_base import Asked
from tests.traces import by_operation, repaired

MS = 1_000_000
LAST = 2**63 - 1


def call_records(number, offset_ns, legs_ns, *, caller="web-1", callee="pay-1"):
    """One trace of a call with these times on the wire; the callee's clock is ahead by offset_ns."""
    request_ns, reply_ns = legs_ns
    start, served = 10**15 + number * 10**9, 3 * MS
    trace_id = f"{number + 1:032x}"
    return [
        SpanRecord(trace_id, 1, 0, "shop", "POST /charge", 3, 0, start, request_ns + served + reply_ns,
                   resource=(("host.name", caller),)),
        SpanRecord(trace_id, 2, 1, "pay", "charge", 2, 0, start + request_ns + offset_ns, served,
                   resource=(("host.name", callee),)),
    ]  # fmt: skip


def starts(picture):
    result = repaired(picture)
    return by_operation(result.spans, result.spans.start_ns)


@given(st.sampled_from((-5 * MS, 5 * MS)), st.integers(0, 2**32))
def test_an_injected_offset_of_5_ms_is_found_to_within_a_fifth_of_a_millisecond(offset_ns, seed):
    draw = random.Random(seed)
    legs = [(draw.randint(50_000, 2 * MS), draw.randint(50_000, 2 * MS)) for _ in range(40)]
    records = [span for n, leg in enumerate(legs) for span in call_records(n, offset_ns, leg)]

    result = repair(build_table(records))

    (found,) = result.skew.offsets
    assert found.host == "web-1"
    assert abs(-found.offset_ns - offset_ns) < 200_000
    assert found.low_ns <= -offset_ns <= found.high_ns


@given(st.integers(0, 2**32))
def test_clocks_that_agree_are_left_alone_however_long_the_wait_for_a_connection(seed):
    draw = random.Random(seed)
    legs = [(draw.randint(50_000, 40 * MS), draw.randint(50_000, MS)) for _ in range(40)]
    records = [span for n, leg in enumerate(legs) for span in call_records(n, 0, leg)]

    assert repair(build_table(records)).skew.offsets == ()


def test_a_lone_server_span_outside_its_caller_is_put_in_the_middle():
    assert starts("""
        shop call   1000..1100  client @a
          pay serve   1200..1280  server @b
    """) == {"call": 1000, "serve": 1010}


def test_a_server_span_that_began_before_its_caller_is_moved_later():
    assert starts("""
        shop call   1000..1100  client @a
          pay serve   900..980  server @b
    """) == {"call": 1000, "serve": 1010}


def test_what_hangs_under_a_skewed_span_on_the_same_host_moves_with_it():
    assert starts("""
        shop call   1000..1100  client @a
          pay serve   1200..1280  server @b
            pay SELECT  1210..1260  @b
    """) == {"call": 1000, "serve": 1010, "SELECT": 1020}


def test_a_skewed_child_among_siblings_moves_alone():
    assert starts("""
        shop GET    1000..1500  server @a
          shop call   1000..1100  client @a
            pay serve   1200..1280  server @b
          shop think  1300..1400  @a
    """) == {"GET": 1000, "call": 1000, "serve": 1010, "think": 1300}


def test_a_callback_to_the_first_host_stays_on_the_first_clock():
    assert starts("""
        shop call    1000..1100  client @a
          pay serve    1200..1280  server @b
            pay confirm  1220..1260  client @b
              shop notify  1035..1065  server @a
    """) == {"call": 1000, "serve": 1010, "confirm": 1030, "notify": 1035}


def test_a_host_reached_over_another_moves_by_the_sum():
    result = repaired("""
        a call   1000..2000  client @a
          b serve  6100..6900  server @b
            b call2  6200..6800  client @b
              c serve2  11300..11700  server @c
    """)

    assert by_operation(result.spans, result.spans.start_ns)["serve2"] == 1300
    assert result.health.skew_corrected == 3


@pytest.mark.parametrize(
    ("why", "picture"),
    [
        ("one host", "shop call   1000..1100  client @a\n  pay serve   1200..1280  server @a"),
        ("unknown hosts", "shop call   1000..1100  client\n  pay serve   1200..1280  server"),
        ("one host unknown", "shop call   1000..1100  client @a\n  pay serve   1200..1280  server"),
        ("the child fits", "shop call   1000..1300  client @a\n  pay serve   1200..1280  server @b"),
        ("the child is longer", "shop call   1000..1100  client @a\n  pay serve   1200..1380  server @b"),
        ("the child is a consumer", "shop call   1000..1100  client @a\n  pay serve   1200..1280  consumer @b"),
        ("the parent is a producer", "shop call   1000..1100  producer @a\n  pay serve   1200..1280  consumer @b"),
        ("the parent is no call", "shop call   1000..1100  server @a\n  pay serve   1200..1280  server @b"),
        ("the parent is missing", "shop call   1000..1300  client @a\npay serve   1200..1280  server @b parent=99"),
    ],
)  # fmt: skip
def test_nothing_is_moved_where_no_clock_is_proven_wrong(why, picture):
    assert starts(picture) == {"call": 1000, "serve": 1200}


def test_a_span_that_follows_from_another_is_no_call():
    records = [
        SpanRecord("a" * 32, 1, 0, "shop", "call", 3, 0, 1000, 100, resource=(("host.name", "a"),)),
        SpanRecord("a" * 32, 2, 0, "pay", "index", 2, 0, 1200, 80, resource=(("host.name", "b"),),
                   links=(LinkTo("a" * 32, 1),)),
    ]  # fmt: skip

    assert repair(build_table(records)).skew.offsets == ()


def test_without_kinds_a_child_outside_its_parent_on_another_host_is_skew():
    assert starts("""
        shop call   1000..1100  @a
          pay serve   1200..1280  @b
    """) == {"call": 1000, "serve": 1010}


def test_a_few_calls_that_disagree_with_most_do_not_move_a_clock():
    odd = [call_records(n, 9 * MS, (MS, MS)) for n in range(3)]
    sound = [call_records(n, 0, (MS, MS)) for n in range(3, 20)]

    assert repair(build_table([span for trace in odd + sound for span in trace])).skew.offsets == ()


def test_where_calls_contradict_each_other_nothing_is_moved():
    one = [call_records(n, 9 * MS, (MS, MS)) for n in range(10)]
    other = [call_records(n, -9 * MS, (MS, MS)) for n in range(10, 20)]

    assert repair(build_table([span for trace in one + other for span in trace])).skew.offsets == ()


def test_a_host_that_only_a_skewed_one_calls_follows_it():
    assert starts("""
        shop call   1000..1100  client @a
          pay serve   900..980  client @b
            bank book   901..979  server @c
    """) == {"call": 1000, "serve": 1010, "book": 1010}


def test_a_clock_is_moved_by_no_more_than_twice_what_it_takes():
    assert starts("""
        shop call   1000..2001  client @a
          pay serve   990..1200  server @b
    """) == {"call": 1000, "serve": 1010}


def skewed_traces(n_traces, offset_ns):
    """Calls whose requests and replies take 1 to 30 ms."""
    draw = random.Random(n_traces)
    legs = [(draw.randint(MS, 30 * MS), draw.randint(MS, 30 * MS)) for _ in range(n_traces)]
    return [call_records(n, offset_ns, leg) for n, leg in enumerate(legs)]


def test_what_other_traces_agree_on_narrows_what_one_allows():
    lone = call_records(200, 15 * MS, (2 * MS, 11 * MS))
    others = repair(build_table([span for trace in skewed_traces(100, 15 * MS) for span in trace]))

    (alone,) = repair(build_table(lone)).skew.offsets
    (beside,) = repair(build_table(lone), others.skew.agreed).skew.offsets

    assert abs(-alone.offset_ns - 15 * MS) > 4 * MS
    assert abs(-beside.offset_ns - 15 * MS) < MS
    assert (beside.calls, beside.high_ns - beside.low_ns < 4 * MS) == (100, True)


def test_a_clock_that_others_do_not_prove_wrong_here_is_left_alone():
    sound = call_records(200, 0, (2 * MS, 2 * MS))
    others = repair(build_table([span for trace in skewed_traces(100, 15 * MS) for span in trace]))

    assert repair(build_table(sound), others.skew.agreed).skew.offsets == ()


@pytest.mark.parametrize(
    ("call", "serve", "late"),
    [
        (f"{LAST - 100}..{LAST}", f"{LAST - 300}..{LAST - 220}", f"{LAST - 50}..{LAST - 5}"),
        ("100..1000", "3000..3500", "0..10"),
        (f"{LAST - 1000}..{LAST}", "1000..1900", f"{LAST - 10}..{LAST}"),
    ],
)
def test_a_trace_that_would_leave_the_times_there_are_stays_as_it_is(call, serve, late):
    picture = f"""
        shop call   {call}  client @a
          pay serve   {serve}  server @b
            pay note    {late}  internal @b
    """
    result = repaired(picture)

    assert starts(picture) == {
        name: int(times.split("..")[0]) for name, times in (("call", call), ("serve", serve), ("note", late))
    }
    assert (result.skew.offsets, result.health.skew_corrected) == ((), 0)


def test_of_two_traces_only_the_one_that_stays_within_the_times_there_are_is_moved():
    result = repaired(f"""
        shop call   1000..1100  client @a
          pay serve   790..870  server @b
        ---
        shop call   {LAST - 100}..{LAST}  client @a
          pay serve   {LAST - 310}..{LAST - 230}  server @b
            pay note    {LAST - 50}..{LAST}  consumer @b
    """)

    assert result.health.skew_corrected == 1
    assert result.spans.start_ns.tolist() == [1000, 1010, LAST - 100, LAST - 310, LAST - 50]


ANY_TIME = st.sampled_from((0, 10**18, 2**62, LAST - 2_000)).flatmap(
    lambda base: st.integers(base, base + 1_000)
)


@given(
    st.lists(
        st.tuples(
            ANY_TIME,
            st.integers(0, 1_000),
            st.integers(0, 5),
            st.sampled_from("abcd"),
            st.sampled_from((0, 2, 3, 5)),
        ),
        min_size=1,
        max_size=7,
    )
)
def test_however_far_apart_clocks_are_no_time_leaves_those_that_there_are(drawn_spans):
    records = [
        SpanRecord("a" * 32, number, min(parent, number - 1), host, "op", kind, 0, start_ns, duration_ns,
                   resource=(("host.name", host),))
        for number, (start_ns, duration_ns, parent, host, kind) in enumerate(drawn_spans, start=1)
    ]  # fmt: skip

    result = repair(build_table(records))
    report = break_down(result, "a" * 32, Asked(question="", asked_at=""))

    assert (result.spans.start_ns >= 0).all()
    assert (result.spans.end_ns >= result.spans.start_ns).all()
    starts_ns = {result.spans.span_hex(row): int(start) for row, start in enumerate(result.spans.start_ns)}
    root_end_ns = int(result.spans.end_ns[result.spans.root_row[0]])
    for one in report.detached:
        assert one.after_root_ns == starts_ns[one.span_id] - root_end_ns
