"""What can go wrong with a trace store, as types for programs and messages for people.

    BackendError                 .exit_status 3
    ├── BackendUnreachable       no answer at all; retriable
    ├── BackendTimeout           no answer in time; retriable
    ├── BackendOverloaded        429 or 5xx that says "later"; retriable
    ├── BackendRefused           401, 403, 400: it will not answer this
    ├── BackendBroken            an answer that cannot be what it should be (HTML, endless, not JSON, 500)
    ├── CannotAsk                this store has no way to ask that; see its Capabilities
    ├── UnusableAddress          .exit_status 2: the URL, or a setting that goes with it, makes no sense
    └── UnreadableFile           .exit_status 4: not a trace file, truncated, a bomb, empty

A message names what was asked, what happened and what to do next. It is safe to show anybody: no token, no
address with credentials in it, nothing that a server sent unless it was cleaned.
"""

from __future__ import annotations

from typing import ClassVar


class BackendError(Exception):
    """A trace store gave no answer. `problem` and `advice` together are the message."""

    retriable: ClassVar[bool] = False
    exit_status: ClassVar[int] = 3

    def __init__(self, problem: str, advice: str) -> None:
        super().__init__(f"{problem} {advice}")
        self.problem = problem
        self.advice = advice


class BackendUnreachable(BackendError):
    """Nothing answers at that address."""

    retriable = True


class BackendTimeout(BackendError):
    """It did not answer in time."""

    retriable = True


class BackendOverloaded(BackendError):
    """It asks to come back later."""

    retriable = True


class BackendRefused(BackendError):
    """It will not answer this question, or not to us."""


class BackendBroken(BackendError):
    """What it sent is not an answer."""


class CannotAsk(BackendError):
    """This store has no way to be asked that."""


class UnusableAddress(BackendError):
    """The URL of a store, or a setting that goes with it, makes no sense; nothing was asked."""

    exit_status = 2


class UnreadableFile(BackendError):
    """A file holds no traces that can be read."""

    exit_status = 4
