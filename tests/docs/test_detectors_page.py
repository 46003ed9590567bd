"""The reference of detectors has a heading for everything that they can find."""

from pathlib import Path

import pytest

from analyzers.detectors.false_discovery import MOST_FALSE
from analyzers.detectors.finding import FindingKind

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "detectors.md").read_text(encoding="utf-8")
HEADINGS = [line.removeprefix("## ") for line in PAGE.splitlines() if line.startswith("## ")]


@pytest.mark.parametrize("kind", FindingKind)
def test_every_kind_of_finding_has_its_heading(kind):
    assert any(kind.value in heading.split(", ") for heading in HEADINGS)


def test_the_page_names_the_share_of_false_findings():
    assert f"q <= {MOST_FALSE}" in PAGE
