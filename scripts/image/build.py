"""Carries out a Dockerfile, step by step, in root file systems that are folders."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.image.dockerfile import Instruction, Stage, UnknownInstruction, expanded
from scripts.image.rootfs import WHEELS, copy, run_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# Docker gives these to whoever builds where packages come from elsewhere; here they come from a folder, and nothing else.
BASE_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
OFFLINE = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": WHEELS, "PIP_ROOT_USER_ACTION": "ignore"}


@dataclass
class Image:
    """A root file system, and how its program is started."""

    root: Path
    environment: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    user: str = "0"
    volumes: list[str] = field(default_factory=list)
    entrypoint: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    """Every instruction that was carried out, as it stands in the Dockerfile."""

    def write(self, path: Path) -> None:
        path.write_text(json.dumps({**asdict(self), "root": str(self.root)}, indent=1), "utf-8")


def read_image(path: Path) -> Image:
    """What was built."""
    said = json.loads(path.read_text("utf-8"))
    return Image(**said | {"root": Path(said["root"])})


class Build:
    """One run over all stages. `wheels` is the only place that packages come from; `say` hears of every step."""

    def __init__(
        self, context: Path, place: Path, base: Path, wheels: Path, say: Callable[[str], None]
    ) -> None:
        self._context = context
        self._place = place
        self._base = base
        self._wheels = wheels
        self._say = say
        self._stages: dict[str, Image] = {}

    def carry_out(self, stages: Sequence[Stage]) -> Image:
        """The image of the last stage."""
        image = Image(self._base)
        for number, stage in enumerate(stages):
            image = self._carry_out(stage, self._place / f"stage-{number}")
            self._stages[stage.name] = image
        return image

    def _carry_out(self, stage: Stage, root: Path) -> Image:
        image = self._begun(stage, root)
        for instruction in stage.instructions:
            self._say(f"{instruction.keyword} {instruction.rest[:100]}")
            self._step(image, instruction)
            image.steps.append(f"{instruction.keyword} {instruction.rest}")
        return image

    def _begun(self, stage: Stage, root: Path) -> Image:
        parent = self._stages.get(stage.base)
        # A fast copy where the file system can; -a keeps devices and owners.
        source = parent.root if parent else self._base
        subprocess.run(["cp", "-a", "--reflink=auto", str(source), str(root)], check=True)
        if parent is None:
            return Image(root, {"PATH": BASE_PATH})
        return Image(root, dict(parent.environment), parent.folder, parent.user, steps=list(parent.steps))

    def _step(self, image: Image, instruction: Instruction) -> None:
        match instruction.keyword:
            case "RUN":
                environment = image.environment | OFFLINE
                run_in(
                    image.root, ["/bin/sh", "-c", instruction.rest], environment, image.folder, self._wheels
                )
            case "COPY":
                self._copy(image, instruction.words)
            case "ENV":
                for word in instruction.words:
                    name, _, value = word.partition("=")
                    image.environment[name] = expanded(value, image.environment)
            case "WORKDIR":
                image.folder = instruction.rest
                (image.root / instruction.rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
            case "USER":
                image.user = instruction.rest
            case "VOLUME":
                image.volumes += instruction.words
            case "ENTRYPOINT":
                image.entrypoint = instruction.words
            case "CMD":
                image.command = instruction.words
            case "HEALTHCHECK":
                image.health = Instruction("CMD", instruction.rest.partition(" CMD ")[2]).words

    def _copy(self, image: Image, words: list[str]) -> None:
        """From the tree, or with `--from=` from another stage."""
        stage = words.pop(0).removeprefix("--from=") if words[0].startswith("--from=") else ""
        *sources, target = words
        if any(word.startswith("--") for word in sources):
            raise UnknownInstruction(f"scripts/image does not know these options of COPY: {words}")
        origin = self._stages[stage].root if stage else self._context
        place = image.root / str(Path(image.folder) / target).lstrip("/")
        copy([origin / source.lstrip("/") for source in sources], place, into=target.endswith("/"))


def context_of(tree: Path, ignore_file: str, place: Path) -> Path:
    """What a builder is sent of the tree: what .dockerignore leaves, which for ours begins with leaving nothing."""
    lines = [line for line in ignore_file.splitlines() if line and not line.startswith("#")]
    kept = [line[1:].rstrip("/") for line in lines if line.startswith("!")]
    dropped = [line.rpartition("/")[2] for line in lines if line.startswith("**/")]
    if lines[0] != "*" or len(lines) != 1 + len(kept) + len(dropped):
        raise UnknownInstruction("scripts/image does not understand what .dockerignore says.")

    def ignored(_folder: str, names: list[str]) -> set[str]:
        return {name for name in names for pattern in dropped if fnmatch(name, pattern)}

    for name in kept:
        source = tree / name
        if source.is_dir():
            shutil.copytree(source, place / name, ignore=ignored)
        else:
            place.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, place / name)
    return place
