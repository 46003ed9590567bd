"""Operations and services now, beside what is usual for them at this hour."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec

from analyzers.baselines.reference import FEWEST_DAYS
from analyzers.minutes import OperationKey
from analyzers.report import Operations, Services
from analyzers.same_hours import gone
from analyzers.table import Kind
from analyzers.usual import usual_of
from analyzers.wording import count_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analyzers.report import OperationRow
    from analyzers.same_hours import Days
    from analyzers.usual import Usual

AnyTable = TypeVar("AnyTable", Operations, Services)
NAMED = 3
ONLY_DURATIONS = (
    "traces were left out, so only durations are compared, not how many calls there are or how many fail"
)


def with_usual(report: AnyTable, days: Days) -> AnyTable:
    """The rows with what is usual for them, and a note of how it is known."""
    usual = usual_of(days)
    if days.known < FEWEST_DAYS:
        return noted(report, f"what is usual at this hour is not known yet: {_few(days.known)}")
    rows = tuple(_with(row, usual.get(_key(row))) for row in report.rows)
    return noted(msgspec.structs.replace(report, rows=rows), *_known(days), *_missing(gone(days)))


def noted(report: AnyTable, *notes: str) -> AnyTable:
    """The report with more notes, if it has rows to speak of."""
    if not report.rows:
        return report
    return msgspec.structs.replace(report, notes=(*report.notes, *notes))


def _known(days: Days) -> tuple[str, ...]:
    some = "" if days.whole else "some traces of "
    known = f"usual is what {some}the same hours of {count_text(days.known, 'day')} before had"
    return (known,) if days.whole else (known, ONLY_DURATIONS)


def _few(known: int) -> str:
    if not known:
        return "nothing was kept of the days before"
    were = "was" if known == 1 else "were"
    return f"only {count_text(known, 'day')} before it {were} kept, {FEWEST_DAYS} are needed"


def _with(row: OperationRow, usual: Usual | None) -> OperationRow:
    if usual is None:
        return row
    return msgspec.structs.replace(
        row, usual_p95_ns=usual.p95_ns if usual.days else None, status=usual.status
    )


def _key(row: OperationRow) -> OperationKey:
    kind = 0 if row.kind is None else int(Kind[row.kind.upper()])
    return OperationKey(row.service, row.operation or "", kind)


def _missing(missing: Sequence[OperationKey]) -> tuple[str, ...]:
    if not missing:
        return ()
    names = [" ".join(part for part in (key.service, key.operation) if part) for key in missing]
    named = list(dict.fromkeys(names))
    more = f" and {len(named) - NAMED} more" if len(named) > NAMED else ""
    return (f"usually called at this hour, but not now: {', '.join(named[:NAMED])}{more}",)
