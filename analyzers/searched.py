"""A search of a period: what every answer about many traces repeats of the question, and owes to the store."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import msgspec

from analyzers.breakdown import rfc3339
from analyzers.period_words import period_text
from analyzers.report_base import NO_HEALTH, Report, Scope, Window
from analyzers.sampling import sampling_remarks
from analyzers.wording import count_text, name_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from analyzers.repair import Repaired
    from analyzers.report_base import Asked, Condition, Confidence, TraceHealth

MANY_INCOMPLETE_RATIO = 0.2
"""From here on the traces of an answer are too damaged for it to be trusted."""
SOME_INCOMPLETE_RATIO = 0.01

AnyAnswer = TypeVar("AnyAnswer", bound=Report)


@dataclass(frozen=True)
class Searched:
    """The question, its period [start_ns, end_ns), and what the store said besides spans."""

    asked: Asked
    start_ns: int
    end_ns: int
    now: datetime
    """Aware, in the asker's zone."""
    truncated: bool = False
    """There are more traces than were read: nothing counted from these is a total."""
    ranked_by_store: bool = False
    """The store picked the slowest traces itself: there are more, but none that matter."""
    matching: int | None = None
    """How many traces match in all, where the store counted them; not adjusted for sampling."""
    unreadable: int = 0
    notes: tuple[str, ...] = ()

    @property
    def scope(self) -> Scope:
        understood = self.asked.understood
        return understood.scope if understood and understood.scope else Scope()

    @property
    def where(self) -> tuple[Condition, ...]:
        return self.asked.understood.where if self.asked.understood else ()

    @property
    def when(self) -> str:
        """`in the last hour`."""
        return period_text(self.start_ns, self.end_ns, self.now)

    @cached_property
    def place(self) -> str:
        """`checkout `, `frontend GET /cart `, or nothing: to stand before a noun."""
        names = [name_text(name) for name in (self.scope.service, self.scope.operation) if name]
        return " ".join(names) + " " if names else ""

    @cached_property
    def conditions(self) -> str:
        """` with user.id = 42`, or nothing: to stand after a noun."""
        words = [f"{one.key} {one.op} {one.value}" for one in self.where]
        return f" with {' and '.join(words)}" if words else ""

    def requests(self, count: int | None = None) -> str:
        """`1,204 checkout requests with user.id = 42`; without a count in the plural."""
        noun = "request" if count == 1 else "requests"
        number = "" if count is None else f"{count:,} "
        return f"{number}{self.place}{noun}{self.conditions}"

    def nothing(self) -> str:
        """The headline of an empty answer."""
        where = f" in {self.asked.backend}" if self.asked.backend else ""
        return f"There are no {self.requests()} {self.when}{where}."

    def window(self) -> Window:
        return Window(start=rfc3339(self.start_ns), end=rfc3339(self.end_ns))

    def health_of(self, repaired: Repaired) -> TraceHealth:
        """What was wrong with the traces that were read, and with the reading of them."""
        return msgspec.structs.replace(repaired.health, unreadable=self.unreadable, truncated=self.truncated)

    def complete(self, report: AnyAnswer, repaired: Repaired, *remarks: str) -> AnyAnswer:
        """The report with the question, the period, the health of its traces, and how sure it is for that."""
        health = self.health_of(repaired)
        found = health.traces > 0
        return msgspec.structs.replace(
            report,
            backend=self.asked.backend,
            understood=self.asked.understood,
            window=self.window(),
            health=health,
            confidence=less_sure(report.confidence, confidence_in(health)),
            notes=(
                *remarks,
                *(sampling_remarks(repaired.spans) if found else ()),
                *damage_remarks(health),
                *self.notes,
            ),
        )

    def counted(self, report: AnyAnswer, spans: int, *remarks: str) -> AnyAnswer:
        """The report of what the store counted itself, so that no traces were read: of that nothing is known to be damaged."""
        if not spans:
            return self.empty(report)
        return msgspec.structs.replace(
            report,
            backend=self.asked.backend,
            understood=self.asked.understood,
            window=self.window(),
            health=msgspec.structs.replace(NO_HEALTH, spans=spans),
            notes=(*remarks, *self.notes),
        )

    def empty(self, report: AnyAnswer, *remarks: str) -> AnyAnswer:
        """The report of a search that matched nothing."""
        health = msgspec.structs.replace(NO_HEALTH, unreadable=self.unreadable, truncated=self.truncated)
        return msgspec.structs.replace(
            report,
            backend=self.asked.backend,
            understood=self.asked.understood,
            window=self.window(),
            health=health,
            confidence="none",
            notes=(*remarks, *damage_remarks(health), *self.notes),
        )


def confidence_in(health: TraceHealth) -> Confidence:
    """How sure an answer can be that stands on many traces: a few damaged ones among them change little."""
    if not health.traces:
        return "none"
    damaged = health.incomplete + health.multi_root
    if health.truncated or damaged > MANY_INCOMPLETE_RATIO * health.traces:
        return "low"
    bent = health.unreadable + health.cycles + health.negative_durations + health.absurd_durations
    if bent > MANY_INCOMPLETE_RATIO * health.spans:
        return "low"
    lost = bent > SOME_INCOMPLETE_RATIO * health.spans
    return "medium" if lost or damaged > SOME_INCOMPLETE_RATIO * health.traces else "high"


def less_sure(one: Confidence, other: Confidence) -> Confidence:
    """The lower of two confidences."""
    ranks: tuple[Confidence, ...] = ("none", "low", "medium", "high")
    return min(one, other, key=ranks.index)


def damage_remarks(health: TraceHealth) -> Iterator[str]:
    """One sentence for everything that was wrong with the traces, the gravest first."""
    if health.truncated:
        traces = count_text(health.traces, "trace")
        yield f"there are more traces than were read: this is from the newest {traces}, not a total"
    if health.incomplete:
        yield f"spans are missing in {health.incomplete:,} of {count_text(health.traces, 'trace')}"
    if health.multi_root:
        yield (
            f"several roots in {health.multi_root:,} of {count_text(health.traces, 'trace')}: somewhere the trace context was not passed on"
        )
    if health.unreadable:
        yield f"{count_text(health.unreadable, 'span')} could not be read and {_were(health.unreadable)} left out"
    if health.cycles:
        yield f"{count_text(health.cycles, 'circle')} of parents {_were(health.cycles)} cut"
    if health.negative_durations:
        yield (
            f"{count_text(health.negative_durations, 'span')} with an end before the beginning "
            f"{_were(health.negative_durations)} taken as no time"
        )
    if health.absurd_durations:
        yield (
            f"{count_text(health.absurd_durations, 'span')} longer than a week {_were(health.absurd_durations)} "
            "cut to the rest of the trace"
        )
    if health.skew_corrected:
        yield f"clocks that disagreed were corrected for {count_text(health.skew_corrected, 'span')}"


def _were(count: int) -> str:
    return "was" if count == 1 else "were"
