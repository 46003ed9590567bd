"""checkout: takes an order, has it priced and paid, and leaves the receipt to the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests
from flask import request
from opentelemetry import propagate, trace
from opentelemetry.trace import SpanKind
from sqlalchemy import Engine, text

from demo.shop import queue
from demo.shop.database import CHECKOUT, open_database
from demo.shop.service import new_service

if TYPE_CHECKING:
    from flask import Flask

    from demo.shop.job import Job

PATIENCE_S = 10
TRIES = 5
BOOK = text("INSERT INTO orders (id, user_id, cents) VALUES (:order_id, :user_id, :cents)")

tracer = trace.get_tracer("shop.checkout")


class PaymentFailed(Exception):
    """Payment did not take the money."""


def make_app(job: Job) -> Flask:
    app = new_service("checkout")
    engine = open_database(job.place / "checkout.sqlite", CHECKOUT)
    receipts = queue.Queue(job.place)

    @app.post("/checkout")
    def checkout() -> dict[str, Any]:
        return _process_order(request.get_json(), job, engine, receipts)

    return app


def _process_order(order: dict[str, Any], job: Job, engine: Engine, receipts: queue.Queue) -> dict[str, Any]:
    with tracer.start_as_current_span("process_order") as span:
        span.set_attribute("order.id", order["order_id"])
        span.set_attribute("user.id", order["user_id"])
        order["cents"] = _priced_cents(order, job)
        span.add_event("order.priced", {"order.cents": order["cents"]})
        _pay(order, job)
        with engine.begin() as connection:
            connection.execute(BOOK, order)
        _send_receipt(order, receipts)
    return {"order_id": order["order_id"], "cents": order["cents"]}


def _priced_cents(order: dict[str, Any], job: Job) -> int:
    wanted = ",".join(str(product) for product in order["products"])
    answer = requests.get(
        f"{job.addresses['inventory']}/stock", params={"products": wanted}, timeout=PATIENCE_S
    )
    answer.raise_for_status()
    return int(answer.json()["cents"])


def _pay(order: dict[str, Any], job: Job) -> None:
    """Ask until payment has time; give up when it says no or never has."""
    for _ in range(TRIES):
        answer = requests.post(f"{job.addresses['payment']}/charge", json=order, timeout=PATIENCE_S)
        if answer.status_code != requests.codes.service_unavailable:
            break
    if not answer.ok:
        raise PaymentFailed(f"payment answered {answer.status_code} to order {order['order_id']}")


def _send_receipt(order: dict[str, Any], receipts: queue.Queue) -> None:
    attributes = {"messaging.system": "sqlite", "messaging.destination.name": queue.NAME}
    with tracer.start_as_current_span(f"send {queue.NAME}", kind=SpanKind.PRODUCER, attributes=attributes):
        headers: dict[str, str] = {}
        propagate.inject(headers)
        receipts.put(queue.Message(order, headers))
