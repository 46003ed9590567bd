"""Where real servers are missing people may go on; CI may not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.plugin import DECLARED, NOT_BUILT

REPOSITORY = Path(__file__).parents[2]
SUITE = f"""
import pytest

@pytest.mark.server
def test_that_needs_a_server(jaeger_program):
    pass

@pytest.mark.server
def test_that_a_store_declines():
    pytest.skip("{DECLARED}this store does not promise search")

def test_that_needs_none():
    pytest.skip("not today")
"""


@pytest.fixture
def suite_result(tmp_path):
    """Runs the suite above in a pytest of its own, on a machine where no server was built."""

    def result(ci):
        (tmp_path / "test_suite.py").write_text(SUITE)
        environment = {
            **os.environ,
            "CI": ci,
            "TRACEWHY_SERVERS_DIR": str(tmp_path),
            "PYTHONPATH": str(REPOSITORY),
        }
        command = [sys.executable, "-m", "pytest", "-p", "tests.servers.plugin", "-rs", "-c", "/dev/null"]
        options = [
            "-p",
            "no:cacheprovider",
            "-o",
            "markers=server: needs a server",
            "--rootdir",
            str(tmp_path),
        ]
        return subprocess.run(
            [*command, *options, "test_suite.py"],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return result


def test_a_missing_server_is_a_skip_that_names_the_remedy(suite_result):
    result = suite_result(ci="")

    assert result.returncode == 0
    assert "3 skipped" in result.stdout
    assert NOT_BUILT in result.stdout


def test_in_ci_a_missing_server_fails_and_nothing_else_does(suite_result):
    result = suite_result(ci="true")

    assert result.returncode == 1
    assert "2 skipped, 1 error" in result.stdout
    assert "CI=true allows no skipped server test" in result.stdout
    assert NOT_BUILT in result.stdout
