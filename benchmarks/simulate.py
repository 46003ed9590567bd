"""`python -m benchmarks.simulate [--cases N] [--first SEED]`: simulated faults asked about, and how often the answer is right."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from analyzers.investigation.investigate import investigate
from benchmarks.accuracy import Ranked, hits_at, table
from benchmarks.simulator.case import question, simulated_case
from benchmarks.simulator.fault import Kind

if TYPE_CHECKING:
    from benchmarks.simulator.case import Simulated

HELD_OUT = 100_000
"""Seeds from here on were not looked at while thresholds were chosen."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.simulate", description=__doc__)
    parser.add_argument("--cases", type=int, default=25, help="of each kind of fault (25)")
    parser.add_argument("--first", type=int, default=HELD_OUT, help=f"seed of the first case ({HELD_OUT})")
    parser.add_argument("--kind", choices=[str(kind) for kind in Kind], help="only this kind of fault")
    parser.add_argument("--misses", action="store_true", help="tell of every miss")
    asked = parser.parse_args(arguments)
    kinds = [Kind(asked.kind)] if asked.kind else list(Kind)
    moved: list[Ranked] = []
    others: list[Ranked] = []
    quiet: list[Ranked] = []
    for kind in kinds:
        for seed in range(asked.first, asked.first + asked.cases):
            case = simulated_case(seed, kind)
            report = investigate(case.baseline, case.incident, question())
            ranked = Ranked(str(kind), case.blamed, report.services_ranked, report.verdict)
            if kind is Kind.NONE:
                quiet.append(ranked)
                missed = ranked.verdict != "not_slower"
            else:
                (moved if case.moved else others).append(ranked)
                missed = case.moved and not _first(ranked)
            if missed and asked.misses:
                print(_miss(seed, case, ranked, report.headline))
    for name, cases in (("p95 moved by more than 20 %", moved), ("p95 moved less", others)):
        if cases:
            print(f"\n### {name}\n", *table(cases), sep="\n")
            told = sum(one.verdict in {"slower", "more_errors"} for one in cases)
            print(
                f"\n{_share(sum(map(_first, cases)), len(cases))} with a true service first; {_share(told, len(cases))} told as slower or failing."
            )
    if quiet:
        calm = sum(one.verdict == "not_slower" for one in quiet)
        print(f"\n### no fault\n\n{_share(calm, len(quiet))} told as not slower.")
    return 0


def _first(ranked: Ranked) -> bool:
    return hits_at(ranked, 1) > 0


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({100 * part / whole:.1f} %)"


def _miss(seed: int, case: Simulated, ranked: Ranked, headline: str) -> str:
    return f"- {seed} {case.kind} blamed {case.blamed}, ranked {ranked.services_ranked[:3]}, {ranked.verdict}, {case.seen}: {headline}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
