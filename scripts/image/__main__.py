"""Builds the image of the Dockerfile where there is no Docker, and tries it: `make image`.

The base is Debian's own Python in a root file system of the release that the Dockerfile names; everything else is what
the Dockerfile says, carried out in it. Needs root, Linux, and Debian's mmdebstrap.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from scripts.image.build import Build, Image, context_of
from scripts.image.dockerfile import UnknownInstruction, read_dockerfile
from scripts.image.rootfs import BuildFailed
from scripts.image.trial import TrialFailed, try_out

TREE = Path(__file__).parents[2]
PACKAGES = "python3,python3-venv,ca-certificates"
BASE = re.compile(r"^python:(\d+\.\d+)-slim-(\w+)$")
SOURCES = (Path("/etc/apt/sources.list.d/debian.sources"), Path("/etc/apt/sources.list"))


def main() -> int:
    """Exit status: 0 built and works, or cannot be built on this machine, which is said; 1 otherwise."""
    if reason := _why_not():
        say(f"not built: {reason}")
        return 0
    began_s = time.monotonic()
    try:
        image = build(cache() / "image")
        say(f"built in {time.monotonic() - began_s:.0f} s: {image.root}")
        for line in try_out(image):
            say(line)
    except (BuildFailed, TrialFailed, UnknownInstruction) as exc:
        say(str(exc))
        return 1
    return 0


def say(line: str) -> None:
    print(f"image: {line}", flush=True)


def cache() -> Path:
    """A folder outside the tree, as `make servers` has one."""
    above = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return above / "tracewhy"


def _why_not() -> str:
    """What this machine lacks; empty where it can build."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "it takes root on Linux to make a root file system. With Docker: docker build -t tracewhy ."
    missing = [name for name in ("mmdebstrap", "unshare", "chroot") if shutil.which(name) is None]
    if missing:
        return f"there is no {missing[0]}. On Debian: apt-get install mmdebstrap util-linux"
    if subprocess.run(["unshare", "--mount", "--pid", "--net", "--fork", "true"], check=False).returncode:
        return "this root may not make namespaces, as inside of many containers."
    _, wanted = _base_named(read_dockerfile((TREE / "Dockerfile").read_text("utf-8"))[0].base)
    release = platform.freedesktop_os_release().get("VERSION_CODENAME", "of no name")
    if release != wanted or not any(path.is_file() for path in SOURCES):
        return f"its base is a Debian {wanted}, and this is {release}: packages would be of another age."
    return ""


def build(place: Path) -> Image:
    """The image, in that folder; the base and the wheels beside it are made once."""
    stages = read_dockerfile((TREE / "Dockerfile").read_text("utf-8"))
    version, release = _base_named(stages[0].base)
    base = _base(place.parent / f"debian-{release}-python", release)
    _give_python(base, version)
    wheels = _wheels(place.parent / "wheels", version)
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        ignore_file = (TREE / ".dockerignore").read_text("utf-8")
        context = context_of(TREE, ignore_file, Path(folder) / "context")
        image = Build(context, place, base, wheels, say).carry_out(stages)
    for stage in place.glob("stage-*"):
        if stage != image.root:
            shutil.rmtree(stage)
    image.write(place / "image.json")
    return image


def _base_named(name: str) -> tuple[str, str]:
    found = BASE.match(name)
    if found is None:
        raise UnknownInstruction(f"scripts/image knows bases like python:3.11-slim-bookworm, not {name}.")
    return found[1], found[2]


def _base(place: Path, release: str) -> Path:
    """Debian's smallest system of that release with its Python, from wherever this machine gets its packages."""
    if place.is_dir():
        return place
    say(f"making a Debian {release} with Python, about a minute and a half")
    workshop = Path(tempfile.mkdtemp(prefix=".base-", dir=_made(place.parent)))
    sources = next(path for path in SOURCES if path.is_file())
    command = ["mmdebstrap", "--quiet", "--variant=minbase", f"--include={PACKAGES}", release]
    run = subprocess.run([*command, str(workshop), str(sources)], check=False)
    if run.returncode:
        shutil.rmtree(workshop)
        raise BuildFailed("mmdebstrap could not make the base; its messages stand above.")
    workshop.rename(place)
    return place


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _give_python(base: Path, version: str) -> None:
    """The base that the Dockerfile names has its Python under this name."""
    if not (base / f"usr/bin/python{version}").exists():
        raise BuildFailed(f"Debian's Python is not the {version} that the Dockerfile's base has.")
    link = base / "usr/local/bin/python3"
    if not link.is_symlink():
        link.symlink_to(f"/usr/bin/python{version}")


def _wheels(place: Path, version: str) -> Path:
    """Every locked package, fetched as this machine fetches packages and checked against the hashes."""
    for name in ("run", "build"):
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        options = ["--no-deps", "--only-binary=:all:", "--require-hashes", f"--python-version={version}"]
        lock = ["-r", str(TREE / f"requirements/{name}.txt"), "--dest", str(_made(place))]
        there = ["--no-index", "--find-links", str(place)]
        if not subprocess.run(
            [*command, *there, *options, *lock], capture_output=True, check=False
        ).returncode:
            continue
        say(f"fetching the wheels of requirements/{name}.txt, once")
        if subprocess.run([*command, *options, *lock], check=False).returncode:
            raise BuildFailed("pip could not fetch the locked packages; its messages stand above.")
    return place


if __name__ == "__main__":
    sys.exit(main())
