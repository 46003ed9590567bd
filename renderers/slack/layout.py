"""A page cut to what Slack takes: the important parts get their room first, and what is left out is counted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from analyzers.wording import count_text
from renderers.slack.actions import MORE, SHARE
from renderers.slack.blocks import (
    bold_line,
    bullets,
    fixed_width,
    image,
    markup_context,
    plain_context,
    plain_line,
)
from renderers.slack.buttons import button_row, feedback_row
from renderers.slack.escaping import cut, escaped, json_length
from renderers.slack.message import SlackMessage
from renderers.slack.page import Button

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from renderers.slack.message import Json, SlackView
    from renderers.slack.page import Page, Point, Table

Part = TypeVar("Part")

MOST_JSON = 10_000
"""Characters of a whole message: a little under where Slack begins to answer `msg_blocks_too_long`."""
FRAME = 60
"""The braces, keys and commas around text and blocks."""
LONGEST_HEADLINE = 300
LONGEST_POINT = 280
LONGEST_NOTE = 200
LONGEST_LABEL = 100
LONGEST_TABLE = 2_900
"""Slack takes 3,000 characters in a text."""
MOST_POINTS = 5
MOST_FOR_POINTS, MOST_FOR_CONTEXT = 3_000, 1_600
MOST_POINTS_DENSE, MOST_FOR_POINTS_DENSE = 24, 6_500
"""Characters of JSON, so that room is left for the evidence whatever is said before it."""
MOST_NOTES = 4


def laid_out(page: Page, view: SlackView) -> SlackMessage:
    """The message; its parts are made in the order of their importance, each of what room is left."""
    headline = cut(page.headline, LONGEST_HEADLINE) or "No answer."
    head = bold_line(headline)
    room = Room(MOST_JSON - FRAME - json_length(escaped(headline)))
    room.take([head, *_foot(page, view, rest_from=1)])  # as if there were more, which costs most
    picture = room.take([image(view.picture)]) if view.picture and not view.offset else []
    context = room.fit(page.context, _context, MOST_FOR_CONTEXT)
    points = room.fit(_points(page, view), bullets, MOST_FOR_POINTS_DENSE if page.dense else MOST_FOR_POINTS)
    step = cut(page.next_step, LONGEST_POINT)
    next_step = room.fit([step] if step else [], _plain)
    tables, rest_from = _tables(page.tables, room)
    notes = room.fit(_notes(page.notes), plain_context)
    foot = _foot(page, view, rest_from)
    blocks = (head, *points, *tables, *picture, *next_step, *context, *notes, *foot)
    return SlackMessage(escaped(headline), blocks)


@dataclass
class Room:
    """Characters of JSON that a message may still have."""

    left: int

    def take(self, blocks: Sequence[Json]) -> Sequence[Json]:
        self.left -= sum(json_length(block) + len(", ") for block in blocks)
        return blocks

    def fit(
        self, parts: Sequence[Part], build: Callable[[Sequence[Part]], Json], most: int = MOST_JSON
    ) -> Sequence[Json]:
        """The block of as many of the first parts as there is room for; none where there is none for one."""
        for count in range(len(parts), 0, -1):
            block = build(parts[:count])
            if json_length(block) < min(self.left, most):
                return self.take([block])
        return []


def _tables(tables: Sequence[Table], room: Room) -> tuple[list[Json], int | None]:
    """The tables, and from which row on one of them has more, if one has."""
    blocks: list[Json] = []
    unfinished: list[int] = []
    for table in tables:
        drawn, shown = _fitted(table, room)
        blocks += room.take(drawn)
        if shown and table.offset + shown < table.whole:
            unfinished.append(table.offset + shown)
    return blocks, min(unfinished, default=None)


def _points(page: Page, view: SlackView) -> list[Point]:
    """What to look at; the rest of a list does not say it again."""
    most = MOST_POINTS_DENSE if page.dense else MOST_POINTS
    return [] if view.offset else [_cut_point(point) for point in page.points[:most]]


def _context(lines: Sequence[str]) -> Json:
    return markup_context(["\n".join(lines)])


def _fitted(table: Table, room: Room) -> tuple[list[Json], int]:
    """As many rows as there is room for, and how many those are."""
    for count in range(len(table.rows), 0, -1):
        left_out = table.whole - table.offset - count
        more = (f"... and {left_out:,} more",) if left_out > 0 else ()
        lines = (*table.head, *table.rows[:count], *more, *table.foot)
        if sum(map(len, lines)) + len(lines) > LONGEST_TABLE:
            continue
        block = fixed_width(lines)
        if json_length(block) < room.left:
            return [block], count
    return [], 0


def _cut_point(point: Point) -> Point:
    return replace(point, label=cut(point.label, LONGEST_LABEL), text=cut(point.text, LONGEST_POINT))


def _plain(parts: Sequence[str]) -> Json:
    return plain_line(parts[0])


def _notes(notes: Sequence[str]) -> list[str]:
    """The first few, and how many others there are."""
    shown = [cut(note, LONGEST_NOTE) for note in notes[:MOST_NOTES] if note.strip()]
    if len(notes) > MOST_NOTES:
        shown.append(f"and {count_text(len(notes) - MOST_NOTES, 'more remark')}")
    return shown


def _foot(page: Page, view: SlackView, rest_from: int | None) -> list[Json]:
    """The buttons; none for a report that is not kept, since nothing could answer them."""
    if view.report_id is None:
        return []
    first, others = page.buttons[:1], page.buttons[1:]
    more = (Button("Show more", MORE, rest_from),) if rest_from is not None else ()
    share = (Button("Share to channel", SHARE),) if view.ephemeral and page.answers else ()
    row = button_row((*first, *more, *share, *others), view.report_id)
    feedback = [feedback_row(view.report_id)] if page.answers else []
    return [*([row] if row else []), *feedback]
