"""The services' databases: SQLite files, made by whoever opens them first."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor
from sqlalchemy import Engine, create_engine, event

if TYPE_CHECKING:
    from pathlib import Path

CUSTOMERS = 50
PRODUCTS = 200
MOVEMENTS = 240_000
PAST_CHARGES = 80
"""Of each customer."""
ROUND_TRIP_S = 0.001

MOVEMENTS_INDEX = "CREATE INDEX IF NOT EXISTS movements_by_product ON movements (product, change)"
NO_MOVEMENTS_INDEX = "DROP INDEX IF EXISTS movements_by_product"

SIZES = {
    "customers": CUSTOMERS,
    "products": PRODUCTS,
    "movements": MOVEMENTS,
    "charges": CUSTOMERS * PAST_CHARGES,
}
"""What the statements below may name."""

INVENTORY = (
    "CREATE TABLE products (product INTEGER PRIMARY KEY, name TEXT NOT NULL, price_cents INTEGER NOT NULL)",
    """
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :products)
    INSERT INTO products SELECT i, 'product ' || i, 500 + (i * 37) % 9000 FROM n
    """,
    "CREATE TABLE movements (id INTEGER PRIMARY KEY, product INTEGER NOT NULL, change INTEGER NOT NULL, note TEXT)",
    """
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :movements)
    INSERT INTO movements SELECT i, i * 7919 % :products + 1, 1 + i % 3, 'delivery ' || i FROM n
    """,
    MOVEMENTS_INDEX,
)
PAYMENT = (
    "CREATE TABLE charges (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, cents INTEGER NOT NULL, order_id TEXT)",
    "CREATE INDEX charges_by_user ON charges (user_id)",
    """
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :charges)
    INSERT INTO charges SELECT i, i % :customers + 1, 100 + i % 900, 'past-' || i FROM n
    """,
)
CHECKOUT = ("CREATE TABLE orders (id TEXT PRIMARY KEY, user_id INTEGER NOT NULL, cents INTEGER NOT NULL)",)
QUEUE = ("CREATE TABLE messages (id INTEGER PRIMARY KEY, body TEXT NOT NULL, headers TEXT NOT NULL)",)


def open_database(path: Path, statements: tuple[str, ...]) -> Engine:
    """An instrumented engine on the file, which must lie in the current folder: spans are named after its path."""
    make_database(path, statements)
    engine = create_engine(f"sqlite:///{path.name}", connect_args={"timeout": 10})
    event.listen(engine, "connect", _hurry)
    SQLAlchemyInstrumentor().instrument(engine=engine)
    event.listen(engine, "before_cursor_execute", _travel)  # within the span, which has begun by now
    return engine


def make_database(path: Path, statements: tuple[str, ...]) -> None:
    """The file with its tables, unless it is there; whoever comes second waits for the first."""
    with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN IMMEDIATE")
        if not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            for statement in statements:
                connection.execute(statement, SIZES)
        connection.execute("COMMIT")


def run_untraced(path: Path, statement: str) -> None:
    """What somebody does to the database behind the service's back."""
    with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as connection:
        connection.execute(statement)


def _hurry(connection: sqlite3.Connection, _record: object) -> None:
    """The files are thrown away afterwards: a lost write would be no loss."""
    connection.execute("PRAGMA synchronous = OFF")


def _travel(*_statement: object) -> None:
    """SQLite is here; the databases of shops are on the other side of a network."""
    time.sleep(ROUND_TRIP_S)
