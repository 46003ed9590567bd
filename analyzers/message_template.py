"""Messages that say the same about different things, as one template: `card 4711 declined` as `card <*> declined`."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MASK = "<*>"
LONGEST_READ = 300
"""Characters of a message that are told apart."""
MANY_VALUES = 4
"""So many messages that differ in one word alone: the word is a value."""
MOST_WORDS = 40
"""Of a message; in longer ones only what looks like a value is masked."""

# Where it stands in the middle of a word, a digit belongs to a name: `utf8`, `s3`, `v1`.
VALUES = re.compile(
    r"""
      [\w.+-]+@[\w-]+\.[\w.-]+                                  # mail addresses
    | \b[a-z][a-z0-9+.-]*://[^\s"'<>]+                          # URLs
    | \b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b  # UUIDs
    | \b0x[0-9a-fA-F]+\b
    | \b(?=[a-fA-F]*\d)[0-9a-fA-F]{8,}\b                        # hashes, ids
    | \d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?
    | (?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?![\w.])       # addresses
    | \b[A-Za-z]+[-_\#]\d+(?:[-_]\w+)*\b                         # order-123, pod_7-x
    | (?<![A-Za-z_])[-+]?\d+(?:[.,:]\d+)*(?=\b|[a-zµ]{1,2}\b|%)  # numbers, with or without a unit
    | \b(?=\w*\d\w*\d\w*\d)\w{6,}\b                             # tokens: several digits among letters
    """,
    re.VERBOSE,
)
REPEATED = re.compile(r"<\*>(?:[\s,;/]+<\*>)+")


def message_templates(messages: Iterable[str]) -> dict[str, str]:
    """The template of each message: what looks like a value masked, and words in which many otherwise like messages differ.

    The same for every order of the messages, and whether they come once or often.
    """
    masked = {message: masked_message(message) for message in messages}
    merged = _merged(set(masked.values()))
    return {message: merged[template] for message, template in masked.items()}


def masked_message(message: str) -> str:
    """One message on one line, what looks like a value as <*>."""
    line = " ".join(message[:LONGEST_READ].split())
    return REPEATED.sub(MASK, VALUES.sub(MASK, line))


def _merged(templates: set[str]) -> dict[str, str]:
    """Each template with the words masked in which many that are otherwise alike differ."""
    words = {template: tuple(template.split(" ")) for template in templates}
    alike: defaultdict[tuple[int, tuple[str, ...]], set[str]] = defaultdict(set)
    for parts in words.values():
        for position, key in _without_each(parts):
            alike[position, key].add(parts[position])
    return {template: _with_masks(parts, alike) for template, parts in words.items()}


def _without_each(parts: tuple[str, ...]) -> Iterable[tuple[int, tuple[str, ...]]]:
    """The words with each of them left out; a message of one word says nothing without it."""
    if 1 < len(parts) <= MOST_WORDS:
        for position in range(len(parts)):
            yield position, (*parts[:position], "", *parts[position + 1 :])


def _with_masks(parts: tuple[str, ...], alike: dict[tuple[int, tuple[str, ...]], set[str]]) -> str:
    varies = {position for position, key in _without_each(parts) if len(alike[position, key]) >= MANY_VALUES}
    shown = [MASK if position in varies else part for position, part in enumerate(parts)]
    return REPEATED.sub(MASK, " ".join(shown))
