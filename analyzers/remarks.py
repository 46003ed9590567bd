"""What was wrong with a trace, in sentences; and how sure an answer may be for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.wording import count_text, duration_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzers.report_base import Confidence, TraceHealth
    from analyzers.skew import Skew

MANY_ORPHANS_RATIO = 0.2
"""From here on too much of a trace is missing for its shape to be trusted."""


def confidence_of(health: TraceHealth) -> Confidence:
    """How sure an answer can be that stands on such traces; a trace whose repair may matter is never called high.

    Clocks put right matter where they may still be off by what is worth telling of the trace.
    """
    if not health.traces:
        return "none"
    lost = health.orphans + health.unreadable
    made_up = health.rootless or health.doubtful_durations
    if made_up or health.truncated or lost > MANY_ORPHANS_RATIO * health.spans:
        return "low"
    damaged = (
        lost,
        health.multi_root,
        health.cycles,
        health.negative_durations,
        health.absurd_durations,
        health.unanswered_calls,
        health.absent_calls,
        health.doubtful_clocks,
    )
    return "medium" if any(damaged) else "high"


def health_remarks(health: TraceHealth, skew: Skew) -> tuple[str, ...]:
    """One sentence for everything that had to be repaired or cannot be known, the gravest first."""
    return (*_missing(health), *_damaged(health), *_clocks(skew))


def _missing(health: TraceHealth) -> Iterator[str]:
    if health.truncated:
        yield "the store held more than it gave: this is a part of the trace"
    if health.rootless and health.orphans:
        yield "the root is missing: times are those of the longest span whose parent was not received"
    elif health.rootless:
        yield "there is no root: all parents form circles, and times are those of the longest span of one"
    if health.orphans:
        one = health.orphans == 1
        yield (
            f"{count_text(health.orphans, 'span')} without {'its' if one else 'their'} parent, which was not received; "
            f"shown under the root where {'it' if one else 'they'} ran"
        )
    if health.unanswered_calls:
        yield (
            f"{count_text(health.unanswered_calls, 'call')} without the server's span, "
            "where like calls have one: spans are missing"
        )
    if health.unreadable:
        yield f"{count_text(health.unreadable, 'span')} that could not be read, left out"


def _damaged(health: TraceHealth) -> Iterator[str]:
    if health.multi_root:
        yield "several roots: somewhere the trace context was not passed on; times are those of the first root"
    if health.cycles:
        yield f"{count_text(health.cycles, 'circle')} of parents, cut"
    if health.negative_durations:
        yield f"{count_text(health.negative_durations, 'span')} with an end before the beginning, taken as no time"
    if health.absurd_durations:
        yield f"{count_text(health.absurd_durations, 'span')} longer than a week, cut to the rest of the trace"
    if health.duplicates:
        yield f"{count_text(health.duplicates, 'span')} received more than once, counted once"


def _clocks(skew: Skew) -> Iterator[str]:
    for offset in skew.offsets:
        ahead = "ahead of" if offset.offset_ns > 0 else "behind"
        doubt_ns = (offset.high_ns - offset.low_ns) // 2
        yield (
            f"the clock of {offset.host} was {duration_text(abs(offset.offset_ns), digits=2)} {ahead} that of "
            f"{offset.reference} (± {duration_text(doubt_ns, digits=2)}, from {count_text(offset.calls, 'call')}), corrected"
        )
