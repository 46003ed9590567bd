"""The one error of reading people."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analyzers.report import Candidate


class NotUnderstood(Exception):
    """The words mean nothing that can be answered. `problem` and `advice` together are the message.

    Where it can be one of a few things they are `candidates`: questions to ask instead, at most three.
    """

    def __init__(self, problem: str, advice: str, candidates: tuple[Candidate, ...] = ()) -> None:
        super().__init__(f"{problem} {advice}")
        self.problem = problem
        self.advice = advice
        self.candidates = candidates
