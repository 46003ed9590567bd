"""The customers: requests at a steady rate, and the truth about each in a file, one JSON object a line."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from random import Random
from threading import Event, Lock
from typing import TYPE_CHECKING, Any

import requests

from demo.shop.database import CUSTOMERS, PRODUCTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from demo.shop.fault import Fault
    from demo.shop.job import Job

SEED = 20_261_122
AT_ONCE = 16
PATIENCE_S = 60
BROWSING = 0.2
"""Of the requests; the others order."""
CART = 3


@dataclass(frozen=True)
class Sent:
    """One request and what came of it, as the customer saw it."""

    request: int
    sent_ns: int
    duration_ns: int
    path: str
    status: int
    """0 where no answer came."""
    trace_id: str
    """As the answer said; empty where it did not."""
    user_id: int | None = None
    order_id: str | None = None
    faults: Sequence[Fault] = ()


def truth_file(folder: Path) -> Path:
    return folder / "truth.jsonl"


def read_truth(folder: Path) -> list[Sent]:
    """Every request that was answered or given up so far."""
    path = truth_file(folder)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [Sent(**json.loads(line)) for line in lines]


def send_requests(job: Job, stopping: Event) -> None:
    """At the job's rate until told to stop or all are sent; returns when the last is answered."""
    drawn = Random(SEED)
    truth = Truth(truth_file(job.place))
    began_s = time.monotonic()
    number = 0
    with ThreadPoolExecutor(AT_ONCE) as customers:
        while not stopping.wait(max(began_s + number / job.rate - time.monotonic(), 0)):
            number += 1
            order = None if drawn.random() < BROWSING else _order(number, drawn)
            customers.submit(_send, number, order, job, truth)
            if number == job.requests:
                break


class Truth:
    """The file of what happened; each line is whole."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8", buffering=1)
        self._lock = Lock()

    def write(self, sent: Sent) -> None:
        with self._lock:
            self._file.write(json.dumps(asdict(sent)) + "\n")


def _order(number: int, drawn: Random) -> dict[str, Any]:
    return {
        "order_id": f"o-{number:06}",
        "user_id": drawn.randint(1, CUSTOMERS),
        "products": drawn.sample(range(1, PRODUCTS + 1), CART),
    }


def _send(number: int, order: dict[str, Any] | None, job: Job, truth: Truth) -> None:
    path = "/checkout" if order else "/products"
    faults = tuple(job.faults.all())
    sent_ns, began_ns = time.time_ns(), time.monotonic_ns()
    try:
        answer = requests.request(
            "POST" if order else "GET",
            f"{job.addresses['frontend']}{path}",
            json=order,
            timeout=PATIENCE_S,
        )
        status, trace_id = answer.status_code, _trace_id(answer.headers.get("traceresponse", ""))
    except requests.RequestException:
        status, trace_id = 0, ""
    truth.write(
        Sent(
            request=number,
            sent_ns=sent_ns,
            duration_ns=time.monotonic_ns() - began_ns,
            path=path,
            status=status,
            trace_id=trace_id,
            user_id=order["user_id"] if order else None,
            order_id=order["order_id"] if order else None,
            faults=faults,
        )
    )


def _trace_id(traceresponse: str) -> str:
    """Of 00-<trace>-<span>-01."""
    parts = traceresponse.split("-")
    return parts[1] if len(parts) == 4 else ""
