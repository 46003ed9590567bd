"""The story of the shipped trace: one checkout that took 4.12 s, and where it went.

frontend asks checkout, which asks inventory and payment. Payment reads the customer's cards one by one, 30 times, instead
of once: that is what a reader should find. Beside it stand the small things of real traces: a cache that
times out and is done without, a request that waits for a connection, a receipt sent later, a clock that is 4.8 ms behind.

`python -m demo.story` writes the file anew; it is the same on every machine.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeAlias

from demo import SLOW_CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
BEGAN_NS = 1_795_183_511_203_417_000
"""2026-11-20 14:05:11 UTC."""
US = 1_000

INTERNAL, SERVER, CLIENT, PRODUCER, CONSUMER = 1, 2, 3, 4, 5
FAILED = 2

CARDS = 30
CARD_US = 119_000


Attributes: TypeAlias = "Mapping[str, str | int]"


@dataclass(frozen=True)
class Process:
    """One running service, on a host with a clock of its own."""

    service: str
    host: str
    version: str
    clock_us: int = 0
    """How far the host's clock is ahead."""


FRONTEND = Process("frontend", "frontend-1", "3.11.0")
CHECKOUT = Process("checkout", "checkout-2", "1.8.2")
INVENTORY = Process("inventory", "inventory-1", "0.9.4")
PAYMENT = Process("payment", "payment-3", "2.4.0", clock_us=-4_800)
WORKER = Process("worker", "worker-1", "1.8.2")


@dataclass(frozen=True)
class Told:
    """One span of the story, in microseconds of a clock that is right."""

    process: Process
    name: str
    kind: int
    begin_us: int
    end_us: int
    parent: str = ""
    """Key of another span."""
    key: str = ""
    attributes: Attributes = field(default_factory=dict)
    failure: tuple[str, str] | None = None
    """Type and message of the exception."""


def slow_checkout() -> dict[str, Any]:
    """The trace as an OTLP/JSON document, one `resourceSpans` a process."""
    told = list(_story())
    processes = dict.fromkeys(span.process for span in told)
    return {"resourceSpans": [_resource_spans(process, told) for process in processes]}


def document() -> str:
    """The shipped file's text."""
    return json.dumps(slow_checkout(), indent=1) + "\n"


def _story() -> Iterator[Told]:
    yield from _entry()
    yield from _stock()
    yield from _limits()
    yield from _charge()
    yield from _order()
    yield from _receipt()


def _entry() -> Iterator[Told]:
    customer: Attributes = {
        "user.id": 42,
        "user.tier": "gold",
        "cart.items": 3,
        "cart.value_eur": 118,
        "promo.code": "BLACKNOV",
    }
    yield Told(
        FRONTEND, "POST /checkout", SERVER, 0, 4_120_000, "", "frontend",
        {"http.request.method": "POST", "http.route": "/checkout", "http.response.status_code": 200, **customer},
    )  # fmt: skip
    yield Told(
        FRONTEND,
        "POST",
        CLIENT,
        12_000,
        4_104_000,
        "frontend",
        "to checkout",
        _request("POST", "checkout", "/checkout"),
    )
    yield Told(
        CHECKOUT, "POST /checkout", SERVER, 13_400, 4_102_700, "to checkout", "checkout",
        {"http.request.method": "POST", "http.route": "/checkout", "http.response.status_code": 200, "user.id": 42},
    )  # fmt: skip


def _stock() -> Iterator[Told]:
    """The cache does not answer; inventory asks its database instead, so the request is fine."""
    yield Told(
        CHECKOUT, "GET", CLIENT, 61_000, 203_300, "checkout", "to inventory",
        _request("GET", "inventory", "/stock/1207"),
    )  # fmt: skip
    yield Told(
        INVENTORY, "GET /stock/{sku}", SERVER, 62_100, 202_300, "to inventory", "inventory",
        {"http.request.method": "GET", "http.route": "/stock/{sku}", "http.response.status_code": 200, "sku": "1207"},
    )  # fmt: skip
    yield Told(
        INVENTORY, "GET stock", CLIENT, 64_000, 114_000, "inventory", "cache",
        {"db.system.name": "redis", "db.operation.name": "GET", "server.address": "stock-cache"},
        failure=("redis.exceptions.TimeoutError", "no answer from stock-cache within 50 ms"),
    )  # fmt: skip
    yield Told(
        INVENTORY, "SELECT stock", CLIENT, 115_500, 197_000, "inventory", "stock",
        _query("SELECT", "stock", "SELECT available FROM stock WHERE sku = '1207'", "inventory-db"),
    )  # fmt: skip


def _limits() -> Iterator[Told]:
    yield Told(
        CHECKOUT, "GET", CLIENT, 214_000, 231_900, "checkout", "to limits",
        _request("GET", "payment", "/limits/42"),
    )  # fmt: skip
    yield Told(
        PAYMENT, "GET /limits/{user}", SERVER, 215_200, 230_700, "to limits", "limits",
        {"http.request.method": "GET", "http.route": "/limits/{user}", "http.response.status_code": 200, "user.id": 42},
    )  # fmt: skip
    yield Told(
        PAYMENT, "SELECT limits", CLIENT, 217_000, 228_400, "limits", "limits query",
        _query("SELECT", "limits", "SELECT daily FROM limits WHERE user_id = 42", "payment-db"),
    )  # fmt: skip


def _charge() -> Iterator[Told]:
    """The request waits 60 ms for a connection, then payment reads 30 cards one after the other."""
    yield Told(
        CHECKOUT,
        "POST",
        CLIENT,
        240_000,
        4_006_000,
        "checkout",
        "to charge",
        _request("POST", "payment", "/charge"),
    )
    yield Told(
        PAYMENT, "POST /charge", SERVER, 300_000, 4_004_800, "to charge", "charge",
        {"http.request.method": "POST", "http.route": "/charge", "http.response.status_code": 200, "user.id": 42},
    )  # fmt: skip
    begin_us = 322_000
    for number in range(CARDS):
        end_us = begin_us + CARD_US + (number * 7_919) % 3_000
        statement = f"SELECT * FROM cards WHERE user_id = 42 AND id = {1_001 + number}"  # noqa: S608 - nobody runs it
        yield Told(
            PAYMENT, "SELECT cards", CLIENT, begin_us, end_us, "charge", f"card {number}",
            _query("SELECT", "cards", statement, "payment-db"),
        )  # fmt: skip
        begin_us = end_us + 900
    yield Told(
        PAYMENT, "INSERT charges", CLIENT, 3_970_000, 3_996_000, "charge", "booked",
        _query("INSERT", "charges", "INSERT INTO charges (user_id, amount) VALUES (42, 11800)", "payment-db"),
    )  # fmt: skip


def _order() -> Iterator[Told]:
    yield Told(
        CHECKOUT, "INSERT orders", CLIENT, 4_021_000, 4_063_000, "checkout", "order",
        _query("INSERT", "orders", "INSERT INTO orders (user_id, total) VALUES (42, 11800)", "checkout-db"),
    )  # fmt: skip
    yield Told(
        CHECKOUT, "send receipts", PRODUCER, 4_066_000, 4_070_000, "checkout", "message",
        {"messaging.system": "kafka", "messaging.operation.type": "send", "messaging.destination.name": "receipts"},
    )  # fmt: skip


def _receipt() -> Iterator[Told]:
    """The worker takes the message when the customer has long had the answer."""
    yield Told(
        WORKER, "process receipts", CONSUMER, 5_020_000, 5_321_000, "message", "receipt",
        {"messaging.system": "kafka", "messaging.operation.type": "process", "messaging.destination.name": "receipts"},
    )  # fmt: skip
    yield Told(
        WORKER,
        "send_receipt",
        INTERNAL,
        5_034_000,
        5_312_000,
        "receipt",
        "mail",
        {"mail.template": "receipt"},
    )


def _request(method: str, host: str, path: str) -> Attributes:
    return {
        "http.request.method": method,
        "url.full": f"http://{host}:8080{path}",
        "server.address": host,
        "http.response.status_code": 200,
    }


def _query(operation: str, table: str, statement: str, host: str) -> Attributes:
    return {
        "db.system.name": "postgresql",
        "db.operation.name": operation,
        "db.collection.name": table,
        "db.query.text": statement,
        "server.address": host,
    }


def _resource_spans(process: Process, told: list[Told]) -> dict[str, Any]:
    resource = {
        "service.name": process.service,
        "service.version": process.version,
        "host.name": process.host,
        "deployment.environment.name": "shop",
    }
    spans = [_span(span) for span in told if span.process == process]
    return {
        "resource": {"attributes": _attributes(resource)},
        "scopeSpans": [{"scope": {"name": "shop.instrumentation"}, "spans": spans}],
    }


def _span(span: Told) -> dict[str, Any]:
    written: dict[str, Any] = {
        "traceId": TRACE_ID,
        "spanId": _span_id(span.key),
        "parentSpanId": _span_id(span.parent) if span.parent else "",
        "name": span.name,
        "kind": span.kind,
        "startTimeUnixNano": _time(span, span.begin_us),
        "endTimeUnixNano": _time(span, span.end_us),
        "attributes": _attributes(span.attributes),
        "status": {},
    }
    if span.failure:
        kind, message = span.failure
        exception = {"exception.type": kind, "exception.message": message}
        written["status"] = {"code": FAILED, "message": message}
        written["events"] = [
            {
                "name": "exception",
                "timeUnixNano": _time(span, span.end_us),
                "attributes": _attributes(exception),
            }
        ]
    return written


def _span_id(key: str) -> str:
    return sha256(key.encode()).hexdigest()[:16]


def _time(span: Told, at_us: int) -> str:
    return str(BEGAN_NS + (at_us + span.process.clock_us) * US)


def _attributes(values: Attributes) -> list[dict[str, Any]]:
    return [{"key": key, "value": _value(value)} for key, value in values.items()]


def _value(value: str | int) -> dict[str, Any]:
    return {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}


if __name__ == "__main__":
    SLOW_CHECKOUT.write_text(document(), encoding="utf-8")
