"""What a Dockerfile says, as far as ours says it: instructions by stage, a line of the file each."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass, field

KNOWN = frozenset(
    "FROM RUN COPY ENV WORKDIR USER VOLUME EXPOSE STOPSIGNAL HEALTHCHECK ENTRYPOINT CMD".split()
)
STAGE_NAME = re.compile(r"^(\S+)(?: AS (\S+))?$")
VARIABLE = re.compile(r"\$(\w+)|\$\{(\w+)\}")


class UnknownInstruction(Exception):
    """The Dockerfile has something that nothing here carries out."""


@dataclass(frozen=True)
class Instruction:
    """One line: `RUN`, and what stands after it."""

    keyword: str
    rest: str

    @property
    def words(self) -> list[str]:
        """What stands after it, as words: of a JSON list, or as a shell would take them apart."""
        if self.rest.startswith("["):
            words: list[str] = json.loads(self.rest)
            return words
        return shlex.split(self.rest)


@dataclass
class Stage:
    """Everything from one FROM to the next."""

    base: str
    name: str
    instructions: list[Instruction] = field(default_factory=list)


def read_dockerfile(text: str) -> list[Stage]:
    """Its stages, in order.

    Raises:
        UnknownInstruction: there is an instruction, or an option, that we do not carry out.
    """
    stages: list[Stage] = []
    for line in _lines(text):
        keyword, _, rest = line.partition(" ")
        if keyword not in KNOWN:
            raise UnknownInstruction(f"scripts/image does not know {keyword}: {line}")
        if keyword == "FROM":
            found = STAGE_NAME.match(rest)
            if found is None:
                raise UnknownInstruction(f"scripts/image does not understand: {line}")
            stages.append(Stage(found[1], found[2] or ""))
        else:
            stages[-1].instructions.append(Instruction(keyword, rest.strip()))
    return stages


def expanded(text: str, environment: dict[str, str]) -> str:
    """The text with `$NAME` and `${NAME}` replaced, as ENV does."""
    return VARIABLE.sub(lambda found: environment.get(found[1] or found[2], ""), text)


def _lines(text: str) -> list[str]:
    """Without comments and blank lines; what ends with a backslash goes on in the next."""
    said = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    joined = re.sub(r"\\\n\s*", "", said)
    return [line.strip() for line in joined.splitlines() if line.strip()]
