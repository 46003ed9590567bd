"""One trace as a picture of a few lines: like siblings drawn as one, what matters least left out and counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from analyzers.asynchrony import WAITED, WHY
from analyzers.durations import impossible_durations
from analyzers.queues import queued_ns
from analyzers.report import Stretch, WaterfallRow
from analyzers.table import NO_PARENT, Relation, Status
from analyzers.wire import NO_CALLEE
from analyzers.wording import duration_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analyzers.arrays import BoolArray, Int8Array, Int32Array
    from analyzers.critical_path import CriticalPath
    from analyzers.table import SpanTable

ALIKE_FROM = 3
"""So many siblings of one operation are drawn as one line."""
MOST_ROWS = 28
"""One screen, with room for what else is to be said. Lines that count what was left out included."""
FINEST = 400
"""A picture shows no gap shorter than this part of the root's duration."""
QUEUED = "queued for"
FEWER_LINES = (24, 20, 16, 12, 8)
"""Lines that are tried: beneath each one may stand another that counts what was left out."""


@dataclass
class Line:
    """What may become a line: a span, or several like siblings with everything beneath them."""

    row: int
    parent: int
    """Row of the line above, NO_PARENT for tops."""
    count: int = 1
    beneath: int = 0
    """Spans drawn within this line although they hang lower."""
    begin_ns: int = 0
    end_ns: int = 0
    critical_ns: int = 0
    failed: int = 0
    score: int = 0
    """What the line and all beneath it hold of the path; failures and detached work count a little."""
    below: list[int] = field(default_factory=list)
    path: list[list[int]] = field(default_factory=list)
    """Its stretches of the critical path as [begin, end], in time order."""


@dataclass(frozen=True)
class Picture:
    """All that the drawing needs of one trace."""

    spans: SpanTable
    path: CriticalPath
    callees: Int32Array
    why_not_waited: Int8Array
    detached: BoolArray
    """What nobody waited for, and all beneath it."""
    bottleneck_row: int
    segments: Sequence[tuple[int, int, int]]
    """The critical path as (row, begin, end), in time order."""
    trace: int = 0

    @property
    def rows(self) -> range:
        return range(*(int(row) for row in self.spans.trace_begin[self.trace : self.trace + 2]))

    @property
    def root(self) -> int:
        return int(self.spans.root_row[self.trace])

    @cached_property
    def impossible(self) -> BoolArray:
        return impossible_durations(self.spans)


def waterfall(picture: Picture) -> tuple[WaterfallRow, ...]:
    """The lines of the trace, depth first by start: those that hold most of the critical path, and the bottleneck."""
    lines, line_of = _lines(picture)
    _add_stretches(picture, lines, line_of)
    _add_scores(picture, lines)
    bottleneck = line_of[picture.bottleneck_row]
    for most_lines in FEWER_LINES:
        shown = _most_important(lines, bottleneck, most_lines)
        if len(shown) + len(_nearest_shown(lines, shown)[1]) <= MOST_ROWS:
            break
    return tuple(_drawn(picture, lines, shown, bottleneck))


def _lines(picture: Picture) -> tuple[dict[int, Line], dict[int, int]]:
    """Every line by its first row, parents first; and the line that each row of the trace is drawn in."""
    spans = picture.spans
    line_of, beneath = _line_of_rows(picture)
    parents, own_ns = spans.parent_row.tolist(), picture.path.own_ns.tolist()
    starts_ns, ends_ns = spans.start_ns.tolist(), spans.end_ns.tolist()
    failed = (spans.status == Status.ERROR).tolist()
    lines: dict[int, Line] = {}
    for row, first in line_of.items():
        if first == row:
            parent = NO_PARENT if parents[row] == NO_PARENT else line_of[parents[row]]
            lines[row] = Line(row, parent, count=0, begin_ns=starts_ns[row])
        line = lines[first]
        line.begin_ns = min(line.begin_ns, starts_ns[row])
        line.end_ns = max(line.end_ns, ends_ns[row])
        line.critical_ns += own_ns[row]
        if row in beneath:
            line.beneath += 1
        else:
            line.count += 1
            line.failed += failed[row]
    return lines, line_of


def _line_of_rows(picture: Picture) -> tuple[dict[int, int], set[int]]:
    """The first row of the line that each row is drawn in; and the rows drawn there although they hang lower."""
    spans = picture.spans
    part = slice(picture.rows.start, picture.rows.stop)
    columns = (column[part].tolist() for column in (spans.parent_row, spans.service, spans.operation))
    keys = dict(zip(picture.rows, zip(*columns, strict=True), strict=True))
    like = Counter(key for key in keys.values() if key[0] != NO_PARENT)
    line_of: dict[int, int] = {}
    beneath: set[int] = set()
    first_alike: dict[tuple[int, int, int], int] = {}
    for row, key in keys.items():
        over = NO_PARENT if key[0] == NO_PARENT else line_of[key[0]]
        if over != NO_PARENT and like[keys[over]] >= ALIKE_FROM:
            line_of[row] = over
            beneath.add(row)
        elif like[key] >= ALIKE_FROM:
            line_of[row] = first_alike.setdefault(key, row)
        else:
            line_of[row] = row
    return line_of, beneath


def _add_stretches(picture: Picture, lines: dict[int, Line], line_of: dict[int, int]) -> None:
    """Where on the critical path every line lies, with what is drawn within it."""
    gap_ns = int(picture.spans.duration_ns[picture.root]) // FINEST
    for row, begin_ns, end_ns in picture.segments:
        path = lines[line_of[row]].path
        if path and begin_ns - path[-1][1] <= gap_ns:
            path[-1][1] = end_ns
        else:
            path.append([begin_ns, end_ns])


def _add_scores(picture: Picture, lines: dict[int, Line]) -> None:
    """Sum what lies beneath every line, children before parents."""
    duration_ns = int(picture.spans.duration_ns[picture.root])
    detached = (picture.why_not_waited != WAITED).tolist()
    for line in reversed(lines.values()):
        line.score += line.critical_ns + (duration_ns // 10 if line.failed else 0) + detached[line.row]
        if line.parent != NO_PARENT:
            lines[line.parent].score += line.score
    for line in lines.values():
        if line.parent != NO_PARENT:
            lines[line.parent].below.append(line.row)


def _most_important(lines: dict[int, Line], bottleneck: int, most_lines: int) -> set[int]:
    """The lines to draw. A line scores at least as high as what is beneath it, so parents come first."""
    ranked = sorted(lines.values(), key=lambda line: (line.parent != NO_PARENT, -line.score, line.row))
    return {line.row for line in ranked[:most_lines]} | {bottleneck}


def _drawn(
    picture: Picture, lines: dict[int, Line], shown: set[int], bottleneck: int
) -> Iterator[WaterfallRow]:
    """The shown lines depth first; after each one's children, what was left out beneath it."""
    above, hidden = _nearest_shown(lines, shown)
    children: dict[int, list[int]] = {}
    for row in lines:
        if row in shown:
            children.setdefault(above[row], []).append(row)
    root_first = sorted(children.get(NO_PARENT, []), key=lambda row: (row != picture.root, row))
    waiting: list[tuple[int, int, bool]] = [(row, 0, False) for row in reversed(root_first)]
    if NO_PARENT in hidden:
        waiting.insert(0, (NO_PARENT, 0, True))
    while waiting:
        row, depth, is_rest = waiting.pop()
        if is_rest:
            yield _rest(picture, hidden[row], depth)
            continue
        line = lines[row]
        yield _row(picture, line, depth, slowest=row == bottleneck)
        # The way to a service and the service stand side by side.
        deeper = depth if _what(picture, line) == "wire" else depth + 1
        if row in hidden:
            waiting.append((row, deeper, True))
        waiting += [(child, deeper, False) for child in reversed(children.get(row, []))]


def _nearest_shown(lines: dict[int, Line], shown: set[int]) -> tuple[dict[int, int], dict[int, list[Line]]]:
    """For every line the shown one above it; and by that, the lines that are not shown."""
    above: dict[int, int] = {}
    hidden: dict[int, list[Line]] = {}
    for row, line in lines.items():
        over = line.parent
        above[row] = over if over == NO_PARENT or over in shown else above[over]
        if row not in shown:
            hidden.setdefault(above[row], []).append(line)
    return above, hidden


def _rest(picture: Picture, hidden: list[Line], depth: int) -> WaterfallRow:
    origin_ns = int(picture.spans.start_ns[picture.root])
    begin_ns = min(line.begin_ns for line in hidden)
    return WaterfallRow(
        what="more",
        depth=depth,
        service="",
        operation="",
        count=sum(line.count + line.beneath for line in hidden),
        offset_ns=begin_ns - origin_ns,
        duration_ns=max(line.end_ns for line in hidden) - begin_ns,
        critical_ns=sum(line.critical_ns for line in hidden),
        failed=any(line.failed for line in hidden),
    )


def _row(picture: Picture, line: Line, depth: int, *, slowest: bool) -> WaterfallRow:
    spans = picture.spans
    what = _what(picture, line)
    origin_ns = int(spans.start_ns[picture.root])
    return WaterfallRow(
        what=what,
        depth=depth,
        service=spans.service_name(line.row),
        operation=spans.operation_name(line.row),
        callee=spans.services[int(picture.callees[line.row])] if what == "wire" else None,
        count=line.count,
        offset_ns=line.begin_ns - origin_ns,
        duration_ns=line.end_ns - line.begin_ns,
        critical_ns=line.critical_ns,
        path=tuple(Stretch(offset_ns=begin - origin_ns, duration_ns=end - begin) for begin, end in line.path),
        failed=line.failed > 0,
        slowest=slowest,
        remark=_remark(picture, line),
    )


def _what(picture: Picture, line: Line) -> Literal["span", "alike", "wire", "detached"]:
    if picture.detached[line.row]:
        return "detached"
    if line.count > 1:
        return "alike"
    is_way = not line.beneath and int(picture.callees[line.row]) != NO_CALLEE
    return "wire" if is_way else "span"


def _remark(picture: Picture, line: Line) -> str | None:
    spans, row = picture.spans, line.row
    if picture.why_not_waited[row] != WAITED:
        why = detached_text(spans, picture.root, row, int(picture.why_not_waited[row]))
        return f"the first {why}" if line.count > 1 and why.startswith(QUEUED) else why
    if row != picture.root and spans.relation[row] == Relation.ORPHAN:
        return "its parent is missing"
    if row != picture.root and spans.relation[row] == Relation.CUT:
        return "its parents form a circle"
    if row != picture.root and spans.parent_row[row] == NO_PARENT:
        return "another root, not charged"
    said = [
        "its times are impossible" if line.count == 1 and picture.impossible[row] else "",
        f"{line.failed:,} of {line.count:,} failed" if 0 < line.failed < line.count else "",
        f"with {line.beneath:,} more beneath" if line.beneath else "",
    ]
    return ", ".join(part for part in said if part) or None


def detached_text(spans: SpanTable, root: int, row: int, why: int) -> str:
    """When detached work began, and why nobody waited: `queued for 4.14 s, nobody waited`, `began 0.9 s after the answer, ...`."""
    after_ns, lay_ns = int(spans.start_ns[row] - spans.end_ns[root]), queued_ns(spans, row)
    if lay_ns is not None:
        until = f" until {duration_text(after_ns)} after the answer" if after_ns > 0 else ""
        return f"{QUEUED} {duration_text(lay_ns)}{until}, nobody waited"
    if after_ns >= 0:
        return f"began {duration_text(after_ns)} after the answer, nobody waited"
    return WHY[why]
