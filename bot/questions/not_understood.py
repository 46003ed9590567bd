"""The one error of reading people."""

from __future__ import annotations


class NotUnderstood(Exception):
    """The words mean nothing that can be answered. `problem` and `advice` together are the message."""

    def __init__(self, problem: str, advice: str) -> None:
        super().__init__(f"{problem} {advice}")
        self.problem = problem
        self.advice = advice
