"""What `make image` built is what the Dockerfile says now. It builds where there is no Docker; see scripts/image."""

from pathlib import Path

import pytest

from scripts.image.__main__ import cache
from scripts.image.build import read_image
from scripts.image.dockerfile import read_dockerfile

REPOSITORY = Path(__file__).parents[2]
STAGES = read_dockerfile((REPOSITORY / "Dockerfile").read_text("utf-8"))


@pytest.fixture(scope="module")
def image():
    path = cache() / "image/image.json"
    if not path.is_file():
        pytest.skip("no image here: run `make image` first (root of a Debian with mmdebstrap)")
    return read_image(path)


def test_its_steps_are_those_of_the_dockerfile(image):
    steps = [f"{each.keyword} {each.rest}" for each in STAGES[0].instructions + STAGES[-1].instructions]

    assert image.steps == steps


def test_it_holds_nothing_of_the_build(image):
    names = {path.name for path in image.root.iterdir()}

    assert not names & {"src", "dist", "wheels"} or not any((image.root / "wheels").glob("*"))
    assert not (image.root / "opt/build").exists()


def test_it_has_its_code_compiled_for_any_processor(image):
    compiled = list((image.root / "var/cache/tracewhy/numba").rglob("*.nbi"))

    assert len(compiled) > 10
    assert image.environment["NUMBA_CPU_NAME"] == "generic"
