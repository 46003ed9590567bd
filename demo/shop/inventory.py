"""inventory: what there is, and what it costs. What is in stock is the sum of all movements."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

from flask import request
from sqlalchemy import text

from demo.shop.database import INVENTORY, MOVEMENTS_INDEX, NO_MOVEMENTS_INDEX, open_database, run_untraced
from demo.shop.fault import Fault
from demo.shop.service import new_service

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from demo.shop.fault import FaultFile
    from demo.shop.job import Job

LIST = text("SELECT product, name, price_cents FROM products ORDER BY product LIMIT 20")
PRICE = text("SELECT price_cents FROM products WHERE product = :product")
STOCK = text("SELECT sum(change) FROM movements WHERE product = :product")


def make_app(job: Job) -> Flask:
    app = new_service("inventory")
    path = job.place / "inventory.sqlite"
    engine = open_database(path, INVENTORY)
    index = MovementsIndex(path, job.faults)

    @app.get("/products")
    def products() -> list[dict[str, Any]]:
        with engine.connect() as connection:
            return [dict(row) for row in connection.execute(LIST).mappings()]

    @app.get("/stock")
    def stock() -> dict[str, Any]:
        index.follow_the_fault()
        wanted = [int(product) for product in request.args["products"].split(",")]
        with engine.connect() as connection:
            available = {
                product: connection.execute(STOCK, {"product": product}).scalar() for product in wanted
            }
            cents = sum(connection.execute(PRICE, {"product": product}).scalar_one() for product in wanted)
        return {"available": available, "cents": cents}

    return app


class MovementsIndex:
    """The index that somebody drops: there, or not, as the fault says."""

    def __init__(self, path: Path, faults: FaultFile) -> None:
        self._path = path
        self._faults = faults
        self._there = True
        self._lock = Lock()

    def follow_the_fault(self) -> None:
        with self._lock:
            wanted = not self._faults.on(Fault.MISSING_INDEX)
            if wanted != self._there:
                run_untraced(self._path, MOVEMENTS_INDEX if wanted else NO_MOVEMENTS_INDEX)
                self._there = wanted
