"""inventory: what there is, and what it costs. What is in stock is the sum of all movements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from sqlalchemy import text

from demo.shop.database import INVENTORY, open_database
from demo.shop.service import new_service

if TYPE_CHECKING:
    from flask import Flask

    from demo.shop.job import Job

LIST = text("SELECT product, name, price_cents FROM products ORDER BY product LIMIT 20")
PRICE = text("SELECT price_cents FROM products WHERE product = :product")
STOCK = text("SELECT sum(change) FROM movements WHERE product = :product")


def make_app(job: Job) -> Flask:
    app = new_service("inventory")
    engine = open_database(job.place / "inventory.sqlite", INVENTORY)

    @app.get("/products")
    def products() -> list[dict[str, Any]]:
        with engine.connect() as connection:
            return [dict(row) for row in connection.execute(LIST).mappings()]

    @app.get("/stock")
    def stock() -> dict[str, Any]:
        wanted = [int(product) for product in request.args["products"].split(",")]
        with engine.connect() as connection:
            available = {
                product: connection.execute(STOCK, {"product": product}).scalar() for product in wanted
            }
            cents = sum(connection.execute(PRICE, {"product": product}).scalar_one() for product in wanted)
        return {"available": available, "cents": cents}

    return app
