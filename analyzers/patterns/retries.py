"""The same call again and again because it failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.failure import failure_of
from analyzers.patterns.context import Claim
from analyzers.wording import duration_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from analyzers.patterns.context import TraceContext

SURE_FROM = 3
"""Two calls of which the first failed are a retry only if the target was not called otherwise; three are in any case."""


def retries(trace: TraceContext) -> list[Claim]:
    """Calls of one target under one span, one after the other, of which all but the last failed."""
    claims = []
    for _, calls in trace.calls_by_parent():
        for rows in _same_calls(trace, calls):
            runs = [run for run in _runs(trace, rows) if len(run) >= SURE_FROM or 1 < len(run) == len(rows)]
            claims += [_claim(trace, run) for run in runs]
    return claims


def _same_calls(trace: TraceContext, calls: list[int]) -> Iterable[list[int]]:
    """The calls that are the same down to their ids, of those of which some failed.

    Alike is what the caller says alike: the other side often records nothing of an attempt that timed out, so that
    the attempts differ in what is known of where they arrived.
    """
    failing = {_said(trace, row) for row in calls if trace.calls[row].failed}
    same: dict[tuple[object, str], list[int]] = {}
    for row in calls:
        if _said(trace, row) in failing:
            same.setdefault((_said(trace, row), trace.exact(row)), []).append(row)
    return [group for rows in same.values() for group in _by_arrival(trace, rows)]


def _said(trace: TraceContext, row: int) -> tuple[str, str]:
    return trace.calls[row].kind, trace.spans.operation_name(row)


def _by_arrival(trace: TraceContext, rows: list[int]) -> Iterable[list[int]]:
    """All of them, unless they are known to have arrived at several places; then those of each place."""
    known = {trace.calls[row].key for row in rows if trace.is_recorded_call(row)}
    callees = {trace.calls[row].callee for row in rows} - {""}
    if len(known) <= 1 and len(callees) <= 1:
        return [rows]
    places: dict[object, list[int]] = {}
    for row in rows:
        places.setdefault(trace.calls[row].key, []).append(row)
    return places.values()


def _runs(trace: TraceContext, rows: list[int]) -> Iterator[list[int]]:
    """The rows cut behind each success, and where one began before the one before it had ended."""
    run: list[int] = []
    for row in rows:
        if run and (not trace.calls[run[-1]].failed or trace.start_ns[row] < trace.end_ns[run[-1]]):
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _claim(trace: TraceContext, run: list[int]) -> Claim:
    return Claim(
        row=run[0],
        rows=tuple(run),
        mended=trace.subtrees(run[:-1]),
        count=len(run),
        tell=_tell(trace, run),
    )


def _tell(trace: TraceContext, run: list[int]) -> Callable[[int], str]:
    call = trace.calls[run[-1]]  # of a last attempt that arrived most is known
    what = f"{call.callee} {call.text}".strip() if call.kind == "request" else call.text
    kind = failure_of(trace.spans, run[0]).type
    why = f" ({kind})" if kind else ""
    if trace.calls[run[-1]].failed:
        failed, remedy = f"every time in vain{why}", "giving up after the first"
    else:
        failed, remedy = f"{len(run) - 1} of them in vain{why}", "succeeding at the first"
    return lambda saved_ns: (
        f"{what} was tried {len(run):,} times, {failed}: {remedy} would save about "
        f"{duration_text(saved_ns, 2)}, and the waits between"
    )
