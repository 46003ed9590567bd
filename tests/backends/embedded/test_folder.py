"""Folders in which no store can be."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

OPENING = """
import os, pwd, sys
from pathlib import Path
from backends.embedded.span_store import SpanStore
from backends.errors import BackendError
if os.geteuid() == 0:  # whom nothing is forbidden
    os.setuid(pwd.getpwnam("nobody").pw_uid)
try:
    SpanStore.open(Path(sys.argv[1]))
except BackendError as exc:
    print(exc)
"""


@pytest.mark.parametrize("inside", ["", "store"])
def test_a_folder_that_is_not_writable_is_an_error_in_words(inside):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o555)
        ended = subprocess.run(
            [sys.executable, "-c", OPENING, Path(folder) / inside],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        Path(folder).chmod(0o755)

    assert "Permission denied" in ended.stdout, ended.stderr
    assert "Name a folder that this program's user may write to." in ended.stdout
