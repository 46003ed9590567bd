"""An investigation on a page: the verdict, where the change is, what is thought to be the cause, and the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from analyzers.investigation.words import also_told
from analyzers.wording import MINUS, count_text, lift_text, name_text, place_text, share_text
from renderers.terminal.answers import draw_answer, short_id, window_text
from renderers.terminal.columns import Column, draw_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analyzers.investigation_report import Cause, Change, Investigation, Part, SharedAttribute
    from renderers.terminal.pen import Pen

MOST_PARTS = 6
MOST_CAUSES = 3
MOST_EVIDENCE = 3
MOST_ATTRIBUTES = 3
MOST_FEELING = 4
SMALL_SHARE = 0.02
"""Parts below this share of the change are told together."""
COLUMNS = (
    Column("where it is", gives_way=True),
    Column("", right=True, style="bold"),
    Column("", right=True),
    Column("more calls", right=True, optional=True),
    Column("each slower", right=True, optional=True),
    Column("", optional=True),
)


def draw_investigation(report: Investigation, pen: Pen) -> Iterator[Text]:
    """One page; nothing is said twice."""
    exemplar = next(iter(report.exemplars.slow), None)
    return draw_answer(report, _body(report, pen), pen, exemplar)


def _body(report: Investigation, pen: Pen) -> Iterator[Text]:
    if report.change is not None and report.parts and _differs(report.change):
        yield from _parts(report.parts, report.change.delta_ns, pen)
        yield Text()
    yield from pen.column("causes", (Text(_cause(cause, pen)) for cause in _told(report.causes)))
    yield from pen.column(
        "shared", (Text(_attribute(one, pen)) for one in report.attributes[:MOST_ATTRIBUTES])
    )
    yield from pen.section("felt by", (Text(line) for line in _felt_by(report, pen)))
    if report.baseline_window and report.change and report.baseline_window != report.window:
        yield from pen.section("against", [Text(window_text(report.baseline_window, pen))])
    yield from pen.section("compare", (Text(line) for line in _exemplars(report, pen)))


def _differs(change: Change) -> bool:
    """By more than chance: else where it differs is chance too."""
    low_ns, high_ns = change.ci95_ns
    return bool(change.delta_ns) and not low_ns <= 0 <= high_ns


def _told(causes: tuple[Cause, ...]) -> list[Cause]:
    """The best one, what the headline names besides, and others that are more than a guess."""
    besides = also_told(causes)
    return [
        *causes[:1],
        *(cause for cause in causes[1:MOST_CAUSES] if cause is besides or cause.confidence != "low"),
    ]


def _parts(parts: Sequence[Part], delta_ns: int, pen: Pen) -> Iterator[Text]:
    telling = [part for part in parts[:MOST_PARTS] if abs(part.delta_ns) >= SMALL_SHARE * abs(delta_ns)]
    rest = parts[len(telling) :]
    rows = [_part(part, delta_ns, pen) for part in telling]
    if rest:
        left_ns = sum(part.delta_ns for part in rest)
        rows.append(
            (
                f"rest ({count_text(len(rest), 'place')})",
                _signed(left_ns, delta_ns, pen),
                _share(left_ns, delta_ns, pen),
                "",
                "",
                "",
            )
        )
    kept = [number for number in range(len(COLUMNS)) if any(row[number] not in {"", "-"} for row in rows)]
    yield from draw_table(
        [COLUMNS[number] for number in kept], [[row[number] for number in kept] for row in rows], pen
    )


def _part(part: Part, delta_ns: int, pen: Pen) -> tuple[str, ...]:
    appeared = part.new_ns or part.gone_ns
    return (
        _place(part, pen),
        _signed(part.delta_ns, delta_ns, pen),
        _share(part.delta_ns, delta_ns, pen),
        "-" if appeared else _signed(part.more_calls_ns, delta_ns, pen),
        "-" if appeared else _signed(part.slower_calls_ns, delta_ns, pen),
        _remark(part),
    )


def _remark(part: Part) -> str:
    if part.caller is not None:
        return "on the wire"
    if part.new_ns:
        return "new on the path"
    return "gone from the path" if part.gone_ns else ""


def _place(part: Part, pen: Pen) -> str:
    if part.caller is not None:
        return f"{part.caller} {pen.glyphs.arrow} {part.service}"
    return f"{part.service}  {part.operation or ''}".rstrip()


def _signed(part_ns: int, whole_ns: int, pen: Pen) -> str:
    if not part_ns:
        return "-"
    text = pen.duration_beside(abs(part_ns), abs(whole_ns))
    if text.startswith("<"):
        return text
    return pen.spell("+" if part_ns > 0 else MINUS) + text


def _share(part_ns: int, whole_ns: int, pen: Pen) -> str:
    return pen.share(part_ns / whole_ns)


def _cause(cause: Cause, pen: Pen) -> str:
    named = place_text(cause.service, cause.operation)
    if cause.caller is not None:
        named = f"{name_text(cause.caller)} → {name_text(cause.service)}"
    evidence = "; ".join(one.removeprefix(f"{named}: ") for one in cause.evidence[:MOST_EVIDENCE])
    sure = f"confidence {cause.confidence}"
    where = _where(cause, pen)
    return f"{where}: {evidence} ({sure})" if evidence else f"{where} ({sure})"


def _where(cause: Cause, pen: Pen) -> str:
    if cause.caller is not None:
        return f"{name_text(cause.caller)} {pen.glyphs.arrow} {name_text(cause.service)}"
    return place_text(cause.service, cause.operation)


def _attribute(one: SharedAttribute, pen: Pen) -> str:
    return (
        f"{name_text(one.where)} {name_text(one.key)} = {name_text(one.value)}: {share_text(one.coverage_ratio)} of the slow ones, "
        f"{lift_text(one.lift)} as often as others; without it {pen.duration(one.incident_without_ns)}"
    )


def _felt_by(report: Investigation, pen: Pen) -> Iterator[str]:
    for one in report.impact[:MOST_FEELING]:
        sign = "+" if one.delta_ns >= 0 else "-"
        yield f"{place_text(one.service, one.operation)} {sign}{pen.duration(abs(one.delta_ns))}"
    if len(report.impact) > MOST_FEELING:
        yield f"and {len(report.impact) - MOST_FEELING:,} more"


def _exemplars(report: Investigation, pen: Pen) -> Iterator[str]:
    if report.exemplars.slow:
        yield f"slow {short_id(report.exemplars.slow[0], pen)}"
    if report.exemplars.normal:
        yield f"normal {short_id(report.exemplars.normal[0], pen)}"
