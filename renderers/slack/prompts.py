"""What is suggested in the assistant's pane before anything has been asked."""

from __future__ import annotations

WHY_PROMPT = ("Why is it slow?", "why is it slow")
PROMPTS = (
    ("What was slow?", "slowest last 1h"),
    ("What failed?", "errors last 1h"),
    ("How are the services?", "services last 1h"),
)
MOST_PROMPTS = 3


def suggested_prompts(*, investigates: bool = False) -> tuple[dict[str, str], ...]:
    """At most three, each a `title` to read and the `message` it sends."""
    offered = (WHY_PROMPT, *PROMPTS) if investigates else PROMPTS
    return tuple({"title": title, "message": message} for title, message in offered[:MOST_PROMPTS])
