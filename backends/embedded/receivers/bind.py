"""Sockets that listen, and what is said where one cannot."""

from __future__ import annotations

import errno
import socket

from backends.errors import BackendError

BACKLOG = 1_024


class PortTaken(BackendError):
    """Another program listens there already, or this one may not."""


def listen(host: str, port: int, what: str) -> socket.socket:
    """A socket that listens on the address; port 0 takes a free one.

    Raises:
        PortTaken: it cannot.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as exc:
        raise PortTaken(
            f"{what} cannot listen on {host}: no such address.",
            "Write an address of this machine, as 127.0.0.1.",
        ) from exc
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
        listening.setblocking(False)
    except OSError as exc:
        listening.close()
        raise refused(host, port, what, exc) from exc
    return listening


def refused(host: str, port: int, what: str, error: OSError) -> PortTaken:
    """Why nothing can listen there, in words."""
    if error.errno == errno.EADDRINUSE:
        return PortTaken(
            f"{what} cannot listen on port {port} of {host}: another program does.",
            "Stop that program (a Collector, another tracewhy?), or choose another port: "
            "--grpc-port N, --http-port N, 0 for a free one.",
        )
    if error.errno == errno.EACCES:
        return PortTaken(
            f"{what} may not listen on port {port} of {host}.",
            "Choose a port above 1023: --grpc-port N, --http-port N.",
        )
    return PortTaken(
        f"{what} cannot listen on port {port} of {host}: {error.strerror}.",
        "Write an address of this machine, as 127.0.0.1.",
    )
