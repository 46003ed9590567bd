"""Colours of charts: Okabe and Ito's, which people who see fewer colours can tell apart, on a light or a dark ground."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """Colours by what they mean. What a colour says is also said by a shape or a word."""

    ground: str
    ink: str
    faint: str
    """Lines and words in the background."""
    beside: str
    """Time that nobody waited for, or in which something else was waited for."""
    gating: str
    """Time on the critical path."""
    slowest: str
    """The place with most of it; what got slower."""
    wire: str
    better: str
    """What got faster."""


LIGHT = Palette("#ffffff", "#1d1c1d", "#616061", "#c9c9c9", "#0072b2", "#d55e00", "#cc79a7", "#009e73")
DARK = Palette("#1a1d21", "#f0f0f0", "#a9abad", "#565b61", "#56b4e9", "#e69f00", "#cc79a7", "#2fc79a")
"""The grounds are those of Slack itself, so that a chart has no frame."""


def palette(*, dark: bool) -> Palette:
    return DARK if dark else LIGHT
