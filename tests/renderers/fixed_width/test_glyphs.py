"""Signs that a stream cannot carry are written otherwise."""

from __future__ import annotations

from renderers.fixed_width.glyphs import spelled


def test_a_minus_sign_stays_a_minus_where_only_ascii_goes():
    assert spelled("−116 ms → 2 µs", "ascii") == "-116 ms -> 2 us"
