"""How many phrasings are understood that the classifier has not seen: cross-validated over the corpus' paraphrase groups."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from benchmarks.measure import Figure, best_s
from bot.questions.corpus import read_corpus
from bot.questions.free_text import ANSWERED, understand_freely
from bot.questions.intent import FindErrors, FindSlowest, FindTraces, Help, ListOperations, ListServices
from bot.questions.not_understood import NotUnderstood
from bot.questions.parse import parse_by_grammar
from bot.questions.scope import resolve_scope
from bot.questions.training import train

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.questions.corpus import Phrasing
    from bot.questions.intent import Understanding
    from bot.questions.intent_model import IntentModel
    from bot.questions.scope import Resolved

FOLDS = 10
NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
SCOPES = ("checkout", "payments", "POST /checkout", "order-service", "inventory")
PERIODS = ("last 30m", "since 14:00", "yesterday", "in the last hour", "this morning")
CONDITIONS = ("user 42", "order 4711", "user.id=7", 'customer.tier="gold"')
NAMES = [
    ("checkout", "POST /pay"), ("payment", "charge"), ("frontend", "POST /checkout"), ("order-service", "create"),
    ("inventory", "GET /stock"),
]  # fmt: skip
KINDS = {
    FindSlowest: "slowest", FindErrors: "errors", FindTraces: "find", ListOperations: "operations",
    ListServices: "services", Help: "help",
}  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What became of one phrasing."""

    phrasing: Phrasing
    text: str
    kind: str | None
    """What it was answered as; None where it was not."""
    score: float
    scope_is_right: bool
    offered: bool
    """The right question was among those asked back."""
    by: str

    @property
    def right(self) -> bool:
        if self.phrasing.label in ANSWERED:
            return self.kind == self.phrasing.label and self.scope_is_right
        return self.kind is None

    @property
    def wrong(self) -> bool:
        """Answered as something else."""
        return self.kind is not None and self.kind != self.phrasing.label


def figures() -> Iterator[Figure]:
    outcomes = cross_validated()
    answerable = [one for one in outcomes if one.phrasing.label in ANSWERED]
    others = [one for one in outcomes if one.phrasing.label not in ANSWERED]
    by = Counter(one.by for one in answerable if one.right)
    yield Figure("phrasings, in groups left out of training", len(outcomes), "")
    yield Figure("understood: right question, right place", _percent(answerable, "right"), "%", ">= 95")
    yield Figure("of which by the grammar", 100 * by["grammar"] / sum(by.values()), "%")
    offered = [one for one in answerable if one.right or one.offered]
    yield Figure(
        "understood, or the right question among three asked back", 100 * len(offered) / len(answerable), "%"
    )
    yield Figure(
        "not a question for traces, or not yet: said so or asked back",
        _percent(others, "right"),
        "%",
        ">= 95",
    )
    yield Figure("answered as something else", _percent(outcomes, "wrong"), "%")
    # What the classifier reads is never answered with high confidence, however high its score.
    sure = [one for one in outcomes if one.wrong and one.by == "grammar"]
    yield Figure("answered as something else with high confidence", len(sure), "", "0")
    yield Figure("one question by the grammar", 1e3 * best_s(_by_grammar), "ms", "< 5")


def cross_validated() -> list[Outcome]:
    """Every phrasing as it is understood by the grammar and a classifier that has not seen its group."""
    phrasings = read_corpus()
    outcomes = []
    for fold in range(FOLDS):
        model = train([one for one in phrasings if one.group % FOLDS != fold])
        outcomes += [outcome(one, n, model) for n, one in enumerate(phrasings) if one.group % FOLDS == fold]
    return outcomes


def outcome(phrasing: Phrasing, number: int, model: IntentModel) -> Outcome:
    scope = SCOPES[number % len(SCOPES)]
    text = phrasing.text.replace("{scope}", scope).replace("{period}", PERIODS[number % len(PERIODS)])
    text = text.replace("{where}", CONDITIONS[number % len(CONDITIONS)])
    wanted = resolve_scope(scope, NAMES) if "{scope}" in phrasing.text else None
    try:
        read = parse_by_grammar(text, now=NOW, zone=UTC) or understand_freely(
            text, now=NOW, zone=UTC, model=model
        )
    except NotUnderstood as exc:
        offered = any(one.text.startswith(phrasing.label) for one in exc.candidates)
        return Outcome(phrasing, text, None, 0.0, scope_is_right=False, offered=offered, by="nobody")
    found = _place(read)
    kind = None if found not in {None, wanted} and not hasattr(found, "service") else KINDS[type(read.intent)]
    return Outcome(
        phrasing, text, kind, read.score, scope_is_right=found == wanted, offered=False, by=read.source
    )


def _place(read: Understanding) -> Resolved | None:
    scope = getattr(read.intent, "scope", None)
    return None if scope is None else resolve_scope(scope, NAMES)


def _percent(outcomes: list[Outcome], what: str) -> float:
    return 100 * sum(bool(getattr(one, what)) for one in outcomes) / len(outcomes)


def _by_grammar() -> object:
    return parse_by_grammar("slow requests of checkout since 14:00 where user.id=42", now=NOW, zone=UTC)


if __name__ == "__main__":
    began_s = time.perf_counter()
    for one in sorted(cross_validated(), key=lambda one: -one.score):
        if not one.right:
            print(f"{one.score:.2f} {one.by:10} {one.phrasing.label:10} -> {one.kind!s:10} {one.text}")
    print(f"{time.perf_counter() - began_s:.1f} s")
