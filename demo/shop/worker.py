"""worker: takes receipts out of the queue and sends them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from opentelemetry import propagate, trace
from opentelemetry.trace import SpanKind

from demo.shop import queue
from demo.shop.fault import Fault

if TYPE_CHECKING:
    from threading import Event

    from demo.shop.job import Job

PAUSE_S = 0.05
MAIL_S = 0.01

tracer = trace.get_tracer("shop.worker")


def work(job: Job, stopping: Event) -> None:
    """Until told to stop and the queue is empty."""
    receipts = queue.Queue(job.place)
    while True:
        with_context = not job.faults.on(Fault.LOST_CONTEXT)
        message = receipts.take()
        if message:
            _process(message, with_context=with_context)
        elif stopping.wait(PAUSE_S):
            return


def _process(message: queue.Message, *, with_context: bool) -> None:
    context = propagate.extract(message.headers) if with_context else None
    attributes = {"messaging.system": "sqlite", "messaging.destination.name": queue.NAME}
    with tracer.start_as_current_span(
        f"process {queue.NAME}", context=context, kind=SpanKind.CONSUMER, attributes=attributes
    ):
        mail = {"order.id": message.body["order_id"], "user.id": message.body["user_id"]}
        with tracer.start_as_current_span("send_mail", attributes=mail):
            time.sleep(MAIL_S)
