"""Where a change is, place by place: lines that sum to it."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from analyzers.wording import change_beside_text, change_text, count_text, share_text
from renderers.slack.glance import aligned
from renderers.slack.page import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analyzers.investigation_report import Change, Investigation, Part

HEAD = ("change", "share", "where")
EACH = "each call"
MOST_PARTS, MOST_PARTS_IN_FULL = 6, 40
SMALL_SHARE = 0.01
"""Of the change: what is less is summed up in one line."""
TELLING_SHARE = 0.05
"""Of the change: of what is less nobody asks of what it is made."""
TELLING_KIND = 0.1
"""Of a part: `more calls −97 µs` beneath +33 ms is noise."""


def part_tables(report: Investigation, offset: int, *, in_full: bool = False) -> tuple[Table, ...]:
    """The largest parts and one line for the others; the parts from `offset` on where the rest or all is asked for."""
    change, parts = report.change, report.parts
    if change is None or not parts[offset:]:
        return ()
    if in_full or offset:
        head, rows, _ = _drawn(parts[offset : offset + MOST_PARTS_IN_FULL], (), change, in_full=True)
        return (Table(head, rows, offset=offset, whole=len(parts)),)
    shown = _telling(parts, change)
    head, rows, foot = _drawn(shown, parts[len(shown) :], change)
    return (Table(head, rows, foot, whole=len(shown)),)


def _telling(parts: Sequence[Part], change: Change) -> Sequence[Part]:
    """The first ones, which are the largest; one at least."""
    small_ns = SMALL_SHARE * abs(change.delta_ns)
    first = parts[:MOST_PARTS]
    return [*first[:1], *takewhile(lambda part: abs(part.delta_ns) >= small_ns, first[1:])]


def _drawn(
    shown: Sequence[Part], rest: Sequence[Part], change: Change, *, in_full: bool = False
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Head, rows and foot in the same columns; of what a part is made stands beneath it where that is more than noise."""
    figure = _exact if in_full else _beside
    made = [_made_of(part) for part in shown]
    cells = [HEAD]
    cells += [
        (*figure(part.delta_ns, change), _place(part, of)) for part, of in zip(shown, made, strict=True)
    ]
    if rest:
        others = count_text(len(rest), "other place")
        cells.append((*figure(sum(part.delta_ns for part in rest), change), others))
    head, *lines = aligned(cells)
    indent = " " * head.index(HEAD[-1])
    least_ns = (SMALL_SHARE if in_full else TELLING_SHARE) * abs(change.delta_ns)
    rows = tuple(
        f"{line}\n{indent}{_figures(of)}" if len(of) > 1 and abs(part.delta_ns) >= least_ns else line
        for part, of, line in zip(shown, made, lines, strict=False)
    )
    return (head,), rows, tuple(lines[len(shown) :])


def _beside(delta_ns: int, change: Change) -> tuple[str, str]:
    """In the unit of the whole, so that the column can be compared by eye."""
    if not change.delta_ns:
        return _exact(delta_ns, change)
    return change_beside_text(delta_ns, change.delta_ns), _share(delta_ns, change)


def _exact(delta_ns: int, change: Change) -> tuple[str, str]:
    return change_text(delta_ns), _share(delta_ns, change)


def _share(delta_ns: int, change: Change) -> str:
    return share_text(delta_ns / change.delta_ns).replace("under ", "<") if change.delta_ns else "-"


def _place(part: Part, made_of: dict[str, int]) -> str:
    """With what it is made of, if that is one thing, and not simply that each call takes longer or less long."""
    named = f"{part.caller} → {part.service}" if part.caller else f"{part.service} {part.operation}"
    return f"{named}, {next(iter(made_of))}" if len(made_of) == 1 and EACH not in made_of else named


def _figures(made_of: dict[str, int]) -> str:
    return ", ".join(f"{kind} {change_text(delta_ns)}" for kind, delta_ns in made_of.items())


def _made_of(part: Part) -> dict[str, int]:
    """What the part is made of, by kind, as far as it counts beside the whole of it."""
    kinds = {
        "more calls" if part.more_calls_ns > 0 else "fewer calls": part.more_calls_ns,
        EACH: part.slower_calls_ns,
        "new": part.new_ns,
        "gone": part.gone_ns,
    }
    least_ns = max(TELLING_KIND * abs(part.delta_ns), 1)
    return {kind: delta_ns for kind, delta_ns in kinds.items() if abs(delta_ns) >= least_ns}
