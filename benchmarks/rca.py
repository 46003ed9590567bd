"""`python -m benchmarks.rca FOLDER... [--out PATH]`: labelled cases sent through what answers `why`, and how often it is right."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analyzers.investigation.investigate import investigate
from benchmarks.accuracy import Ranked, hits_at, table
from benchmarks.labelled import cases_of, read_case, truths_of

if TYPE_CHECKING:
    from benchmarks.labelled import Case


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rca", description=__doc__)
    parser.add_argument(
        "folders", nargs="+", type=Path, metavar="FOLDER", help="holds labels.json and its Parquet files"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("RESULTS.json"), help="where the answers go (RESULTS.json)"
    )
    asked = parser.parse_args(arguments)
    results: list[dict[str, Any]] = []
    for folder in asked.folders:
        if not (folder / "labels.json").is_file():
            print(f"{folder} holds no labels.json: name a folder of labelled cases.", file=sys.stderr)
            return 2
        results += _folder(folder)
    asked.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(f"{len(results)} answers written to {asked.out}")
    return 0


def _folder(folder: Path) -> list[dict[str, Any]]:
    """Every case answered first, judged afterwards."""
    answers = [_answer(case) for case in cases_of(folder)]
    truths = truths_of(folder)
    for answer in answers:
        answer["true_services"] = list(truths[answer["case_id"]].services)
    ranked = {
        answer["case_id"]: Ranked(
            truths[answer["case_id"]].fault_type,
            truths[answer["case_id"]].services,
            tuple(answer["services_ranked"]),
            answer["verdict"],
        )
        for answer in answers
    }
    print(f"\n### {folder.name}\n", *table(list(ranked.values())), sep="\n")
    visible = [one for case_id, one in ranked.items() if truths[case_id].visible]
    print(
        f"\nOf the {len(visible)} visible in traces by a plain check, {sum(hits_at(one, 1) > 0 for one in visible)} come first."
    )
    for answer in answers:
        print(_line(answer, ranked[answer["case_id"]]))
    print(
        f"\nSlowest case {max((answer['seconds'] for answer in answers), default=0):.2f} s, decoding included.\n"
    )
    return [_in_order(answer) for answer in answers]


def _answer(case: Case) -> dict[str, Any]:
    began = time.perf_counter()
    report = investigate(*read_case(case))
    seconds = time.perf_counter() - began
    return {
        "case_id": case.case_id,
        "services_ranked": list(report.services_ranked),
        "verdict": report.verdict,
        "seconds": round(seconds, 3),
        "headline": report.headline,
    }


def _line(answer: dict[str, Any], ranked: Ranked) -> str:
    wanted = ", ".join(ranked.true_services)
    if hits_at(ranked, 1) > 0:
        return f"- {answer['case_id']}: {wanted} first ({answer['verdict']})"
    first = ", ".join(ranked.services_ranked[:3])
    return f"- {answer['case_id']}: MISSED {wanted}; ranked first: {first} ({answer['verdict']}). {answer['headline']}"


def _in_order(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: answer[key] for key in ("case_id", "true_services", "services_ranked", "verdict", "seconds")}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
