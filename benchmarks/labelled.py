"""Labelled cases on disk: two windows of spans each, and, apart from them, what was broken."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from analyzers.builder import build_table
from analyzers.investigation.question import Question
from analyzers.repair import repair
from analyzers.report_base import Asked, Understood
from analyzers.searched import Searched
from backends.formats.parquet import decode_parquet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from analyzers.repair import Repaired
    from analyzers.table import SpanTable

WHY = Understood(kind="why")


@dataclass(frozen=True)
class Case:
    """What may be known before ranking: where the spans are."""

    case_id: str
    baseline: Path
    incident: Path


@dataclass(frozen=True)
class Truth:
    """What was broken, to be read after ranking."""

    services: tuple[str, ...]
    fault_type: str
    visible: bool


def cases_of(folder: Path) -> Iterator[Case]:
    """The cases of a folder in the order of its labels."""
    for label in _labels(folder):
        yield Case(label["case_id"], folder / label["baseline_file"], folder / label["incident_file"])


def truths_of(folder: Path) -> dict[str, Truth]:
    """What was broken, by case."""
    return {
        label["case_id"]: Truth(
            tuple(label.get("true_services") or [label["true_service"]]),
            label.get("fault_type") or "unknown",
            bool(label.get("visible_in_traces", True)),
        )
        for label in _labels(folder)
    }


def read_case(case: Case) -> tuple[Repaired, Repaired, Question]:
    """Both windows, repaired, and the question why the second differs from the first."""
    baseline, incident = (
        build_table(decode_parquet(path.read_bytes()).records) for path in (case.baseline, case.incident)
    )
    return repair(baseline), repair(incident), Question(_searched(incident), _searched(baseline))


def _labels(folder: Path) -> list[dict[str, Any]]:
    labels: list[dict[str, Any]] = json.loads((folder / "labels.json").read_bytes())["cases"]
    return labels


def _searched(spans: SpanTable) -> Searched:
    start, end = (int(spans.start_ns.min()), int(spans.end_ns.max())) if len(spans) else (0, 1)
    now = datetime.fromtimestamp(end // 1_000_000_000 + 3600, tz=UTC)
    asked = Asked(question="why", asked_at=now.isoformat(), understood=WHY)
    return Searched(asked, start, end, now)
