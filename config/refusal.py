"""What is wrong with settings, in words."""

from __future__ import annotations

from typing import ClassVar


class UnusableSettings(Exception):
    """Settings that cannot be used. No value stands in the text, since a value may be a secret."""

    exit_status: ClassVar[int] = 2

    def __init__(self, problem: str, advice: str) -> None:
        super().__init__(f"{problem} {advice}")
        self.problem = problem
        self.advice = advice
