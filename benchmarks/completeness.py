"""`python -m benchmarks.completeness FOLDER`: whether spans that are deleted from real traces are missed, alone and beside others of their sort."""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from analyzers.absent_calls import with_others
from analyzers.breakdown import break_down
from analyzers.builder import build_table
from analyzers.repair import repair
from analyzers.report_base import Asked
from backends.formats.parquet import decode_parquet
from benchmarks.labelled import cases_of
from benchmarks.measure import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzers.record import SpanRecord
    from analyzers.repair import Repaired

ASKED = Asked(question="?", asked_at="2026-11-22T15:30:00Z")
OTHERS = 100
SAMPLED = 20
"""Traces of each sort and case."""
FEWEST_SPANS = 10
DELETED = 0.05
SEED = 1


@dataclass(frozen=True)
class Seen:
    """One trace, whole and without some of its spans."""

    whole_is_missed_something: bool
    told_alone: bool
    told_beside: bool


def figures(folder: Path) -> Iterator[Figure]:
    seen = [one for case in cases_of(folder) for one in _of_file(case.baseline, Random(SEED))]
    yield Figure("traces of at least ten spans, and 100 others of their sort", len(seen), "")
    if not seen:
        return
    yield Figure("5 % of the spans deleted: told by the trace alone", _percent(seen, "told_alone"), "%")
    yield Figure("the same beside the others", _percent(seen, "told_beside"), "%", "100")
    whole = _percent(seen, "whole_is_missed_something")
    yield Figure("whole traces said to lack what others have", whole, "%", "0")


def _of_file(path: Path, draw: Random) -> Iterator[Seen]:
    traces: defaultdict[str, list[SpanRecord]] = defaultdict(list)
    for record in decode_parquet(path.read_bytes()).records:
        traces[record.trace_id].append(record)
    sorts: defaultdict[str, list[str]] = defaultdict(list)
    for trace_id in sorted(traces):
        sorts[_sort_of(traces[trace_id])].append(trace_id)
    for alike in sorts.values():
        chosen = alike[-OTHERS - 1 :]
        if len(chosen) > OTHERS // 2:
            others = repair(build_table([record for one in chosen for record in traces[one]]))
            for one in draw.sample(chosen, SAMPLED):
                if len(traces[one]) >= FEWEST_SPANS:
                    yield _seen(traces[one], others, draw)


def _sort_of(records: list[SpanRecord]) -> str:
    return next((f"{one.service} {one.operation}" for one in records if not one.parent_id), "")


def _seen(records: list[SpanRecord], others: Repaired, draw: Random) -> Seen:
    gone = set(draw.sample(range(len(records)), max(1, round(DELETED * len(records)))))
    left = [record for n, record in enumerate(records) if n not in gone]
    whole, alone, beside = _told(records, others)[1], *_told(left, others)
    return Seen(whole, alone, beside)


def _told(records: list[SpanRecord], others: Repaired) -> tuple[bool, bool]:
    """Whether the trace says that spans are missing, alone and beside the others."""
    repaired = repair(build_table(records))
    report = break_down(repaired, records[0].trace_id, ASKED)
    health = with_others(report, repaired.spans, others).health
    alone = bool(health.incomplete or health.orphans or health.rootless)
    return alone, alone or bool(health.absent_calls)


def _percent(seen: list[Seen], what: str) -> float:
    return 100 * sum(bool(getattr(one, what)) for one in seen) / len(seen)


if __name__ == "__main__":
    for figure in figures(Path(sys.argv[1])):
        print(figure)
