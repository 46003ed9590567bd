"""What every test may use: files with the output we agreed on, and the flag that writes them anew.

How long an example takes depends on what else the machine does, so hypothesis is told not to judge by it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--refresh-golden", action="store_true", help="write tests/golden anew, then read the diff"
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest):
    """The text that a file in tests/golden holds; with --refresh-golden, the text it shall hold from now on."""

    def agreed(name: str, text: str) -> str:
        path = GOLDEN / name
        if request.config.getoption("--refresh-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return path.read_text(encoding="utf-8")

    return agreed


pytest_plugins = ["tests.servers.plugin"]
