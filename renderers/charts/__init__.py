"""Charts as PNG, for places that show pictures and no markup; matplotlib is imported with this package and nowhere else.

Each has a text for those who do not see it. Colours are repeated by shapes or words.
"""

from __future__ import annotations

from renderers.charts.change import change_alt_text, render_change_png
from renderers.charts.chart import Chart, chart_of
from renderers.charts.latency import latency_alt_text, render_latency_png
from renderers.charts.waterfall import render_waterfall_png, waterfall_alt_text

__all__ = [
    "Chart",
    "change_alt_text",
    "chart_of",
    "latency_alt_text",
    "render_change_png",
    "render_latency_png",
    "render_waterfall_png",
    "waterfall_alt_text",
]
