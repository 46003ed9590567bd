"""`tracewhy` as people run it: processes, pipes, signals, environments."""

from __future__ import annotations

import json
import os
import pty
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from demo import SLOW_CHECKOUT
from tests.bot.cli.running import BARE, ROOT, run_tracewhy

FULL_DEVICE = Path("/dev/full")
"""Linux has one; elsewhere a stand-in has to do."""
ON_A_FULL_DISK = """
import errno, io, os, stat, sys
from bot.wiring import main

class Full(io.RawIOBase):
    def writable(self):
        return True

    def fileno(self):
        return 1

    def write(self, data):
        if stat.S_ISREG(os.fstat(1).st_mode):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return len(data)

sys.stdout = io.TextIOWrapper(io.BufferedWriter(Full()), encoding="utf-8")
main()
"""
HEAVY = ("numba", "sklearn", "scipy", "duckdb", "grpc", "httpx", "sqlglot", "rich.progress", "pandas")
LOADED = """
import sys
from pathlib import Path
from bot.wiring import main
try:
    main()
except SystemExit:
    print(sorted(name for name in {heavy} if name in sys.modules), file=sys.stderr)
"""


def small_trace(n_spans):
    """OTLP/JSON of a root with children, without statements."""
    spans = [
        {
            "traceId": "ab" * 16,
            "spanId": f"{number:016x}",
            "parentSpanId": "" if number == 1 else f"{1:016x}",
            "name": "GET /cart" if number == 1 else "load",
            "kind": 2 if number == 1 else 1,
            "startTimeUnixNano": str(1_795_183_511_000_000_000 + number * 1_000),
            "endTimeUnixNano": str(
                1_795_183_512_000_000_000 if number == 1 else 1_795_183_511_000_900_000 + number * 1_000
            ),
        }
        for number in range(1, n_spans + 1)
    ]
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": "cart"}}]}
    return json.dumps({"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": spans}]}]})


def test_the_demo_explains_the_shipped_trace_and_how_to_ask_more():
    ran = run_tracewhy("demo", "--trace")

    assert ran.status == 0
    assert ran.err == ""
    assert ran.out.startswith(
        "POST /checkout took 4.12 s; most of it (3.62 s) is SELECT cards run 30 times by payment."
    )
    assert "tracewhy ask --help" in ran.out


def test_the_demo_for_programs_is_one_object():
    answer = json.loads(run_tracewhy("demo", "--trace", "--format", "json").out)

    assert answer["bottleneck"]["operation"] == "SELECT cards"
    assert sum(segment["duration_ns"] for segment in answer["critical_path"]) == answer["duration_ns"]
    assert answer["health"]["skew_corrected"] == 34
    assert [error["role"] for error in answer["errors"]] == ["origin", "handled"]


def test_a_trace_file_can_be_the_backend():
    answer = run_tracewhy("ask", "4bf92f3577b34da6a3ce929d0e0e4736", TRACEWHY_BACKEND=str(SLOW_CHECKOUT))

    assert answer.status == 0
    assert "SELECT cards" in answer.out


def test_what_is_suggested_next_names_the_backend_and_works():
    asked = run_tracewhy(
        "ask", "4bf92f3577b34da6a3ce929d0e0e4736", "--backend", str(SLOW_CHECKOUT), COLUMNS="200"
    )

    suggested = asked.out.splitlines()[-1].removeprefix("next: tracewhy ")
    answer = json.loads(run_tracewhy(*suggested.split()).out)

    assert answer["span_count"] == 47


def test_an_unknown_trace_is_answered():
    ran = run_tracewhy("ask", "f" * 32, "--backend", str(SLOW_CHECKOUT), "--format", "json")

    assert ran.status == 0
    assert json.loads(ran.out)["confidence"] == "none"


def test_a_missing_file_is_status_4():
    ran = run_tracewhy("ask", "nowhere.json")

    assert ran.status == 4
    assert "nowhere.json" in ran.err
    assert ran.out == ""


def test_a_server_that_is_not_there_is_status_3():
    ran = run_tracewhy("ask", "f" * 32, "--backend", "jaeger://127.0.0.1:1")

    assert ran.status == 3
    assert ran.err.startswith("Nothing answers at jaeger://127.0.0.1:1.")


def test_a_backend_that_makes_no_sense_is_status_2():
    ran = run_tracewhy("ask", "f" * 32, "--backend", "jager://127.0.0.1:1")

    assert ran.status == 2
    assert "Did you mean jaeger?" in ran.err


@pytest.mark.parametrize("columns", [80, 200])
def test_the_page_fits_the_terminal(columns):
    out = run_tracewhy("demo", "--trace", COLUMNS=str(columns)).out

    assert max(map(len, out.splitlines())) <= columns


def test_the_c_locale_gets_ascii():
    assert run_tracewhy("demo", "--trace", LANG="C").out.isascii()


def test_piped_text_is_plain_unless_colour_is_forced():
    assert "\x1b" not in run_tracewhy("demo", "--trace").out
    assert "\x1b[1m" in run_tracewhy("demo", "--trace", FORCE_COLOR="1").out
    assert "\x1b" not in run_tracewhy("demo", "--trace", FORCE_COLOR="1", NO_COLOR="1").out


def test_a_terminal_gets_colour():
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "bot", "ask", "help"]

    subprocess.run(command, stdout=theirs, cwd=ROOT, env={**BARE, "TERM": "xterm"}, timeout=60, check=True)

    os.close(theirs)
    assert b"\x1b[1m" in os.read(ours, 4096)
    os.close(ours)


def test_a_reader_that_goes_away_is_no_error():
    reading, writing = os.pipe()
    os.close(reading)

    ran = subprocess.run(
        [sys.executable, "-m", "bot", "demo", "--trace"],
        stdout=writing,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=BARE,
        timeout=60,
        check=False,
    )

    os.close(writing)
    assert ran.stderr == b""
    assert ran.returncode == 141


@pytest.mark.parametrize(
    ("program", "output"),
    [
        (["-c", ON_A_FULL_DISK], Path("file")),
        *([(["-m", "bot"], FULL_DEVICE)] if FULL_DEVICE.exists() else []),
    ],
)
def test_a_full_disk_is_said_to_be_full(program, output, tmp_path):
    with (tmp_path / output).open("wb") as stdout:
        ran = subprocess.run(
            [sys.executable, *program, "demo", "--trace"],
            stdout=stdout,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env=BARE,
            timeout=60,
            check=False,
        )

    assert ran.stderr == b"The answer cannot be written: No space left on device. Write it somewhere else.\n"
    assert ran.returncode == 74


def test_the_demo_runs_in_a_folder_that_was_removed(tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    command = f"rmdir {gone}; {sys.executable} -m bot demo --trace"

    ran = subprocess.run(
        ["/bin/sh", "-c", command],
        capture_output=True,
        cwd=gone,
        env={**BARE, "PYTHONPATH": str(ROOT)},
        timeout=60,
        check=False,
    )

    assert ran.stdout.startswith(b"POST /checkout took")


def test_an_interrupt_ends_with_130_and_no_traceback():
    command = [sys.executable, "-m", "bot", "ask", "-"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, env=BARE
    ) as process:
        process.stdin.write(b"help\n")
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)

    assert process.returncode == 130
    assert errors == b"\nInterrupted.\n"


def test_a_mistake_of_ours_is_one_line_and_with_debug_its_traceback():
    broken = "import bot.services.meaning as meaning; meaning.understand = None; from bot.wiring import main; main()"

    def run(*arguments):
        command = [sys.executable, "-c", broken, "ask", "help", *arguments]
        return subprocess.run(command, capture_output=True, cwd=ROOT, env=BARE, timeout=60, check=False)

    quiet, loud = run(), run("--debug")

    assert quiet.returncode == loud.returncode == 1
    assert quiet.stderr.decode().startswith("tracewhy stopped because of a mistake of its own (TypeError).")
    assert quiet.stderr.count(b"\n") == 1
    assert b"Traceback" in loud.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
def test_closed_streams_are_no_mistake(closed):
    command = f"{sys.executable} -m bot ask - {closed}"

    ran = subprocess.run(
        ["/bin/sh", "-c", command],
        input=b"",
        capture_output=True,
        cwd=ROOT,
        env=BARE,
        timeout=60,
        check=False,
    )

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")


def test_version_and_completion_are_there():
    # The shell is found among the processes around, so there has to be one.
    command = [sys.executable, "-m", "bot", "--show-completion"]
    ran = subprocess.run(
        ["bash", "-c", f"{shlex.join(command)}; exit $?"],
        capture_output=True,
        cwd=ROOT,
        env={**BARE, "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
        timeout=60,
        check=True,
    )

    assert b"_TRACEWHY_COMPLETE" in ran.stdout
    assert run_tracewhy("--version").out.startswith("tracewhy 0.")


def test_a_small_trace_needs_no_heavy_module(tmp_path):
    path = tmp_path / "trace.json"
    path.write_text(small_trace(5))

    ran = subprocess.run(
        [sys.executable, "-c", LOADED.format(heavy=HEAVY), "ask", str(path)],
        capture_output=True,
        cwd=ROOT,
        env=BARE,
        timeout=60,
        check=True,
    )

    assert b"GET /cart took 1 s" in ran.stdout
    assert ran.stderr.decode().strip() == "[]"


def test_a_thousand_spans_are_explained_while_one_waits(tmp_path):
    path = tmp_path / "trace.json"
    path.write_text(small_trace(1_000))

    before_s = os.times().children_user
    ran = run_tracewhy("ask", str(path))
    cpu_s = os.times().children_user - before_s

    assert ran.status == 0
    assert cpu_s < 3.0, "the promise is 1.5 s on an idle machine; this leaves room for a busy one"
