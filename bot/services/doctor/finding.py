"""One thing that was looked at, and how it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is: works; works, but; does not work."""

    OK = "ok"
    WARN = "warn"
    FAIL = "FAIL"


@dataclass(frozen=True)
class Finding:
    """What was found, and what to do about it."""

    about: str
    level: Level
    found: str
    advice: str = ""


def ok(about: str, found: str) -> Finding:
    return Finding(about, Level.OK, found)


def warn(about: str, found: str, advice: str) -> Finding:
    return Finding(about, Level.WARN, found, advice)


def fail(about: str, found: str, advice: str) -> Finding:
    return Finding(about, Level.FAIL, found, advice)
