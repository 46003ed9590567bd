"""Reports to render, as plain values."""

from __future__ import annotations

import msgspec

from analyzers.report import (
    Bottleneck,
    Breakdown,
    Candidate,
    Choice,
    Detached,
    Failure,
    Pattern,
    Saving,
    Segment,
    ServiceShare,
    SpanError,
    Stretch,
    WaterfallRow,
    WireShare,
)
from analyzers.report_base import Edge, Place, TraceHealth, Understood

MS = 1_000_000
TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"


def _segment(service: str, operation: str, begin_ms: int, end_ms: int, callee: str | None = None) -> Segment:
    return Segment(
        span_id=f"{begin_ms:016x}",
        service=service,
        operation=operation,
        offset_ns=begin_ms * MS,
        duration_ns=(end_ms - begin_ms) * MS,
        wire=Edge(caller=service, callee=callee) if callee else None,
    )


def _with_paths(report: Breakdown) -> Breakdown:
    """The report with each row's stretches taken from the segments of its place."""
    rows = tuple(msgspec.structs.replace(row, path=_stretches(row, report)) for row in report.waterfall)
    return msgspec.structs.replace(report, waterfall=rows)


def _stretches(row: WaterfallRow, report: Breakdown) -> tuple[Stretch, ...]:
    place = (row.service, row.callee) if row.what == "wire" else (row.service, row.operation)
    return tuple(
        Stretch(offset_ns=segment.offset_ns, duration_ns=segment.duration_ns)
        for segment in report.critical_path
        if place
        == (
            (segment.wire.caller, segment.wire.callee)
            if segment.wire
            else (segment.service, segment.operation)
        )
    )


SLOW_CHECKOUT_WITHOUT_PATHS = Breakdown(
    question=TRACE_ID,
    asked_at="2026-11-22T15:10:00.000000000Z",
    backend="jaeger://127.0.0.1:16686",
    understood=Understood(kind="breakdown", trace_id=TRACE_ID),
    headline="POST /checkout took 4.12 s; most of it (3.61 s) is one SELECT run 30 times by payment.",
    confidence="high",
    notes=("the clock of payment-3 was 4.8 ms behind, corrected",),
    health=TraceHealth(traces=1, spans=47, skew_corrected=31),
    trace_id=TRACE_ID,
    started_at="2026-11-22T14:05:11.000000000Z",
    root=Place(service="frontend", operation="POST /checkout"),
    duration_ns=4120 * MS,
    span_count=47,
    services=(
        ServiceShare(service="payment", spans=31, self_time_ns=3670 * MS, critical_ns=3670 * MS, errors=0),
        ServiceShare(service="checkout", spans=4, self_time_ns=210 * MS, critical_ns=210 * MS, errors=1),
        ServiceShare(service="inventory", spans=1, self_time_ns=140 * MS, critical_ns=140 * MS, errors=1),
        ServiceShare(service="frontend", spans=1, self_time_ns=40 * MS, critical_ns=40 * MS, errors=0),
        ServiceShare(service="worker", spans=1, self_time_ns=300 * MS, critical_ns=0, errors=0),
    ),
    wire=(WireShare(caller="checkout", callee="payment", critical_ns=60 * MS),),
    critical_path=(
        _segment("frontend", "POST /checkout", 0, 20),
        _segment("checkout", "POST /checkout", 20, 120),
        _segment("inventory", "GET /stock/{sku}", 120, 260),
        _segment("checkout", "POST /checkout", 260, 300),
        _segment("checkout", "POST", 300, 330, "payment"),
        _segment("payment", "POST /charge", 330, 360),
        _segment("payment", "SELECT cards", 360, 3970),
        _segment("payment", "POST /charge", 3970, 4000),
        _segment("checkout", "POST", 4000, 4030, "payment"),
        _segment("checkout", "POST /checkout", 4030, 4100),
        _segment("frontend", "POST /checkout", 4100, 4120),
    ),
    bottleneck=Bottleneck(
        span_id="00000000000000aa",
        service="payment",
        operation="SELECT cards",
        critical_ns=3610 * MS,
        share=0.876,
        statement="SELECT * FROM cards WHERE user_id = ?",
        count=30,
    ),
    savings=(
        Saving(service="payment", operation="SELECT cards", saved_ns=3610 * MS),
        Saving(service="checkout", operation="POST /checkout", saved_ns=210 * MS),
        Saving(service="inventory", operation="GET /stock/{sku}", saved_ns=140 * MS),
        Saving(service="payment", operation="POST /charge", saved_ns=60 * MS),
    ),
    patterns=(
        Pattern(
            pattern="n_plus_one",
            service="payment",
            operation="SELECT cards",
            count=30,
            saved_ns=3500 * MS,
            detail="the 30 SELECTs are alike (SELECT * FROM cards WHERE user_id = ?): one query would save about 3.5 s",
        ),
    ),
    errors=(
        SpanError(
            span_id="00000000000000ab",
            service="inventory",
            operation="GET /stock/{sku}",
            role="origin",
            type="CacheMiss",
            message="no stock of sku 1207 in the cache",
        ),
        SpanError(
            span_id="00000000000000ac",
            service="checkout",
            operation="POST /checkout",
            role="handled",
        ),
    ),
    detached=(
        Detached(
            span_id="00000000000000ad",
            service="worker",
            operation="send_receipt",
            after_root_ns=900 * MS,
            why="began 900 ms after the answer, nobody waited",
        ),
    ),
    waterfall=(
        WaterfallRow(
            what="span",
            depth=0,
            service="frontend",
            operation="POST /checkout",
            offset_ns=0,
            duration_ns=4120 * MS,
            critical_ns=40 * MS,
        ),
        WaterfallRow(
            what="span",
            depth=1,
            service="checkout",
            operation="POST /checkout",
            offset_ns=20 * MS,
            duration_ns=4080 * MS,
            critical_ns=210 * MS,
        ),
        WaterfallRow(
            what="span",
            depth=2,
            service="inventory",
            operation="GET /stock/{sku}",
            offset_ns=120 * MS,
            duration_ns=140 * MS,
            critical_ns=140 * MS,
            failed=True,
        ),
        WaterfallRow(
            what="wire",
            depth=2,
            service="checkout",
            operation="POST",
            callee="payment",
            offset_ns=300 * MS,
            duration_ns=3730 * MS,
            critical_ns=60 * MS,
        ),
        WaterfallRow(
            what="span",
            depth=2,
            service="payment",
            operation="POST /charge",
            offset_ns=330 * MS,
            duration_ns=3670 * MS,
            critical_ns=60 * MS,
        ),
        WaterfallRow(
            what="alike",
            depth=3,
            service="payment",
            operation="SELECT cards",
            count=30,
            offset_ns=360 * MS,
            duration_ns=3610 * MS,
            critical_ns=3610 * MS,
            slowest=True,
        ),
        WaterfallRow(
            what="more",
            depth=2,
            service="",
            operation="",
            count=10,
            offset_ns=310 * MS,
            duration_ns=20 * MS,
        ),
        WaterfallRow(
            what="detached",
            depth=1,
            service="worker",
            operation="send_receipt",
            offset_ns=5020 * MS,
            duration_ns=300 * MS,
            remark="began 900 ms after the answer, nobody waited",
        ),
    ),
)

SLOW_CHECKOUT = _with_paths(SLOW_CHECKOUT_WITHOUT_PATHS)

UNKNOWN_TRACE = Breakdown(
    question=TRACE_ID,
    asked_at="2026-11-22T15:10:00.000000000Z",
    backend="jaeger://127.0.0.1:16686",
    understood=Understood(kind="breakdown", trace_id=TRACE_ID),
    headline="No spans of the trace 4bf92f3577b34da6a3ce929d0e0e4736 are in jaeger://127.0.0.1:16686.",
    confidence="none",
    trace_id=TRACE_ID,
)

CHOICE = Choice(
    question="day.otlp.json",
    asked_at="2026-11-22T15:10:00.000000000Z",
    headline="The file day.otlp.json holds 2 traces; which one?",
    confidence="none",
    candidates=(
        Candidate(
            text=f"tracewhy ask {TRACE_ID} --backend 'traces of today.otlp.json'",
            why="frontend POST /checkout, 4.12 s",
        ),
        Candidate(
            text="tracewhy ask a1c09e77a1c09e77a1c09e77a1c09e77 --backend 'traces of today.otlp.json'",
            why="frontend GET /cart, 180 ms",
        ),
    ),
)

FAILURE = Failure(
    question=TRACE_ID,
    asked_at="2026-11-22T15:10:00.000000000Z",
    headline="jaeger://127.0.0.1:16686 cannot be reached.",
    confidence="none",
    problem="jaeger://127.0.0.1:16686 cannot be reached (ConnectError).",
    advice="Check its url, or wait and retry.",
)
