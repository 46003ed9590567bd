"""Random spans for laws: mostly sane, often broken in every way that real ones are."""

from __future__ import annotations

from hypothesis import strategies as st

from analyzers.builder import build_table
from analyzers.record import LinkTo, SpanRecord
from analyzers.repair import repair
from analyzers.table import Kind, Status

SERVICES = ("cart", "auth", "payment")
OPERATIONS = ("load", "check", "GET /cart", "SELECT")


@st.composite
def span_records(draw, max_spans=14, max_traces=2, latest_ns=60):
    """Records whose parents may be missing, doubled, in a circle or themselves."""
    n_spans = draw(st.integers(0, max_spans))
    ids = st.integers(1, max(1, n_spans))
    records = []
    for number in range(n_spans):
        start = draw(st.integers(0, latest_ns))
        trace_id = f"{draw(st.integers(1, max_traces)):032x}"
        records.append(
            SpanRecord(
                trace_id=trace_id,
                span_id=draw(st.one_of(st.just(number + 1), ids)),
                parent_id=draw(st.one_of(st.integers(0, number), st.just(99), ids)),
                service=draw(st.sampled_from(SERVICES)),
                operation=draw(st.sampled_from(OPERATIONS)),
                kind=draw(st.sampled_from(Kind)),
                status=draw(st.sampled_from((Status.UNSET, Status.UNSET, Status.ERROR))),
                start_ns=start,
                duration_ns=draw(st.integers(-3, latest_ns)),
                resource=draw(st.sampled_from(((), (("host.name", "a"),), (("host.name", "b"),)))),
                links=draw(st.sampled_from(((), (), (LinkTo(trace_id, 1),)))),
            )
        )
    return records


@st.composite
def ticked_records(draw, **sizes):
    """Records of some milliseconds, each host's on a clock that ticks in milliseconds, microseconds or nanoseconds."""
    records = draw(span_records(**sizes))
    ticks = {
        resource: draw(st.sampled_from((10**6, 10**3, 1))) for resource in {one.resource for one in records}
    }
    for record in records:
        tick_ns = ticks[record.resource]
        record.start_ns = record.start_ns * 10**6 + draw(st.integers(0, 3)) * tick_ns
        record.duration_ns = record.duration_ns * 10**6 + draw(st.integers(0, 3)) * tick_ns
    return records


def repaired_tables(**sizes):
    """Repaired tables with at least one span."""
    return span_records(**sizes).filter(bool).map(lambda records: repair(build_table(records)))


def span_tables(**sizes):
    return repaired_tables(**sizes).map(lambda result: result.spans)
