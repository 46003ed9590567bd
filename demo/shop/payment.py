"""payment: charges a customer's card, after a look at what the customer was charged before."""

from __future__ import annotations

import hashlib
import random
from typing import TYPE_CHECKING, Any

from flask import request
from opentelemetry import trace
from sqlalchemy import text

from demo.shop.database import PAST_CHARGES, PAYMENT, open_database
from demo.shop.fault import FAILING_EVERY, Fault
from demo.shop.service import new_service

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue
    from sqlalchemy import Connection

    from demo.shop.job import Job

TURNED_AWAY = 0.7
"""Of the calls, with RETRY_STORM."""
CHECK_ROUNDS = {"2.5.0": 120_000}
"""How thoroughly a version checks cards, where it differs from the usual."""
USUAL_ROUNDS = 1_000

AT_ONCE = text("SELECT id, cents FROM charges WHERE user_id = :user ORDER BY id LIMIT :most")
IDS = text("SELECT id FROM charges WHERE user_id = :user ORDER BY id LIMIT :most")
ONE = text("SELECT cents FROM charges WHERE id = :id")
BOOK = text("INSERT INTO charges (user_id, cents, order_id) VALUES (:user, :cents, :order)")

tracer = trace.get_tracer("shop.payment")


class CardDeclined(Exception):
    """The bank said no."""


def make_app(job: Job) -> Flask:
    app = new_service("payment")
    engine = open_database(job.place / "payment.sqlite", PAYMENT)
    faults = job.faults

    @app.post("/charge")
    def charge() -> ResponseReturnValue:
        order: dict[str, Any] = request.get_json()
        if faults.on(Fault.RETRY_STORM) and random.random() < TURNED_AWAY:
            return {"problem": "too busy"}, 503
        with engine.begin() as connection:
            spent_cents = _spent_cents(connection, order["user_id"], one_by_one=faults.on(Fault.N_PLUS_ONE))
            _check_card(order["user_id"], job.version, decline_some=faults.on(Fault.FAILING_USERS))
            booking = {"user": order["user_id"], "cents": order["cents"], "order": order["order_id"]}
            connection.execute(BOOK, booking)
        return {"spent_cents": spent_cents + order["cents"]}

    return app


def _spent_cents(connection: Connection, user_id: int, *, one_by_one: bool) -> int:
    asked = {"user": user_id, "most": PAST_CHARGES}
    if one_by_one:
        ids = connection.execute(IDS, asked).scalars().all()
        return sum(connection.execute(ONE, {"id": each}).scalar_one() for each in ids)
    return sum(cents for _, cents in connection.execute(AT_ONCE, asked))


def _check_card(user_id: int, version: str, *, decline_some: bool) -> None:
    with tracer.start_as_current_span("check_card", attributes={"user.id": user_id}) as span:
        rounds = CHECK_ROUNDS.get(version, USUAL_ROUNDS)
        hashlib.pbkdf2_hmac("sha256", str(user_id).encode(), b"card", rounds)
        span.add_event("card.checked", {"rounds": rounds})
        if decline_some and user_id % FAILING_EVERY == 0:
            raise CardDeclined(f"the bank declined the card of user {user_id}")
