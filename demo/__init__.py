"""Something to ask about: shipped traces with a known story."""

from __future__ import annotations

from pathlib import Path

SLOW_CHECKOUT = Path(__file__).with_name("slow_checkout.otlp.json")
"""One trace; `demo.story` tells what happened in it."""
