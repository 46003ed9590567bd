"""Runs every test under branch coverage and says what that means: `make test`, or this with pytest's own arguments.

The gate is `analyzers/`: its answers are what people act on, so at least 95 % of it, branches included, must run in the
tests. Real servers are used where `make servers` built them; elsewhere their tests are skipped, which is said at the
end, and with CI=true that is a failure. Where the arguments select some tests only, coverage is shown and not judged.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
GATE = "analyzers/*"
LEAST_PERCENT = 95
SELECTING = ("-k", "-m", "--lf", "--last-failed", "--sw", "--stepwise", "--deselect", "--ignore")
SUMMARY = re.compile(r"\b(?:passed|failed|skipped|deselected|errors?|no tests ran)\b.* in [0-9.]+s")


def main(arguments: list[str]) -> int:
    """The exit status: pytest's own where it failed, 1 where only the gate did."""
    _coverage("erase")
    tests, summary = _pytest(arguments)
    _coverage("combine", "--quiet")
    print(f"\nCoverage of {GATE}, branches included (at least {LEAST_PERCENT} %):", flush=True)
    limit = () if _select_some(arguments) else (f"--fail-under={LEAST_PERCENT}",)
    gate = _run("-m", "coverage", "report", f"--include={GATE}", *limit)
    everything = _total()
    print(f"\nCoverage of everything: {everything} %.")
    print(_verdict(tests, gate))
    print(summary, flush=True)
    return tests or (1 if gate else 0)


def _select_some(arguments: list[str]) -> bool:
    """Whether pytest was given paths or expressions, so that not every test runs."""
    return any(not argument.startswith("-") or argument.startswith(SELECTING) for argument in arguments)


def _pytest(arguments: list[str]) -> tuple[int, str]:
    """pytest's exit status and the last line of its summary, which is shown again at the very end."""
    colour = ["--color=yes"] if sys.stdout.isatty() else []
    command = [sys.executable, "-m", "coverage", "run", "-m", "pytest", *colour, *arguments]
    summary = "pytest printed no summary."
    with subprocess.Popen(
        command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True, errors="replace"
    ) as run:
        for line in run.stdout or ():
            print(line, end="", flush=True)
            if SUMMARY.search(line):
                summary = line.strip()
    return run.returncode, summary


def _verdict(tests: int, gate: int) -> str:
    if tests:
        return f"Tests: FAILED (pytest ended with {tests}); its summary stands above."
    if gate:
        return f"Tests: passed. Coverage of {GATE}: FAILED, below {LEAST_PERCENT} %."
    return "Tests: passed. Skipped ones, if any, stand above with their reasons (SKIPPED ...)."


def _total() -> str:
    report = subprocess.run(
        [sys.executable, "-m", "coverage", "report", "--format=total"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    return report.stdout.strip() or "unknown"


def _coverage(*arguments: str) -> None:
    _run("-m", "coverage", *arguments)


def _run(*arguments: str) -> int:
    return subprocess.run([sys.executable, *arguments], cwd=REPOSITORY, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
