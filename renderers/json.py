"""Reports as the JSON that REPORT.md promises: one object on one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from renderers.clean import with_every_text

if TYPE_CHECKING:
    from analyzers.report import AnyReport


def render_json(report: AnyReport) -> str:
    """The report as one JSON object and a newline; the same report gives the same bytes.

    What is no Unicode, as a file name or an argument can be, becomes a question mark.
    """
    try:
        return _line(report)
    except UnicodeEncodeError:
        return _line(with_every_text(report, lambda text: text.encode("utf-8", "replace").decode()))


def _line(report: AnyReport) -> str:
    return msgspec.json.encode(report).decode() + "\n"
