"""Reference pages that are made from the code: they say what the code says."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = runpy.run_path(str(ROOT / "scripts" / "reference_pages.py"))["PAGES"]


@pytest.mark.parametrize("page", sorted(PAGES))
def test_a_page_is_what_the_code_makes(page):
    written = (ROOT / "docs" / "reference" / page).read_text(encoding="utf-8")

    assert written == PAGES[page](), "run: make pages"


def test_every_command_has_its_heading():
    commands = PAGES["commands.md"]()

    assert "## tracewhy ask\n" in commands
    assert "## tracewhy demo\n" in commands
    assert "## tracewhy serve\n" in commands
    assert "## tracewhy ingest\n" in commands
    assert "## tracewhy doctor\n" in commands
