"""What can be seen to be missing, and what cannot."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.builder import build_table
from analyzers.record import SpanRecord
from analyzers.remarks import confidence_of
from analyzers.repair import repair
from tests.traces import repaired


def sound_trace(n_spans, draw):
    """Records of one trace; every span but the root hangs under an earlier one."""
    return [
        SpanRecord("a" * 32, n + 1, draw.randint(max(1, n - 6), n) if n else 0, "shop", f"op {n}", 1, 0, n, 1_000 - n)
        for n in range(n_spans)
    ]  # fmt: skip


@settings(max_examples=60)
@given(st.integers(20, 200), st.integers(0, 2**32))
def test_a_trace_without_5_percent_of_its_spans_says_so_unless_only_leaves_are_gone(n_spans, seed):
    draw = random.Random(seed)
    records = sound_trace(n_spans, draw)
    gone = set(draw.sample(range(1, n_spans + 1), max(1, n_spans // 20)))

    left = [record for record in records if record.span_id not in gone]
    health = repair(build_table(left)).health

    named_but_gone = {record.parent_id for record in left} & gone
    assert (health.orphans > 0) == bool(named_but_gone)
    assert health.incomplete == int(bool(named_but_gone))
    assert (confidence_of(health) != "high") == bool(named_but_gone)


def test_a_trace_without_its_root_says_so():
    records = sound_trace(20, random.Random(1))[1:]

    health = repair(build_table(records)).health

    assert health.rootless == 1
    assert confidence_of(health) == "low"


def test_a_call_that_failed_may_never_have_arrived():
    health = repaired("""
        shop GET /price  0..3000     server
          shop GET       0..1000     client server.address=pricing error
          shop GET       1000..2000  client server.address=pricing
            pricing GET /p  1010..1990  server
    """).health

    assert (health.unanswered_calls, health.incomplete) == (0, 0)
