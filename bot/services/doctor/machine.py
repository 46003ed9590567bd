"""This machine: the folder that spans are kept in, its disk, and the ports to listen on."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import tempfile
from typing import TYPE_CHECKING

from bot.services.doctor.finding import Finding, fail, ok, warn

if TYPE_CHECKING:
    from pathlib import Path

FOLDER, SPACE, PORTS = "own store", "own store space", "ports"
MIB = 1 << 20
LEAST_FREE_MIB = 200


def look_at_folder(folder: Path, keep_mib: int) -> list[Finding]:
    """Whether spans can be kept there, and how many. Nothing is left behind."""
    place = _existing(folder)
    if not os.access(place, os.W_OK | os.X_OK) or not place.is_dir():
        return [
            fail(FOLDER, f"{folder} cannot be written to by this user", "Set store.folder, or its owner.")
        ]
    if place == folder:
        try:
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(b"?")
        except OSError as exc:
            return [
                fail(
                    FOLDER,
                    f"{folder} cannot be written to: {exc.strerror}",
                    "Set store.folder, or free room.",
                )
            ]
    where = ok(FOLDER, f"{folder} can be written to" if place == folder else f"{folder} will be made")
    return [where, _space(place, folder, keep_mib)]


def look_at_ports(wanted: dict[str, tuple[str, int]], *, is_served: bool) -> list[Finding]:
    """Whether they can be listened on; `wanted` has an address and a port by the setting that names them."""
    if is_served:
        return [ok(PORTS, "in use by the tracewhy that runs here")]
    taken = [
        fail(
            PORTS,
            f"{setting}: port {port} of {host} {trouble}",
            f"Stop what listens there, or set {setting}.",
        )
        for setting, (host, port) in wanted.items()
        if (trouble := _trouble(host, port))
    ]
    free = ", ".join(str(port) for _, port in wanted.values() if port)
    return taken or [ok(PORTS, f"free: {free or 'any'}")]


def _existing(folder: Path) -> Path:
    """The folder, else the nearest one above it that is there."""
    return next(place for place in (folder, *folder.parents) if place.exists())


def _space(place: Path, folder: Path, keep_mib: int) -> Finding:
    free_mib = shutil.disk_usage(place).free // MIB
    used_mib = (
        sum(file.stat().st_size for file in folder.glob("*") if file.is_file()) // MIB
        if place == folder
        else 0
    )
    room = f"{free_mib:,} MiB free"
    if free_mib < LEAST_FREE_MIB:
        return fail(SPACE, room, "Free some, or name a folder on another disk in store.folder.")
    if free_mib + used_mib < keep_mib:
        return warn(
            SPACE,
            f"{room}, and the store may grow to {keep_mib:,} MiB",
            "Lower store.keep_mib, or name a folder on a larger disk in store.folder.",
        )
    return ok(SPACE, room)


def _trouble(host: str, port: int) -> str | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as exc:
            return _words(exc)
    return None


def _words(exc: OSError) -> str:
    if exc.errno == errno.EADDRINUSE:
        return "is taken by another program"
    if exc.errno == errno.EACCES:
        return "is for root only"
    return f"cannot be listened on: {exc.strerror or type(exc).__name__}"
