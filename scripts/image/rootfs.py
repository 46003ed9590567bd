"""A root file system in a folder, and commands that run in it: what a container is, as far as we need one."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

WHEELS = "/wheels"
# The mounts are in a namespace of the command's own: nothing is left to be unmounted, whatever happens.
INSIDE = """
set -e
mount --bind "$1" "$1"
test -z "$2" || { mkdir -p "$1/wheels"; mount --bind "$2" "$1/wheels"; }
mount -t proc proc "$1/proc"
mount -t tmpfs -o mode=1777 tmpfs "$1/tmp"
root="$1" user="$3" folder="$4"
shift 4
exec chroot --userspec="$user" "$root" /bin/sh -c 'cd "$0" && exec "$@"' "$folder" "$@"
"""


class BuildFailed(Exception):
    """A step did not work. The message says which, and its last words."""


def command_in(
    root: Path,
    words: Sequence[str],
    environment: Mapping[str, str],
    *,
    user: str = "0:0",
    folder: str = "/",
    wheels: Path | None = None,
) -> list[str]:
    """The command that runs `words` in there, as the first process of a namespace that ends with it.

    With wheels it sees those, and no network.
    """
    variables = [f"{name}={value}" for name, value in environment.items()]
    around = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private"]
    network = ["--net"] if wheels else []
    return [
        *around,
        *network,
        "sh",
        "-c",
        INSIDE,
        "sh",
        str(root),
        str(wheels or ""),
        user,
        folder,
        "/usr/bin/env",
        "-i",
        *variables,
        *words,
    ]


def run_in(
    root: Path,
    words: Sequence[str],
    environment: Mapping[str, str],
    folder: str,
    wheels: Path,
) -> None:
    """Run it as root, without a network: what is installed comes from the folder of wheels.

    Raises:
        BuildFailed: it ended with another status than 0.
    """
    command = command_in(root, words, environment, folder=folder, wheels=wheels)
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        said = (run.stdout + run.stderr).strip()[-2000:]
        raise BuildFailed(f"This step ended with status {run.returncode}: {words[-1]}\n{said}")


def copy(sources: Sequence[Path], place: Path, *, into: bool) -> None:
    """As COPY does: what a folder holds goes into the place; a file goes into it, or becomes it."""
    for source in sources:
        if source.is_dir():
            shutil.copytree(source, place, symlinks=True, dirs_exist_ok=True)
        elif into:
            place.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, place / source.name)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, place)
