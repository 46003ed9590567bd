"""Answers about a period to render, as plain values."""

from __future__ import annotations

from analyzers.report import (
    Condition,
    Dominator,
    Edge,
    ErrorGroup,
    Errors,
    Find,
    MainPlace,
    OperationRow,
    Operations,
    ServiceErrors,
    Services,
    Slowest,
    TraceHealth,
    TraceSummary,
    Window,
)

MS = 1_000_000
BASE = {
    "asked_at": "2026-11-22T14:30:00.000000000Z",
    "backend": "jaeger://127.0.0.1:16686",
    "window": Window(start="2026-11-22T13:30:00.000000000Z", end="2026-11-22T14:30:00.000000000Z"),
    "confidence": "high",
    "health": TraceHealth(traces=1204, spans=50_000),
}
CARDS = "SELECT * FROM cards WHERE user_id = ?"


def _trace(number: int, took_ms: int, main: MainPlace, *, error: bool = False) -> TraceSummary:
    return TraceSummary(
        trace_id=f"{number:08x}3577b34da6a3ce929d0e0e47",
        start=f"2026-11-22T14:{number:02}:11.000000000Z",
        duration_ns=took_ms * MS,
        service="frontend",
        operation="POST /checkout",
        error=error,
        bottleneck=main,
    )


TRACES = (
    _trace(
        5,
        4_120,
        MainPlace(service="payment", operation="SELECT cards", share=0.88, count=30, statement=CARDS),
    ),
    _trace(
        11,
        3_980,
        MainPlace(service="payment", operation="SELECT cards", share=0.87, count=29, statement=CARDS),
    ),
    _trace(
        7,
        950,
        MainPlace(
            service="checkout", operation="", share=0.5, wire=Edge(caller="checkout", callee="payment")
        ),
        error=True,
    ),
)

SLOWEST = Slowest(
    question="slowest checkout last 1h",
    headline="The 3 slowest of 1,204 checkout requests in the last hour took 950 ms to 4.12 s; "
    "payment SELECT cards dominates 2 of them.",
    traces=TRACES,
    dominated_by=(
        Dominator(service="payment", operation="SELECT cards", share=0.71, traces=2, statement=CARDS),
        Dominator(
            service="checkout",
            operation="",
            share=0.12,
            traces=1,
            wire=Edge(caller="checkout", callee="payment"),
        ),
    ),
    searched=1204,
    notes=("unweighted: the spans do not say how they were sampled",),
    **BASE,
)

ERRORS = Errors(
    question="errors last 1h",
    headline="38 requests failed in the last hour; payment is where 31 of them began.",
    services=(
        ServiceErrors(
            service="payment",
            traces=35,
            origin=31,
            propagated=0,
            handled=4,
            groups=(
                ErrorGroup(
                    type="CardDeclined",
                    template="card <*> declined",
                    count=27,
                    first="2026-11-22T13:31:00.000000000Z",
                    last="2026-11-22T14:29:00.000000000Z",
                    exemplars=("91b03577b34da6a3ce929d0e0e473600",),
                ),
                ErrorGroup(
                    type=None,
                    template="",
                    count=4,
                    first="2026-11-22T14:02:00.000000000Z",
                    last="2026-11-22T14:02:00.000000000Z",
                    exemplars=("77aa3577b34da6a3ce929d0e0e473600",),
                ),
            ),
        ),
        ServiceErrors(service="frontend", traces=38, origin=0, propagated=38, handled=0),
    ),
    **BASE,
)

FOUND = Find(
    question="find user.id=42 at 14:05",
    headline="3 requests with user.id = 42 between 14:00 and 14:10 CET took 950 ms to 4.12 s.",
    traces=TRACES,
    matched_on=(Condition(key="user.id", op="=", value="42"),),
    **BASE,
)

ROWS = (
    OperationRow(
        service="payment",
        operation="POST /charge",
        kind="server",
        calls=12_040,
        error_ratio=0.19,
        p50_ns=75 * MS,
        p95_ns=107 * MS,
        p99_ns=1_610 * MS,
    ),
    OperationRow(
        service="frontend",
        operation="GET /products/{id}",
        kind="server",
        calls=27,
        error_ratio=0.0,
        p50_ns=30_800_000,
        p95_ns=40 * MS,
        p99_ns=41 * MS,
    ),
)

OPERATIONS = Operations(
    question="operations last 1h",
    headline="2 operations ran in the last hour; the slowest is payment POST /charge, p95 107 ms.",
    rows=ROWS,
    **BASE,
)

SERVICES = Services(
    question="services last 1h",
    headline="1 service ran in the last hour; the slowest is payment, p95 107 ms.",
    rows=(ROWS[0],),
    **BASE,
)

NOTHING = Find(
    question="find userid=42 last 1h",
    asked_at=BASE["asked_at"],
    backend="drawn://here",
    window=BASE["window"],
    headline="No span in the last hour in drawn://here has the attribute userid.",
    confidence="none",
    notes=("user.id is there: did you mean that instead of userid?",),
)

ANSWERS = {
    "slowest": SLOWEST,
    "errors": ERRORS,
    "found": FOUND,
    "operations": OPERATIONS,
    "services": SERVICES,
    "nothing_found": NOTHING,
}
