"""What is suggested in the assistant's pane before anything has been asked."""

from __future__ import annotations

PROMPTS = (
    ("Why is it slow?", "why is it slow"),
    ("What was slow?", "slowest last 1h"),
    ("What failed?", "errors last 1h"),
)


def suggested_prompts() -> list[dict[str, str]]:
    """Each a `title` to read and the `message` it sends."""
    return [{"title": title, "message": message} for title, message in PROMPTS]
