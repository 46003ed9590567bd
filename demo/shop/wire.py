"""The network between two services: a proxy that hands bytes on, slowly or with a header renamed when it is broken."""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from threading import Event, Thread
from typing import TYPE_CHECKING

from demo.shop.fault import Fault

if TYPE_CHECKING:
    from demo.shop.job import Job

DELAY_S = 0.12
CHUNK = 65_536
HEADER, RENAMED = b"traceparent:", b"x-old-trace:"


def carry(job: Job, stopping: Event) -> None:
    """Hand on every connection until told to stop."""
    listener = socket.socket(fileno=job.socket)
    listener.settimeout(0.2)
    while not stopping.is_set():
        with suppress(TimeoutError):
            near, _ = listener.accept()
            near.settimeout(None)
            Thread(target=_connect, args=(near, job), daemon=True).start()


def _connect(near: socket.socket, job: Job) -> None:
    with near, socket.create_connection(("127.0.0.1", int(job.target))) as far:
        back = Thread(target=_hand_on, args=(far, near, job), daemon=True)
        back.start()
        _hand_on(near, far, job)
        back.join()


def _hand_on(source: socket.socket, target: socket.socket, job: Job) -> None:
    """Until one side has said everything. A side that hangs up ends it."""
    with suppress(OSError):
        while data := source.recv(CHUNK):
            target.sendall(_as_it_arrives(data, job))
        target.shutdown(socket.SHUT_WR)


def _as_it_arrives(data: bytes, job: Job) -> bytes:
    broken = job.faults.all()
    if job.role == "wire to payment" and Fault.SLOW_NETWORK in broken:
        time.sleep(DELAY_S)
    if job.role == "wire to inventory" and Fault.BROKEN_PROPAGATION in broken:
        return data.replace(HEADER, RENAMED)
    return data
