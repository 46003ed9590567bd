"""Calls that an operation makes in all other traces, and not in this one: a leaf that no span names can still be missed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from analyzers.minutes import OperationKey
from analyzers.remarks import confidence_of
from analyzers.table import Kind, Relation, Status
from analyzers.wording import count_text, place_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analyzers.arrays import BoolArray, Int64Array
    from analyzers.repair import Repaired
    from analyzers.report import Breakdown
    from analyzers.table import SpanTable

FEWEST_TRACES = 20
"""With the operation, before "all of them" says anything."""


@dataclass(frozen=True)
class AbsentCall:
    """What an operation does at least so often in all other traces, and less often here."""

    caller: OperationKey
    called: OperationKey
    spans: int
    """How many are not here, at least."""
    traces: int
    """Others in which the caller ran."""


@dataclass(frozen=True)
class _Habit:
    """What every run of an operation calls."""

    called: OperationKey
    least: int
    """In each run at least so often."""
    traces: int


_Habits = dict[OperationKey, list[_Habit]]
_Run = tuple[OperationKey, dict[OperationKey, int]]


def with_others(report: Breakdown, spans: SpanTable, others: Repaired) -> Breakdown:
    """The breakdown of the one trace in `spans`, repaired, beside others of its sort: what all of them have and it has not.

    Others that miss spans themselves are left out, and the trace itself where it is among them. Fewer than
    FEWEST_TRACES say nothing, nor does any number of them where no run here is of an operation with a habit there.
    """
    habits = _habits(others.spans, _sound_others(others, report.trace_id))
    runs = list(_runs(spans))
    compared_with = _most_traces(runs, habits)
    if not compared_with:
        return report
    absent = _absent(runs, habits)
    health = msgspec.structs.replace(
        report.health, compared_with=compared_with, absent_calls=sum(one.spans for one in absent)
    )
    remarks = (_remark(absent),) if absent else ()
    return msgspec.structs.replace(
        report, health=health, confidence=confidence_of(health), notes=(*remarks, *report.notes)
    )


def absent_calls(spans: SpanTable, others: SpanTable, chosen: BoolArray) -> tuple[AbsentCall, ...]:
    """What the runs in a trace lack of what every run of the same operation has in the chosen others, most spans first.

    A run that failed may have ended before it called anybody: it is neither missed in nor learnt from.

    Args:
        chosen: which of the others' traces count, shape (n_traces,).
    """
    return _absent(_runs(spans), _habits(others, chosen))


def _absent(runs: Iterable[_Run], habits: _Habits) -> tuple[AbsentCall, ...]:
    found: dict[tuple[OperationKey, OperationKey], AbsentCall] = {}
    for caller, called in runs:
        for habit in habits.get(caller, ()):
            missing = habit.least - called.get(habit.called, 0)
            if missing > 0:
                before = found.get((caller, habit.called))
                total = missing + (before.spans if before else 0)
                found[caller, habit.called] = AbsentCall(caller, habit.called, total, habit.traces)
    return tuple(sorted(found.values(), key=lambda one: (-one.spans, one.caller, one.called)))


def _most_traces(runs: Iterable[_Run], habits: _Habits) -> int:
    """How many others taught the habits that runs here were held against; 0 where none was."""
    applied = (habit.traces for caller, _ in runs for habit in habits.get(caller, ()))
    return max(applied, default=0)


def _sound_others(others: Repaired, trace_id: str) -> BoolArray:
    chosen: BoolArray = ~others.incomplete
    if trace_id in others.spans.trace_ids:
        chosen[others.spans.trace_ids.index(trace_id)] = False
    return chosen


def _habits(spans: SpanTable, chosen: BoolArray) -> _Habits:
    """By caller, what each of its runs calls."""
    keys, place = _places(spans)
    counted = chosen[spans.trace] & (spans.status != Status.ERROR)
    runs = np.bincount(place[counted], minlength=len(keys))
    traces = np.bincount(
        np.unique(np.stack((place[counted], spans.trace[counted])), axis=1)[0], minlength=len(keys)
    )
    caller, called, count = _calls(spans, place, counted)
    edges, edge = np.unique(np.stack((place[caller], called)), axis=1, return_inverse=True)
    least = np.full(edges.shape[1], np.iinfo(np.int64).max)
    np.minimum.at(least, edge.reshape(-1), count)
    always = np.bincount(edge.reshape(-1), minlength=edges.shape[1]) == runs[edges[0]]
    habits: _Habits = {}
    for at in np.flatnonzero(always & (traces[edges[0]] >= FEWEST_TRACES)).tolist():
        first, second = edges[:, at].tolist()
        habits.setdefault(keys[first], []).append(_Habit(keys[second], int(least[at]), int(traces[first])))
    return habits


def _runs(spans: SpanTable) -> Iterator[_Run]:
    """Every run that did not fail, and how often it called what."""
    keys, place = _places(spans)
    counted = spans.status != Status.ERROR
    called: dict[int, dict[OperationKey, int]] = {row: {} for row in np.flatnonzero(counted).tolist()}
    columns = (column.tolist() for column in _calls(spans, place, counted))
    for row, number, count in zip(*columns, strict=True):
        called[row][keys[number]] = count
    yield from ((keys[place[row]], calls) for row, calls in called.items())


def _calls(
    spans: SpanTable, place: Int64Array, counted: BoolArray
) -> tuple[Int64Array, Int64Array, Int64Array]:
    """Row of a caller, place called, and how often; only callers that count."""
    children = np.flatnonzero(spans.relation == Relation.CHILD)
    children = children[counted[spans.parent_row[children]]]
    pairs = np.stack((spans.parent_row[children].astype(np.int64), place[children]))
    both, count = np.unique(pairs, axis=1, return_counts=True)
    return both[0], both[1], count


def _places(spans: SpanTable) -> tuple[list[OperationKey], Int64Array]:
    """What there is, and which of it each row is."""
    n_operations = len(spans.operations)
    numbers = (spans.service.astype(np.int64) * n_operations + spans.operation) * len(Kind) + spans.kind
    distinct, place = np.unique(numbers, return_inverse=True)
    names, kinds = np.divmod(distinct, len(Kind))
    keys = [
        OperationKey(spans.services[name // n_operations], spans.operations[name % n_operations], kind)
        for name, kind in zip(names.tolist(), kinds.tolist(), strict=True)
    ]
    return keys, place.astype(np.int64)


def _remark(absent: tuple[AbsentCall, ...]) -> str:
    first = absent[0]
    one = first.spans == 1
    called = place_text(first.called.service, first.called.operation)
    caller = place_text(first.caller.service, first.caller.operation)
    more = f" (and {count_text(len(absent) - 1, 'more sort')} of calls)" if len(absent) > 1 else ""
    return (
        f"{count_text(first.spans, 'call')} of {called} by {caller}{more} {'is' if one else 'are'} not here, which all of "
        f"{first.traces} other traces have: not made this time, or not received"
    )
