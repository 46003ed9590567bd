"""The picture that goes with a report, whatever its kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from analyzers.investigation_report import Investigation
from analyzers.report import Breakdown, Slowest
from renderers.charts.change import change_alt_text, render_change_png
from renderers.charts.latency import latency_alt_text, render_latency_png
from renderers.charts.waterfall import render_waterfall_png, waterfall_alt_text
from renderers.clean import clean_text

if TYPE_CHECKING:
    from datetime import tzinfo

    from analyzers.report import AnyReport


@dataclass(frozen=True)
class Chart:
    """A picture to upload."""

    png: bytes
    name: str
    """Of the file."""
    title: str
    alt_text: str
    """For those who do not see it; at most 2,000 characters."""


def chart_of(report: AnyReport, *, dark: bool = False, zone: tzinfo = UTC) -> Chart | None:
    """The picture that says most about the report; None where a picture would say nothing.

    Takes up to half a second of a core: call it in a thread.
    """
    match report:
        case Breakdown() if report.waterfall:
            png, words = render_waterfall_png(report, dark=dark), waterfall_alt_text(report)
            return Chart(png, "waterfall.png", "Waterfall", clean_text(words))
        case Slowest() if len(report.traces) > 1:
            return _chart(
                render_latency_png(report, dark=dark, zone=zone),
                "slowest.png",
                "Slowest",
                latency_alt_text(report),
            )
        case Investigation() if report.parts and report.verdict in {"slower", "faster"}:
            return _chart(
                render_change_png(report, dark=dark), "change.png", "What changed", change_alt_text(report)
            )
    return None


def _chart(png: bytes | None, name: str, title: str, alt_text: str) -> Chart | None:
    return Chart(png, name, title, clean_text(alt_text)) if png else None
