"""How much an OTLP message holds, seen from its bytes before anything is made of them.

Protobuf writes an empty span in two bytes, gzip a thousand of those in one, and a reader makes some 1,500 bytes of each.
So spans, and what is in them, are counted first. All of it stands in one file because numba notices a change only in
the file that it cached.
"""

# ruff: noqa: PLR1714, SIM109 - numba makes one comparison after the other quicker than a search in a tuple

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analyzers.kernel import kernel
from backends.formats.decoded import NotThisFormat, TooMuch

if TYPE_CHECKING:
    from collections.abc import Callable

# Messages, each a row of FIELDS_KNOWN numbers in CHILDREN. numba reads all these as constants.
MESSAGE, RESOURCE_SPANS, RESOURCE, SCOPE_SPANS, SCOPE, SPAN, EVENT, LINK = 0, 1, 2, 3, 4, 5, 6, 7
PAIR, VALUE, ITEM, ITEMS, PAIRS, ENTITY, TEXT = 8, 9, 10, 11, 12, 13, 14
"""`VALUE` is what a pair has, of which it keeps one; `ITEM` is a value in a list, of which there may be many."""
FIELDS_KNOWN = 16
DEEPEST = 101
"""Messages within messages; protobuf's library reads a hundred."""
MOST_GROUPS_OR_SPANS = 100_000
"""Of a request. A Collector usually sends 8,192 spans at a time."""
MOST_DETAILS = 1_000_000
"""Attributes, events and links of a request, with what is in them."""
MOST_OF_ONE = 100_000
"""Of those on one span; SDKs make 128 of each unless they are told otherwise."""
SMALLEST_PART = 2
"""Bytes: a tag and a length."""
FINE, BROKEN = -1, -2
SPANS, GROUPS, DETAILS, OF_ONE = 0, 1, 2, 3
WORDS = (
    "spans",
    "resources and scopes",
    "attributes, events and links",
    "attributes, events and links on one span",
)
LONGEST_VARINT, POSITIVE = 70, 63  # bits: ten bytes are read, what is above 63 bits is left out
VARINT, FIXED_64, PIECE, GROUP, GROUP_END, FIXED_32 = 0, 1, 2, 3, 4, 5


def _children() -> tuple[int, ...]:
    """What each field of each message is, 0 where nothing is counted in it."""
    known = {
        MESSAGE: {1: RESOURCE_SPANS},
        RESOURCE_SPANS: {1: RESOURCE, 2: SCOPE_SPANS},
        RESOURCE: {1: PAIR, 3: ENTITY},
        SCOPE_SPANS: {1: SCOPE, 2: SPAN},
        SCOPE: {3: PAIR},
        SPAN: {9: PAIR, 11: EVENT, 13: LINK},
        EVENT: {3: PAIR},
        LINK: {4: PAIR},
        PAIR: {2: VALUE},
        VALUE: {5: ITEMS, 6: PAIRS},
        ITEM: {5: ITEMS, 6: PAIRS},
        ITEMS: {1: ITEM},
        PAIRS: {1: PAIR},
        ENTITY: {3: TEXT, 4: TEXT},
        TEXT: {},
    }
    return tuple(known[message].get(field, 0) for message in known for field in range(FIELDS_KNOWN))


CHILDREN = _children()
DETAIL_KINDS = (PAIR, EVENT, LINK, ITEM, ITEMS, PAIRS, ENTITY, TEXT)
TAG_BITS, MORE_FOLLOWS = 0x7F, 0x80


def _first_bytes_of_details() -> bytes:
    """Each with which the tag of a detail may begin. A tag may be written longer than it need be."""
    tags = {
        place % FIELDS_KNOWN << 3 | PIECE for place, child in enumerate(CHILDREN) if child in DETAIL_KINDS
    }
    return bytes(sorted(tags | {tag | MORE_FOLLOWS for tag in tags}))


FIRST_BYTES_OF_DETAILS = _first_bytes_of_details()


class Broken(NotThisFormat):
    """Fields within fields do not add up."""


@dataclass(frozen=True)
class MostParts:
    """How much a message may hold."""

    spans: int = MOST_GROUPS_OR_SPANS
    groups: int = MOST_GROUPS_OR_SPANS
    details: int = MOST_DETAILS
    of_one: int = MOST_OF_ONE

    def refuse(self, *counted: int) -> None:
        """Raises TooMuch where one of these is more than that; they come in the order of the limits."""
        for count, limit, what in zip(counted, astuple(self), WORDS, strict=False):
            if count > limit:
                raise TooMuch(f"more than {limit:,} {what}")


OF_A_REQUEST = MostParts()


def refuse_too_much(data: bytes, most: MostParts = OF_A_REQUEST, *, compiled: bool = False) -> None:
    """Read on only where this says nothing.

    Raises:
        TooMuch: it holds more than that.
        Broken: it is no such message at all.
    """
    if len(data) < SMALLEST_PART * min(most.spans, most.groups, most.of_one):
        return
    # What is too short to hold too much need not be looked into.
    few = len(data) < SMALLEST_PART * most.details or most_details(data) <= most.details
    shortest = SMALLEST_PART * most.of_one if few else 0
    count: Callable[..., int] = count_parts.compiled if compiled else count_parts.interpreted
    text = np.frombuffer(data, np.uint8) if compiled else data
    scratch = (np.zeros(DEEPEST, np.int64), np.zeros(DEEPEST, np.int64))
    counts = np.zeros(len(WORDS), np.int64)
    if count(text, shortest, astuple(most), counts, *scratch) == BROKEN:
        raise Broken("it is no OTLP message, or only the beginning of one")
    most.refuse(*counts.tolist())


def most_details(data: bytes) -> int:
    """How many details a message holds at most: bytes that may begin one. A count of those takes no reading of the message."""
    return len(data) - len(data.translate(None, FIRST_BYTES_OF_DETAILS))


def read_varint(text: Any, at: int, end: int) -> tuple[int, int]:
    """The number that begins here, and the place behind it, -1 where it is cut off or too long."""
    number = shift = 0
    while at < end and shift < LONGEST_VARINT:
        byte = text[at]
        at += 1
        if shift < POSITIVE:
            number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, at
        shift += 7
    return 0, -1


def after_number(text: Any, wire: int, at: int, end: int) -> int:
    """The place behind the value of a field that holds no bytes, -1 where it is cut off."""
    if at < 0:
        return at
    if wire == VARINT:
        return read_varint(text, at, end)[1]
    if wire == FIXED_64:
        at += 8
    elif wire == FIXED_32:
        at += 4
    else:
        return -1
    return at if at <= end else -1


def count_one(message: int, limits: Any, out_counts: Any) -> int:
    """Count a message; `FINE`, or of what there is too much."""
    if message == SPAN:
        out_counts[SPANS] += 1
        out_counts[OF_ONE] = 0
    elif message == RESOURCE_SPANS or message == SCOPE_SPANS:
        out_counts[GROUPS] += 1
    elif message == RESOURCE or message == SCOPE:
        out_counts[OF_ONE] = 0
    elif message != VALUE:
        out_counts[DETAILS] += 1
        out_counts[OF_ONE] += 1
    for what in range(len(limits)):
        if out_counts[what] > limits[what]:
            return what
    return FINE


@kernel(read_varint, after_number, count_one)
def count_parts(
    text: Any, shortest: int, limits: Any, out_counts: Any, scratch_ends: Any, scratch_messages: Any
) -> int:
    """Count spans, groups of them and their details; `FINE`, or of what there is too much, or `BROKEN`.

    Spans shorter than `shortest` bytes are not looked into. A group is a field that OTLP does not have, whatever is in it.
    """
    at = depth = groups = 0
    scratch_ends[0], scratch_messages[0] = len(text), MESSAGE
    while depth >= 0:
        end = scratch_ends[depth]
        if at == end and groups == 0:
            depth -= 1
            continue
        tag, at = read_varint(text, at, end)
        wire = tag & 7
        if at >= 0 and (wire == GROUP or (wire == GROUP_END and groups > 0)):
            groups += 1 if wire == GROUP else -1
            continue
        length, at = read_varint(text, at, end) if wire == PIECE else (0, after_number(text, wire, at, end))
        if at < 0 or length > end - at:
            return BROKEN
        field = tag >> 3 if wire == PIECE and groups == 0 else FIELDS_KNOWN
        child = CHILDREN[scratch_messages[depth] * FIELDS_KNOWN + field] if field < FIELDS_KNOWN else 0
        if child == 0:
            at += length
            continue
        found = count_one(child, limits, out_counts)
        if found != FINE:
            return found
        if child == TEXT or (child == SPAN and length < shortest):
            at += length
            continue
        depth += 1
        if depth == DEEPEST:
            return BROKEN
        scratch_ends[depth], scratch_messages[depth] = at + length, child
    return FINE
