"""Ports for servers that have to be told one, as they cannot say which they took."""

from __future__ import annotations

import socket
from pathlib import Path
from random import Random

LOWEST, HIGHEST = 10_000, 60_000
EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")
DRAWN = Random()
TRIES = 1_000


def free_ports(count: int) -> list[int]:
    """Ports that nothing listens on right now, all different.

    They lie below those that the system gives to whoever asks for any: nothing takes one by chance before the server
    for which it is meant does. Each run draws its own, so that two at once do not meet.
    """
    highest = _first_ephemeral() - 1
    ports: set[int] = set()
    for _ in range(TRIES):
        port = DRAWN.randint(LOWEST, highest)
        if port not in ports and _free(port):
            ports.add(port)
        if len(ports) == count:
            return list(ports)
    raise RuntimeError(f"Of {TRIES} ports between {LOWEST} and {highest} hardly one is free.")


def _first_ephemeral() -> int:
    try:
        first = int(EPHEMERAL.read_text(encoding="ascii").split()[0])
    except OSError:
        return HIGHEST
    return first if first > LOWEST + TRIES else HIGHEST


def _free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True
