"""Answers about a period to render, as plain values."""

from __future__ import annotations

from analyzers.investigation_report import (
    Cause,
    Change,
    Compare,
    Exemplars,
    Impact,
    Part,
    SharedAttribute,
    Spread,
    Why,
)
from analyzers.report import (
    Dominator,
    ErrorGroup,
    Errors,
    Find,
    MainPlace,
    OperationRow,
    Operations,
    ServiceErrors,
    Services,
    Slowest,
    TraceSummary,
)
from analyzers.report_base import Condition, Edge, Scope, TraceHealth, Window

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

WHY = Why(
    question="why is checkout slow",
    scope=Scope(service="checkout"),
    baseline_window=Window(start="2026-11-22T10:30:00.000000000Z", end="2026-11-22T13:30:00.000000000Z"),
    headline="checkout is slower: mean 410 ms → 1.62 s in the last hour (+1.21 s, 95 % interval 1.12-1.3 s; "
    "1,204 against 5,310 traces). Almost all of it (94 %) is payment SELECT cards, run 30 times a request instead of once.",
    verdict="slower",
    change=Change(
        baseline_ns=410 * MS,
        incident_ns=1_620 * MS,
        delta_ns=1_210 * MS,
        ci95_ns=(1_120 * MS, 1_300 * MS),
        traces=(5310, 1204),
    ),
    parts=(
        Part(
            service="payment",
            operation="SELECT cards",
            delta_ns=1_140 * MS,
            more_calls_ns=1_130 * MS,
            slower_calls_ns=10 * MS,
            new_ns=0,
            gone_ns=0,
        ),
        Part(
            service="payment",
            operation="POST /charge",
            caller="checkout",
            delta_ns=50 * MS,
            more_calls_ns=0,
            slower_calls_ns=50 * MS,
            new_ns=0,
            gone_ns=0,
        ),
        Part(
            service="checkout",
            operation="audit",
            delta_ns=40 * MS,
            more_calls_ns=0,
            slower_calls_ns=0,
            new_ns=40 * MS,
            gone_ns=0,
        ),
        Part(
            service="inventory",
            operation="GET /stock",
            delta_ns=-20 * MS,
            more_calls_ns=0,
            slower_calls_ns=-20 * MS,
            new_ns=0,
            gone_ns=0,
        ),
    ),
    causes=(
        Cause(
            service="payment",
            operation="SELECT cards",
            change="calls",
            delta_ns=1_140 * MS,
            share=0.94,
            confidence="high",
            evidence=("called 30 times a request instead of once", "payment 2.4.0 was first seen at 14:51"),
        ),
    ),
    services_ranked=("payment", "checkout", "inventory", "frontend"),
    attributes=(
        SharedAttribute(
            key="service.version",
            value="2.4.0",
            where="payment",
            lift=33.0,
            coverage_ratio=1.0,
            q_value=0.0001,
            incident_without_ns=415 * MS,
        ),
    ),
    exemplars=Exemplars(slow=(TRACES[0].trace_id,), normal=(TRACES[2].trace_id,)),
    impact=(
        Impact(service="frontend", operation="POST /checkout", delta_ns=1_210 * MS),
        Impact(service="mobile-api", operation="POST /buy", delta_ns=1_200 * MS),
    ),
    **BASE,
    spread=Spread(
        service="payment",
        operation="SELECT cards",
        edges_ns=(20 * MS, 40 * MS, 80 * MS, 400 * MS, 800 * MS, 1_600 * MS),
        baseline=(0.55, 0.4, 0.05, 0.0, 0.0),
        incident=(0.02, 0.03, 0.1, 0.35, 0.5),
        requests=(5310, 1204),
    ),
)

COMPARED = Compare(
    question="compare checkout v1.4 vs v1.5",
    scope=Scope(service="checkout"),
    headline="checkout is not slower: mean 412 ms against 410 ms (+2 ms, 95 % interval -6 to 9 ms; 1,204 against 5,310 traces).",
    verdict="not_slower",
    change=Change(
        baseline_ns=410 * MS,
        incident_ns=412 * MS,
        delta_ns=2 * MS,
        ci95_ns=(-6 * MS, 9 * MS),
        traces=(5310, 1204),
    ),
    services_ranked=("payment", "checkout", "inventory", "frontend"),
    **BASE,
)

ANSWERS = {
    "slowest": SLOWEST,
    "errors": ERRORS,
    "found": FOUND,
    "operations": OPERATIONS,
    "services": SERVICES,
    "why": WHY,
    "compared": COMPARED,
    "nothing_found": NOTHING,
}
