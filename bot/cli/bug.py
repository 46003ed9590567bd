"""What is said of our own mistakes."""

from __future__ import annotations

STATUS = 1
ADVICE = (
    "Please report it with the command and what it prints with --debug; take out what is nobody's business."
)


def problem(exc: Exception) -> str:
    return f"tracewhy stopped because of a mistake of its own ({type(exc).__name__})."
