"""`tracewhy demo`, live: a store, a shop, something broken and the three questions."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "bot", "demo"]
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC", "COLUMNS": "120"}
PATIENCE_S = 180


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """The demo where there is no terminal, and the folder in which it worked."""
    folder = tmp_path_factory.mktemp("tmp")
    run = subprocess.run(
        COMMAND,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        env=ENVIRONMENT | {"TMPDIR": str(folder)},
        timeout=PATIENCE_S,
        check=False,
    )
    return run, folder


def processes_in(folder):
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found += [entry] if str(folder).encode() in entry.read_bytes() else []
        except OSError:
            continue
    return found


def answers(out):
    """The answer to each question, by the question."""
    parts = re.split(r"^\$ tracewhy ask '([^']+)' .*\n", out, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_it_ends_by_itself_where_there_is_no_terminal(ran):
    run, _ = ran

    assert (run.returncode, run.stderr) == (0, "")


def test_the_questions_name_what_was_broken(ran):
    run, _ = ran

    slowest, errors, found, why = answers(run.stdout).values()

    assert "payment SELECT payment.sqlite" in slowest
    assert "payment is where" in errors
    assert "card of user" in errors
    assert "failed" in found
    assert why.startswith("checkout is slower since ")
    assert "payment SELECT payment.sqlite" in why.split("\n\n")[0]


def test_it_leaves_no_file_and_no_process_behind(ran):
    _, folder = ran

    assert list(folder.iterdir()) == []
    assert processes_in(folder) == []


def test_on_a_terminal_it_answers_questions_until_told_to_quit(tmp_path):
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "--fault", "slow_network"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=REPOSITORY,
        env=ENVIRONMENT | {"TMPDIR": str(tmp_path), "TERM": "xterm", "NO_COLOR": "1"},
    ) as process:
        os.close(theirs)
        read_until(ours, "ask> ")
        os.write(ours, b"services last 5m\n")
        answer = read_until(ours, "ask> ")
        os.write(ours, b"quit\n")
        status = process.wait(30)

    os.close(ours)
    assert "inventory" in answer
    assert status == 0
    assert list(tmp_path.iterdir()) == []


def read_until(terminal, wanted):
    text = ""
    while not text.endswith(wanted):
        text += os.read(terminal, 4096).decode(errors="replace")
    return text


@pytest.mark.parametrize(("told", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_told_to_stop_it_leaves_nothing_behind(tmp_path, told, status):
    with subprocess.Popen(
        COMMAND,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=REPOSITORY,
        env=ENVIRONMENT | {"TMPDIR": str(tmp_path)},
    ) as process:
        assert process.stdout.readline().startswith("Starting")
        assert process.stdout.readline().startswith("The shop is open")
        time.sleep(0.5)

        process.send_signal(told)

        assert process.wait(30) == status
    assert list(tmp_path.iterdir()) == []
    assert processes_in(tmp_path) == []


def test_an_unknown_fault_is_refused_with_those_there_are():
    run = subprocess.run(
        [*COMMAND, "--fault", "floods"],
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        env=ENVIRONMENT,
        check=False,
    )

    assert run.returncode == 2
    assert "There is no fault 'floods'" in run.stderr
