"""The queue of receipts, from checkout to the worker: a table, and the context of the trace in each message."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from demo.shop.database import QUEUE, make_database

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAME = "receipts"
TAKE = "DELETE FROM messages WHERE id = (SELECT min(id) FROM messages) RETURNING body, headers"


@dataclass(frozen=True)
class Message:
    """What is to be done, and whose trace it belongs to."""

    body: Mapping[str, Any]
    headers: Mapping[str, str]


class Queue:
    """First in, first out, for any number of processes."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "queue.sqlite"
        make_database(self._path, QUEUE)

    def put(self, message: Message) -> None:
        row = (json.dumps(message.body), json.dumps(message.headers))
        with closing(self._connection()) as connection:
            connection.execute("INSERT INTO messages (body, headers) VALUES (?, ?)", row)

    def take(self) -> Message | None:
        """The oldest message, which nobody else gets; None while there is none."""
        with closing(self._connection()) as connection:
            rows = connection.execute(TAKE).fetchall()
        return Message(json.loads(rows[0][0]), json.loads(rows[0][1])) if rows else None

    def __len__(self) -> int:
        """How many messages wait."""
        with closing(self._connection()) as connection:
            return int(connection.execute("SELECT count(*) FROM messages").fetchone()[0])

    def _connection(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=10, isolation_level=None)
        connection.execute("PRAGMA synchronous = OFF")
        return connection
