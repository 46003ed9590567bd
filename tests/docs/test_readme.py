"""README says what is so."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
WIDTH = "100"


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=REPOSITORY,
        env=os.environ | {"COLUMNS": WIDTH, "PYTHONUTF8": "1", "TZ": "UTC", "NO_COLOR": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def blocks():
    return re.findall(r"^```\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)


def test_the_picture_is_what_the_demo_prints(request):
    printed = run("demo", "--trace").stdout

    picture = next(block for block in blocks() if block.startswith("$ tracewhy demo --trace\n"))

    assert printed.startswith(picture.removeprefix("$ tracewhy demo --trace\n").rstrip())


def test_the_two_commands_are_verbs_of_the_makefile():
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")

    for verb in ("demo", "test", "servers"):
        assert f"make {verb}" in README
        assert re.search(rf"^{verb}:", makefile, flags=re.MULTILINE)


@pytest.mark.parametrize(
    "command",
    [line for block in blocks() for line in block.splitlines() if line.startswith(".venv/bin/tracewhy")],
)
def test_every_command_shown_is_understood(command):
    verb, *rest = shlex.split(command)[1:]
    of_no_file = verb == "ask" and not rest[0].endswith(".json")

    result = run(verb, *rest, "--dry-run") if of_no_file else run(verb, "--help")

    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#]+)\)", README))
def test_every_link_leads_somewhere(target):
    assert target.startswith("https://") or (REPOSITORY / target).exists()
