"""Pictures in the documents are there, are used, and are small enough to be cloned with the rest."""

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
FOLDER = REPOSITORY / "docs/pictures"
PICTURES = sorted(FOLDER.glob("*.png"))
PAGES = (REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").rglob("*.md")))
SHOWN = [
    (page, target)
    for page in PAGES
    for target in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page.read_text("utf-8"))
]


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.name)
def test_a_picture_is_small_and_shown_somewhere(picture):
    shown = {(page.parent / target).resolve() for page, target in SHOWN}

    assert picture.stat().st_size < 200_000
    assert picture in shown


@pytest.mark.parametrize(("page", "target"), SHOWN)
def test_what_a_page_shows_is_there(page, target):
    assert (page.parent / target).is_file()
