"""Blocks through slackblocks, which refuses what Slack would: text of others goes into rich and plain text only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slackblocks import (
    Block,
    ContextBlock,
    ImageBlock,
    Message,
    RichText,
    RichTextBlock,
    RichTextCodeBlock,
    RichTextLink,
    RichTextList,
    RichTextSection,
    SlackFile,
    Text,
    TextType,
)

from renderers.slack.escaping import cut, isolated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from renderers.slack.message import Json, Picture
    from renderers.slack.page import Point

ANY_CHANNEL = "C0"
LONGEST_ALT_TEXT = 600
"""Slack takes 2,000 characters, of a budget that the evidence in words needs more."""


def bold_line(text: str) -> Json:
    """A headline: rich text, since a header would cut it at 150 characters."""
    return as_json(RichTextBlock(RichTextSection(RichText(isolated(text), bold=True))))


def plain_line(text: str) -> Json:
    return as_json(RichTextBlock(RichTextSection(RichText(isolated(text)))))


def bullets(points: Sequence[Point]) -> Json:
    """One line for each, the label in bold."""
    return as_json(RichTextBlock(RichTextList("bullet", [_bullet(point) for point in points], offset=None)))


def fixed_width(lines: Sequence[str]) -> Json:
    """Lines as they are, in one width for every character."""
    return as_json(RichTextBlock(RichTextCodeBlock(RichText("\n".join(lines)))))


def markup_context(parts: Sequence[str]) -> Json:
    """Small print in Slack's markup, which the caller has escaped; nothing in it becomes a link by itself."""
    return as_json(ContextBlock([Text(part, TextType.MARKDOWN, verbatim=True) for part in parts]))


def plain_context(parts: Sequence[str]) -> Json:
    """Small print as it stands, in one text: several would stand beside each other in columns a few words wide."""
    return as_json(ContextBlock([Text(" · ".join(map(isolated, parts)), TextType.PLAINTEXT)]))


def image(picture: Picture) -> Json:
    """A picture that was uploaded before."""
    alt_text = cut(picture.alt_text, LONGEST_ALT_TEXT) or picture.title
    return as_json(
        ImageBlock(alt_text=alt_text, title=picture.title, slack_file=SlackFile(None, picture.file_id))
    )


def as_json(block: Block, *, keep_id: bool = False) -> Json:
    """The block as Slack reads it. The id that slackblocks makes up is random, and would never be used."""
    made: Json = Message(ANY_CHANNEL, blocks=[block]).to_dict()["blocks"][0]
    return made if keep_id else {key: value for key, value in made.items() if key != "block_id"}


def _bullet(point: Point) -> RichTextSection:
    parts: list[RichText | RichTextLink] = []
    if point.label:
        parts.append(RichText(isolated(point.label) + (" " if point.text else ""), bold=True))
    if point.url:
        parts.append(RichTextLink(point.url, isolated(point.text) or None))
    elif point.text or not parts:
        parts.append(RichText(isolated(point.text) or " "))
    return RichTextSection(list(parts))
