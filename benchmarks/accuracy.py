"""How often rankings are right: top-1, top-3, Avg@5, beside what guessing gives."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ALL = "all"


@dataclass(frozen=True)
class Ranked:
    """One case with its truth and its answer."""

    fault_type: str
    true_services: tuple[str, ...]
    services_ranked: tuple[str, ...]
    verdict: str


def hits_at(ranked: Ranked, k: int) -> float:
    """AC@k: which share of the true services, of k at most, stands among the first k."""
    true = set(ranked.true_services)
    return len(true & set(ranked.services_ranked[:k])) / min(k, len(true))


def guess_at(ranked: Ranked, k: int) -> float:
    """What AC@k a random order of the services seen has on average."""
    n, true = len(ranked.services_ranked), len(set(ranked.true_services) & set(ranked.services_ranked))
    if not n:
        return 0.0
    drawn = min(k, n)
    expected = sum(
        hit * comb(true, hit) * comb(n - true, drawn - hit) for hit in range(true + 1) if drawn >= hit
    )
    return expected / comb(n, drawn) / min(k, max(len(set(ranked.true_services)), 1))


def table(cases: Sequence[Ranked]) -> Iterator[str]:
    """A line for each fault type, then one for all."""
    by_type: defaultdict[str, list[Ranked]] = defaultdict(list)
    for case in cases:
        by_type[case.fault_type].append(case)
    yield "| fault | cases | top-1 | top-3 | Avg@5 | guessing: top-1 | top-3 | Avg@5 |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for name in sorted(by_type):
        yield _line(name, by_type[name])
    yield _line(ALL, cases)


def _line(name: str, cases: Sequence[Ranked]) -> str:
    figures = [
        *(_mean(hits_at(case, k) for case in cases) for k in (1, 3)),
        _mean(hits_at(case, k) for case in cases for k in range(1, 6)),
        *(_mean(guess_at(case, k) for case in cases) for k in (1, 3)),
        _mean(guess_at(case, k) for case in cases for k in range(1, 6)),
    ]
    return f"| {name} | {len(cases)} | " + " | ".join(f"{100 * figure:.0f} %" for figure in figures) + " |"


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0
