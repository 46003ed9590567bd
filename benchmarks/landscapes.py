"""`python -m benchmarks.landscapes [--cases N] [--first SEED]`: trouble in larger simulated systems asked about, and how often the answer is right."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analyzers.investigation.investigate import investigate
from benchmarks.accuracy import Ranked, guess_at, hits_at
from benchmarks.simulator.case import question
from benchmarks.simulator.landscape_case import LANDSCAPES, landscape_case
from benchmarks.simulator.trouble import CALM, Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.simulator.landscape_case import LandscapeCase

HELD_OUT = 100_000
"""Seeds from here on were not looked at while the ranking was written."""
TOLD = frozenset({"slower", "more_errors"})


@dataclass(frozen=True)
class Answer:
    """One case with its answer."""

    ranked: Ranked
    told_by_spans: bool
    verdict_right: bool


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.landscapes", description=__doc__)
    parser.add_argument("--cases", type=int, default=10, help="of each kind of trouble and landscape (10)")
    parser.add_argument("--first", type=int, default=HELD_OUT, help=f"seed of the first case ({HELD_OUT})")
    parser.add_argument("--kind", choices=[str(kind) for kind in Trouble], help="only this kind of trouble")
    parser.add_argument("--landscape", choices=list(LANDSCAPES), help="only this landscape")
    parser.add_argument("--misses", action="store_true", help="tell of every miss")
    asked = parser.parse_args(arguments)
    kinds = [Trouble(asked.kind)] if asked.kind else list(Trouble)
    for name in [asked.landscape] if asked.landscape else LANDSCAPES:
        answers = [
            _answer(case, seed, misses=asked.misses)
            for kind in kinds
            for seed in range(asked.first, asked.first + asked.cases)
            if (case := landscape_case(seed, name, kind)) is not None
        ]
        print(f"\n### {name}\n", *table(answers), sep="\n")
    return 0


def _answer(case: LandscapeCase, seed: int, *, misses: bool) -> Answer:
    began = time.process_time()
    report = investigate(case.baseline, case.incident, question())
    took = time.process_time() - began
    ranked = Ranked(str(case.trouble), case.blamed, report.services_ranked, report.verdict)
    answer = Answer(ranked, case.told_by_spans, _verdict_right(case, report.verdict))
    missed = case.trouble not in CALM and case.told_by_spans and not hits_at(ranked, 1)
    if misses and (missed or not answer.verdict_right):
        print(
            f"- {seed} {case.trouble}: {case.blamed}, ranked {report.services_ranked[:3]}, {report.verdict}, "
            f"{took:.1f} s: {report.headline}"
        )
    return answer


def _verdict_right(case: LandscapeCase, verdict: str) -> bool:
    """Calm is not slower; trouble that made requests slower or fail is told; of other trouble either is true."""
    if case.trouble in CALM:
        return verdict not in TOLD
    return verdict in TOLD or not case.should_be_told


def table(answers: Sequence[Answer]) -> Iterator[str]:
    """A line for each kind of trouble, one for all, and one for each kind of calm."""
    yield "| trouble | cases | not told by spans | top-1 | top-3 | verdict right | guessing: top-1 |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    kinds = sorted({one.ranked.fault_type for one in answers}, key=list(Trouble).index)  # type: ignore[arg-type] # they are its values
    troubles = [one for one in answers if one.ranked.fault_type not in CALM]
    for kind in kinds:
        yield _line(kind, [one for one in answers if one.ranked.fault_type == kind])
    if troubles:
        yield _line("all trouble", troubles)


def _line(name: str, answers: Sequence[Answer]) -> str:
    asked = [one for one in answers if one.told_by_spans]
    right = _share([float(one.verdict_right) for one in answers])
    if name in CALM:
        return f"| {name} | {len(answers)} | - | - | - | {right} | - |"
    first, three = (_share([float(hits_at(one.ranked, k) > 0) for one in asked]) for k in (1, 3))
    guess = _share([guess_at(one.ranked, 1) for one in asked])
    return (
        f"| {name} | {len(answers)} | {len(answers) - len(asked)} | {first} | {three} | {right} | {guess} |"
    )


def _share(values: Sequence[float]) -> str:
    return f"{100 * sum(values) / len(values):.0f} %" if values else "-"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
