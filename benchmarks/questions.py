"""How many phrasings are understood that the classifier has not seen.

The corpus, cross-validated by its paraphrase groups, and sets that are never trained on, each written down before
anything was mended with it in view. In these conditions and period must be right too.

`python -m benchmarks.questions` lists what is missed of the corpus, with a file's name, such as
`blind_questions_3.txt`, what is missed of that set, and with `figures` only counts.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import Figure, best_s
from bot.questions.conditions import find_conditions
from bot.questions.corpus import Phrasing, read_corpus
from bot.questions.free_text import FLOOR
from bot.questions.groups import UnknownGroup
from bot.questions.intent import (
    CompareCohorts,
    ExplainTrace,
    FindErrors,
    FindSlowest,
    FindTraces,
    Help,
    Investigate,
    ListOperations,
    ListServices,
)
from bot.questions.intent_model import shipped_model
from bot.questions.kinds import UNDERSTOOD
from bot.questions.not_understood import NotUnderstood
from bot.questions.parse import parse, parse_by_grammar
from bot.questions.periods import find_period
from bot.questions.scope import resolve_scope
from bot.questions.training import train

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.questions.intent import Understanding
    from bot.questions.intent_model import IntentModel
    from bot.questions.scope import Resolved

FOLDS = 10
NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
SETS = {
    "first blind set": "blind_questions.txt",
    "second blind set": "blind_questions_2.txt",
    "third blind set": "blind_questions_3.txt",
    "fourth blind set": "blind_questions_4.txt",
    "fifth blind set": "blind_questions_5.txt",
    "between why and errors": "mixed_questions.txt",
    "first set by strangers": "strangers_questions.txt",
    "second set by strangers": "strangers_questions_2.txt",
    "third set by strangers": "strangers_questions_3.txt",
    "fourth set by strangers": "strangers_questions_4.txt",
}
SCOPES = ("checkout", "payments", "POST /checkout", "order-service", "inventory")
PERIODS = ("last 30m", "since 14:00", "yesterday", "in the last hour", "this morning")
CONDITIONS = ("user 42", "order 4711", "user.id=7", 'customer.tier="gold"')
NAMES = [
    ("checkout", "POST /pay"), ("payment", "charge"), ("frontend", "POST /checkout"), ("order-service", "create"),
    ("inventory", "GET /stock"), ("cart", "add"), ("search", "query"), ("auth", "login"), ("shipping", "label"),
    ("user", "GET /profile"),
]  # fmt: skip
SHOP = [
    *NAMES, ("payment", "SELECT cards"), ("auth", "POST /login"), ("search", "GET /search"), ("cart", "GET /cart"),
    ("order-service", "POST /orders"), ("shipping", "GET /shipping/rates"), ("inventory", "SELECT inventory"),
]  # fmt: skip
"""What strangers were told that there is."""
TIER = "user.tier"
KINDS = {
    ExplainTrace: "trace", FindSlowest: "slowest", FindErrors: "errors", FindTraces: "find", ListOperations: "operations",
    ListServices: "services", Help: "help", Investigate: "why", CompareCohorts: "compare",
}  # fmt: skip
ANSWERED = (*UNDERSTOOD, "trace")


@dataclass(frozen=True)
class Case:
    """A question, and what is meant by it."""

    text: str
    kinds: tuple[str, ...]
    """Those that serve whoever asks, the best one first: two of three readers named each."""
    scope: Resolved | None
    slots: tuple[object, object] | None = None
    """The conditions and the period; None where they are not compared."""
    names: tuple[tuple[str, str], ...] = tuple(NAMES)
    """What there is where it is asked."""

    @property
    def kind(self) -> str:
        return self.kinds[0]


@dataclass(frozen=True)
class Outcome:
    """What became of one question."""

    case: Case
    kind: str | None
    """What it was answered as; None where it was not."""
    score: float
    scope_is_right: bool
    slots_are_right: bool
    offered: bool
    """The right question was among those asked back."""
    by: str
    problem: str = ""

    @property
    def right(self) -> bool:
        if self.kind is None:
            return any(kind not in ANSWERED for kind in self.case.kinds)
        return self.kind in self.case.kinds and self.scope_is_right and self.slots_are_right

    @property
    def wrong(self) -> bool:
        """Answered as something else."""
        return self.kind is not None and self.kind not in self.case.kinds

    @property
    def cause(self) -> str:
        """Why it is not right: another kind, asked back or refused, or a part of it misread."""
        if self.right:
            return "none"
        if self.kind is None:
            return "asked back" if self.offered else "refused"
        if self.kind not in self.case.kinds:
            return "kind"
        return "conditions or period" if self.scope_is_right else "scope"


def figures() -> Iterator[Figure]:
    yield from _of_set("groups left out", cross_validated(), goal=">= 95")
    for name, file in SETS.items():
        yield from _of_set(name, blind(file))
    yield Figure("one question by the grammar", 1e3 * best_s(_by_grammar), "ms", "< 5")


def _of_set(name: str, outcomes: list[Outcome], goal: str = "") -> Iterator[Figure]:
    answerable = [one for one in outcomes if one.case.kind in ANSWERED]
    others = [one for one in outcomes if one.case.kind not in ANSWERED]
    by = Counter(one.by for one in answerable if one.right)
    yield Figure(f"{name}: phrasings", len(outcomes), "")
    yield Figure(
        f"{name}: understood, right question and right place", _percent(answerable, "right"), "%", goal
    )
    yield Figure(f"{name}: of which by the grammar", 100 * by["grammar"] / sum(by.values()), "%")
    offered = sum(one.right or one.offered for one in answerable)
    yield Figure(
        f"{name}: understood, or the right question among three asked back",
        100 * offered / len(answerable),
        "%",
    )
    if others:
        said_so = f"{name}: not a question for traces, or not yet: said so or asked back"
        yield Figure(said_so, _percent(others, "right"), "%", goal)
    yield Figure(f"{name}: answered as something else", _percent(outcomes, "wrong"), "%")
    # What the classifier reads is never answered with high confidence, however high its score.
    sure = [one for one in outcomes if one.wrong and one.by == "grammar"]
    yield Figure(f"{name}: answered as something else with high confidence", len(sure), "", "0")


def cross_validated(folds: int = FOLDS) -> list[Outcome]:
    """Every phrasing as it is understood by the grammar and a classifier that has not seen its group."""
    phrasings = read_corpus()
    outcomes = []
    for fold in range(folds):
        model = train([one for one in phrasings if one.group % folds != fold])
        outcomes += [
            outcome(_filled(one, n), model) for n, one in enumerate(phrasings) if one.group % folds == fold
        ]
    return outcomes


def blind(file: str) -> list[Outcome]:
    """A blind set as the shipped model understands it."""
    return [outcome(case, shipped_model()) for case in blind_cases(file)]


def blind_cases(file: str) -> list[Case]:
    """What stands in a file beside this one."""
    lines = (Path(__file__).parent / file).read_text(encoding="utf-8").splitlines()
    rows = [line.split("|", 4) for line in lines if line and not line.startswith("#")]
    names = SHOP if file.startswith("strangers") else NAMES
    return [_blind_case(*(part.strip() for part in row), names=names) for row in rows]


def _blind_case(
    kind: str, scope: str, where: str, period: str, text: str, *, names: Sequence[tuple[str, str]] = NAMES
) -> Case:
    when = find_period(period, now=NOW, zone=UTC).period
    place = resolve_scope(scope, names) if scope else None
    return Case(
        text, tuple(kind.split(",")), place, (frozenset(find_conditions(where).where), when), tuple(names)
    )


def _filled(phrasing: Phrasing, number: int) -> Case:
    scope = SCOPES[number % len(SCOPES)]
    text = phrasing.text.replace("{scope}", scope).replace("{period}", PERIODS[number % len(PERIODS)])
    text = text.replace("{where}", CONDITIONS[number % len(CONDITIONS)])
    kinds = (phrasing.label, *phrasing.also)
    return Case(text, kinds, resolve_scope(scope, NAMES) if "{scope}" in phrasing.text else None)


def read_in_shop(
    text: str, names: Sequence[tuple[str, str]], model: IntentModel | None = None
) -> Understanding:
    """What the text means where users have a tier, as strangers were told.

    Raises:
        NotUnderstood: nothing that can be answered.
    """
    try:
        return parse(text, now=NOW, zone=UTC, names=names, model=model)
    except UnknownGroup as exc:
        return parse(exc.narrowed(TIER, exc.value), now=NOW, zone=UTC, names=names, model=model)


def outcome(case: Case, model: IntentModel) -> Outcome:
    try:
        read = read_in_shop(case.text, case.names, model)
    except NotUnderstood as exc:
        offered = any(one.text.startswith(case.kinds) for one in exc.candidates)
        return Outcome(
            case,
            None,
            0.0,
            scope_is_right=False,
            slots_are_right=False,
            offered=offered,
            by="nobody",
            problem=exc.problem,
        )
    found = _place(read, case.names)
    kind = (
        None
        if found not in {None, case.scope} and not hasattr(found, "service")
        else KINDS[type(read.intent)]
    )
    slots = (frozenset(getattr(read.intent, "where", ())), getattr(read.intent, "period", None))
    slots_are_right = (
        case.slots is None or isinstance(read.intent, Help | ExplainTrace) or slots == case.slots
    )
    return Outcome(
        case,
        kind,
        read.score,
        scope_is_right=found == case.scope,
        slots_are_right=slots_are_right,
        offered=False,
        by=read.source,
    )


def _place(read: Understanding, names: Sequence[tuple[str, str]]) -> Resolved | None:
    scope = getattr(read.intent, "scope", None)
    return None if scope is None else resolve_scope(scope, names)


def _percent(outcomes: list[Outcome], what: str) -> float:
    return 100 * sum(bool(getattr(one, what)) for one in outcomes) / len(outcomes)


def _by_grammar() -> object:
    return parse_by_grammar("slow requests of checkout since 14:00 where user.id=42", now=NOW, zone=UTC)


def print_misses(outcomes: list[Outcome]) -> None:
    """What is not right, by cause, and how often each cause is."""
    misses = [one for one in outcomes if not one.right]
    for one in sorted(misses, key=lambda one: (one.cause, -one.score)):
        print(
            f"{one.cause:20} {one.score:.2f} {one.by:10} {one.case.kind:10} -> {one.kind!s:10} {one.case.text}"
        )
    print(Counter(one.cause for one in misses), f"floor {FLOOR}")


if __name__ == "__main__":
    if sys.argv[1:] == ["figures"]:
        for figure in figures():
            print(f"{figure.what:110} {figure.value:.4g} {figure.unit}")
    else:
        print_misses(blind(sys.argv[1]) if sys.argv[1:] else cross_validated())
