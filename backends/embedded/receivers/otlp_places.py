"""Where the spans of an OTLP request stand in its bytes, and their attributes as text: compiled loops over protobuf.

`find_spans` notes the numbers of every span and the places of its texts, and writes attributes as they are stored. It knows
OTLP's messages as exporters write them. What is written otherwise, though protobuf may allow it, is odd: an odd attribute
makes its span's attributes odd, anything else makes the request odd, and both are left to protobuf's library. Texts are not
looked at here; whoever decodes them finds out whether they are UTF-8. All of it stands in one file because numba notices a change only in the
file that it cached.

`text` is the request byte by byte, `words` the eight bytes from each place on as one signed number, the first byte lowest.
"""

# ruff: noqa: PLR1714, SIM109, SIM110 - numba makes one comparison after the other quicker than a search in a tuple

from __future__ import annotations

from typing import Any

from analyzers.kernel import kernel

# numba reads all these as constants.
ODD = -1

# What is noted of a span: numbers, ids as their bytes lie, then the begin and end of each text in turn.
START, END, TRACE_HI, TRACE_LO, SPAN_ID, PARENT_ID, KIND, STATUS = 0, 1, 2, 3, 4, 5, 6, 7
HAS_MORE = 8
"""Whether it has events or links; what they are is not noted."""
STATUSES = 9
"""How often it has one, though once is enough."""
NAME, STATE, MESSAGE = 10, 12, 14
SPAN = 16
"""All of it."""
ATTRIBUTES = 18
"""`["key","value"],...]` in the text that is written; the end is ODD where they are odd."""
WIDTH = 20

# And of a group of spans, which have a resource and a scope in common.
RESOURCE, SCOPE, FIRST_SPAN = 0, 2, 4
GROUP_WIDTH = 5

SMALLEST_SPAN = 30
"""Bytes: its two ids, with a tag and a length before each, and before all of it."""
LONGEST_ATTRIBUTE = 6
"""Bytes of written text for one of an attribute in the request: control characters become `\\u0000`."""
MOST_KEYS = 64
"""Of a span's attributes and its scope; with more they are odd, since each is compared with all before it."""
KEYS_OF_SCOPE = 2
"""Its name and version, which become attributes."""

# Wire types, and tags: the number of a field and its wire type.
VARINT, FIXED_64, PIECE, FIXED_32 = 0, 1, 2, 5
FIRST, SECOND, THIRD = 0x0A, 0x12, 0x1A
"""Fields 1 to 3 that hold bytes, in every message above spans, and in attributes and their values."""
TRACE_ID_TAG, SPAN_ID_TAG, STATE_TAG, PARENT_ID_TAG, NAME_TAG = 0x0A, 0x12, 0x1A, 0x22, 0x2A
KIND_TAG, START_TAG, END_TAG, ATTRIBUTE_TAG = 0x30, 0x39, 0x41, 0x4A
EVENT_TAG, LINK_TAG, STATUS_TAG, FLAGS_TAG = 0x5A, 0x6A, 0x7A, 0x85
DROPPED_ATTRIBUTES_TAG, DROPPED_EVENTS_TAG, DROPPED_LINKS_TAG = 0x50, 0x60, 0x70
STATUS_MESSAGE_TAG, STATUS_CODE_TAG = 0x12, 0x18
TRUTH_TAG, INTEGER_TAG = 0x10, 0x18
LAST_KNOWN_TAG = 0x87  # of field 16 of a span; fields beyond it are skipped, whatever they are
LONGEST_VARINT = 63  # bits of those that are read: nine bytes, so that a number is never negative
SMALLEST_TAG = 1 << 3
LONGEST_LENGTH, LONGEST_TAG = 4, 2  # bytes; longer ones are valid now and then, and always odd
LARGEST_ENUM = 2**31 - 1

QUOTE, BACKSLASH, COMMA, SPACE, ZERO, LETTER_U, LIST, LIST_END = tuple(b'"\\, 0u[]')
LETTER_A_FOR_10 = ord("a") - 10
BACKSPACE, TAB, LINE_FEED, FORM_FEED, RETURN = tuple(b"\b\t\n\f\r")
LETTER_B, LETTER_T, LETTER_N, LETTER_F, LETTER_R = tuple(b"btnfr")
# Of every byte in a word: a quote, a backslash, a blank, 1, and the highest bit.
QUOTES, BACKSLASHES, SPACES, ONES, HIGHEST = (
    0x2222222222222222,
    0x5C5C5C5C5C5C5C5C,
    0x2020202020202020,
    0x0101010101010101,
    -0x7F7F7F7F7F7F7F80,
)
HASH_START, HASH_PRIME, POSITIVE = 0xBF29CE484222325, 0x1E3779B97F4A7C15, (1 << 62) - 1


TRUE, FALSE = tuple(b'"true"'), tuple(b'"false"')


def read_varint(text: Any, at: int, end: int) -> tuple[int, int]:
    """The number that begins here, and the place behind it, which is ODD where it is cut off or too long."""
    number = shift = 0
    while at < end and shift < LONGEST_VARINT:
        byte = text[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, at
        shift += 7
    return 0, ODD


def read_tag(text: Any, at: int, end: int) -> tuple[int, int]:
    """The tag that begins here, and the place behind it, which is ODD where it is none or a long one."""
    tag, behind = read_varint(text, at, end)
    return (tag, behind) if tag >= SMALLEST_TAG and behind - at <= LONGEST_TAG else (0, ODD)


def read_piece(text: Any, at: int, end: int) -> tuple[int, int]:
    """Begin and end of bytes that have their length, which stands here, before them; the end is ODD where not all are there."""
    length, begin = read_varint(text, at, end)
    if begin == ODD or begin - at > LONGEST_LENGTH or length > end - begin:
        return 0, ODD
    return begin, begin + length


def after_unknown(text: Any, tag: int, at: int, end: int) -> int:
    """The place behind the value of a field that nobody knows, or ODD."""
    wire = tag & 7
    if wire == VARINT:
        return read_varint(text, at, end)[1]
    if wire == PIECE:
        return read_piece(text, at, end)[1]
    if wire == FIXED_64:
        at += 8
    elif wire == FIXED_32:
        at += 4
    else:
        return ODD
    return at if at <= end else ODD


def is_ascii(text: Any, begin: int, end: int) -> bool:
    for at in range(begin, end):
        if text[at] >= 0x80:
            return False
    return True


def hash_of(text: Any, words: Any, begin: int, end: int) -> int:
    """A number for a key."""
    number = HASH_START + end - begin
    at = begin
    while at + 8 <= end:
        number = ((number ^ (words[at] & POSITIVE)) * HASH_PRIME) & POSITIVE
        number ^= number >> 29
        at += 8
    while at < end:
        number = ((number ^ text[at]) * HASH_PRIME) & POSITIVE
        number ^= number >> 29
        at += 1
    return number


def _hash(key: bytes) -> int:
    words = [int.from_bytes(key[at : at + 8], "little", signed=True) for at in range(len(key) - 7)]
    return hash_of(key, words, 0, len(key))


SCOPE_NAME_HASH, SCOPE_VERSION_HASH = _hash(b"otel.scope.name"), _hash(b"otel.scope.version")


def is_plain(text: Any, words: Any, begin: int, end: int) -> bool:
    """Whether a text has nothing in it that JSON escapes; in doubt not."""
    at = begin
    while at + 8 <= end:
        word = words[at]
        quotes, backslashes = word ^ QUOTES, word ^ BACKSLASHES
        found = (word - SPACES) & ~word | (quotes - ONES) & ~quotes | (backslashes - ONES) & ~backslashes
        if found & HIGHEST:
            return False
        at += 8
    while at < end:
        byte = text[at]
        if byte < SPACE or byte == QUOTE or byte == BACKSLASH:
            return False
        at += 1
    return True


def short_escape(byte: int) -> int:
    """What stands behind the backslash for this byte, 0 where it has no such escape."""
    if byte == QUOTE or byte == BACKSLASH:
        return byte
    if byte == LINE_FEED:
        return LETTER_N
    if byte == TAB:
        return LETTER_T
    if byte == RETURN:
        return LETTER_R
    if byte == BACKSPACE:
        return LETTER_B
    return LETTER_F if byte == FORM_FEED else 0


def write_escaped(byte: int, out_text: Any, out_at: int) -> int:
    """Write a byte as JSON has it; the place behind it."""
    short = short_escape(byte)
    if short:
        out_text[out_at] = BACKSLASH
        out_text[out_at + 1] = short
        return out_at + 2
    if byte >= SPACE:
        out_text[out_at] = byte
        return out_at + 1
    low = byte & 15
    out_text[out_at] = BACKSLASH
    out_text[out_at + 1] = LETTER_U
    out_text[out_at + 2] = out_text[out_at + 3] = ZERO
    out_text[out_at + 4] = ZERO + (byte >> 4)
    out_text[out_at + 5] = low + (ZERO if low < 10 else LETTER_A_FOR_10)
    return out_at + 6


def write_text(text: Any, words: Any, begin: int, end: int, out_text: Any, out_at: int) -> int:
    """Write a text between quotes; the place behind it."""
    out_text[out_at] = QUOTE
    out_at += 1
    if is_plain(text, words, begin, end):
        for place in range(end - begin):
            out_text[out_at + place] = text[begin + place]
        out_at += end - begin
    else:
        for at in range(begin, end):
            out_at = write_escaped(text[at], out_text, out_at)
    out_text[out_at] = QUOTE
    return out_at + 1


def write_integer(number: int, out_text: Any, out_at: int) -> int:
    """Write the digits of a number, which is not negative, between quotes; the place behind them."""
    digits = 1
    rest = number // 10
    while rest:
        digits += 1
        rest //= 10
    out_text[out_at] = out_text[out_at + digits + 1] = QUOTE
    for place in range(digits):
        out_text[out_at + digits - place] = ZERO + number % 10
        number //= 10
    return out_at + digits + 2


def write_truth(truth: int, out_text: Any, out_at: int) -> int:
    """Write `true` or `false` between quotes; the place behind it."""
    if truth:
        for byte in TRUE:
            out_text[out_at] = byte
            out_at += 1
    else:
        for byte in FALSE:
            out_text[out_at] = byte
            out_at += 1
    return out_at


def write_value(text: Any, words: Any, begin: int, end: int, out_text: Any, out_at: int) -> int:
    """Write the value that takes all of this room as text between quotes; the place behind it, or ODD."""
    if begin == end:
        return write_text(text, words, begin, end, out_text, out_at)
    tag = text[begin]
    if tag == FIRST:
        start, stop = read_piece(text, begin + 1, end)
        return write_text(text, words, start, stop, out_text, out_at) if stop == end else ODD
    number, stop = read_varint(text, begin + 1, end)
    if stop != end:
        return ODD
    if tag == INTEGER_TAG:
        return write_integer(number, out_text, out_at)
    return write_truth(number, out_text, out_at) if tag == TRUTH_TAG else ODD


def write_attribute(
    text: Any, words: Any, begin: int, end: int, out_text: Any, out_at: int, scratch_keys: Any, n_keys: int
) -> int:
    """Write `["key","value"],` for the attribute that takes all of this room; the place behind it, or ODD."""
    if begin == end or text[begin] != FIRST:
        return ODD
    key, key_end = read_piece(text, begin + 1, end)
    if key_end == ODD or key_end == end or text[key_end] != SECOND:
        return ODD
    value, value_end = read_piece(text, key_end + 1, end)
    if value_end != end or n_keys == len(scratch_keys):
        return ODD
    hashed = hash_of(text, words, key, key_end)
    for other in range(n_keys):
        if scratch_keys[other] == hashed:
            return ODD
    scratch_keys[n_keys] = hashed
    out_text[out_at] = LIST
    out_at = write_text(text, words, key, key_end, out_text, out_at + 1)
    out_text[out_at] = COMMA
    out_at = write_value(text, words, value, value_end, out_text, out_at + 1)
    if out_at == ODD:
        return ODD
    out_text[out_at] = LIST_END
    out_text[out_at + 1] = COMMA
    return out_at + 2


def read_status(text: Any, at: int, end: int, out: Any, row: int) -> int:
    """Note the status that takes all of this room; the place behind it, or ODD."""
    while at < end:
        tag = text[at]
        if tag == STATUS_MESSAGE_TAG:
            begin, at = read_piece(text, at + 1, end)
            out[row + MESSAGE] = begin
            out[row + MESSAGE + 1] = at
        elif tag == STATUS_CODE_TAG:
            code, at = read_varint(text, at + 1, end)
            if code > LARGEST_ENUM:
                return ODD
            out[row + STATUS] = code if code <= 2 else 0
        else:
            return ODD
        if at == ODD:
            return ODD
    return at


def read_number(text: Any, words: Any, tag: int, at: int, end: int, out: Any, row: int) -> int:
    """Note the value of a field that is no piece, if it is one to be noted; the place behind it, or ODD."""
    if tag == START_TAG or tag == END_TAG:
        if end - at < 8:
            return ODD
        out[row + (START if tag == START_TAG else END)] = words[at]
        return at + 8
    if tag == KIND_TAG:
        kind, at = read_varint(text, at, end)
        if kind > LARGEST_ENUM:
            return ODD
        out[row + KIND] = kind if kind <= 5 else 0
        return at
    if (
        tag == FLAGS_TAG
        or tag == DROPPED_ATTRIBUTES_TAG
        or tag == DROPPED_EVENTS_TAG
        or tag == DROPPED_LINKS_TAG
        or tag > LAST_KNOWN_TAG
    ):
        return after_unknown(text, tag, at, end)
    return ODD


def read_id(words: Any, tag: int, begin: int, end: int, out: Any, row: int) -> int:
    """Note an id that takes all of this room; the place behind it, or ODD where it is none."""
    length = end - begin
    if tag == TRACE_ID_TAG and length == 16:
        out[row + TRACE_HI], out[row + TRACE_LO] = words[begin], words[begin + 8]
    elif tag == SPAN_ID_TAG and length == 8:
        out[row + SPAN_ID] = words[begin]
    elif tag == PARENT_ID_TAG and length == 8:
        out[row + PARENT_ID] = words[begin]
    elif tag == PARENT_ID_TAG and length == 0:
        out[row + PARENT_ID] = 0
    else:
        return ODD
    return end


def read_piece_of_span(text: Any, words: Any, tag: int, begin: int, end: int, out: Any, row: int) -> int:
    """Note a field of a span that takes all of this room, if it is one to be noted; the place behind it, or ODD."""
    if tag == STATUS_TAG:
        out[row + STATUSES] += 1
        return read_status(text, begin, end, out, row)
    if tag == NAME_TAG or tag == STATE_TAG:
        field = NAME if tag == NAME_TAG else STATE
        out[row + field], out[row + field + 1] = begin, end
        return end
    if tag == EVENT_TAG or tag == LINK_TAG:
        out[row + HAS_MORE] = 1
        return end
    if tag > LAST_KNOWN_TAG:
        return end
    return read_id(words, tag, begin, end, out, row)


def read_field(text: Any, words: Any, tag: int, at: int, end: int, out: Any, row: int) -> int:
    """Note the value of a field of a span other than an attribute; the place behind it, or ODD."""
    if tag & 7 != PIECE:
        return read_number(text, words, tag, at, end, out, row)
    begin, at = read_piece(text, at, end)
    return ODD if at == ODD else read_piece_of_span(text, words, tag, begin, at, out, row)


def read_span(
    text: Any,
    words: Any,
    at: int,
    end: int,
    out: Any,
    row: int,
    out_text: Any,
    out_at: int,
    scratch_keys: Any,
) -> int:
    """Note the span that takes all of this room; the place behind its attributes as text, or ODD."""
    for place in range(row, row + WIDTH):
        out[place] = 0
    out[row + SPAN], out[row + SPAN + 1] = at, end
    out[row + ATTRIBUTES] = out_at
    scratch_keys[0], scratch_keys[1] = SCOPE_NAME_HASH, SCOPE_VERSION_HASH
    n_keys = KEYS_OF_SCOPE
    written = out_at
    while at < end:
        tag, at = read_tag(text, at, end)
        if at == ODD:
            return ODD
        if tag != ATTRIBUTE_TAG:
            at = read_field(text, words, tag, at, end, out, row)
        else:
            begin, at = read_piece(text, at, end)
            if at != ODD and written != ODD:
                written = write_attribute(text, words, begin, at, out_text, written, scratch_keys, n_keys)
                n_keys += 1
        if at == ODD:
            return ODD
    if out[row + STATUSES] > 1 or out[row + SPAN_ID] == 0 or (out[row + TRACE_HI] | out[row + TRACE_LO]) == 0:
        return ODD
    out[row + ATTRIBUTES + 1] = written
    if written > out_at:
        out_text[written - 1] = LIST_END
    return out_at if written == ODD else written


def read_group(
    text: Any,
    words: Any,
    at: int,
    end: int,
    out: Any,
    out_groups: Any,
    out_text: Any,
    out_at: int,
    out_count: Any,
    scratch_keys: Any,
) -> int:
    """Note the spans of the scope that takes all of this room; the place behind what was written, or ODD."""
    row = out_count[1] * GROUP_WIDTH
    first = out_count[0]
    scopes = 0
    out_groups[row + SCOPE] = out_groups[row + SCOPE + 1] = 0
    out_groups[row + FIRST_SPAN] = first
    while at < end:
        tag = text[at]
        begin, at = read_piece(text, at + 1, end)
        if at == ODD:
            return ODD
        if tag == SECOND:
            out_at = read_span(
                text, words, begin, at, out, out_count[0] * WIDTH, out_text, out_at, scratch_keys
            )
            if out_at == ODD:
                return ODD
            out_count[0] += 1
        elif tag == FIRST:
            scopes += 1
            out_groups[row + SCOPE], out_groups[row + SCOPE + 1] = begin, at
        elif tag != THIRD or not is_ascii(text, begin, at):
            return ODD
    out_count[1] += 1
    return out_at if scopes <= 1 and out_count[0] > first else ODD


def read_part(
    text: Any,
    words: Any,
    at: int,
    end: int,
    out: Any,
    out_groups: Any,
    out_text: Any,
    out_at: int,
    out_count: Any,
    scratch_keys: Any,
) -> int:
    """Note the spans of the resource that takes all of this room; the place behind what was written, or ODD."""
    first = out_count[1]
    resources = resource = resource_end = 0
    while at < end:
        tag = text[at]
        begin, at = read_piece(text, at + 1, end)
        if at == ODD:
            return ODD
        if tag == SECOND:
            out_at = read_group(
                text, words, begin, at, out, out_groups, out_text, out_at, out_count, scratch_keys
            )
            if out_at == ODD:
                return ODD
        elif tag == FIRST:
            resources += 1
            resource, resource_end = begin, at
        elif tag != THIRD or not is_ascii(text, begin, at):
            return ODD
    for group in range(first, out_count[1]):
        out_groups[group * GROUP_WIDTH + RESOURCE] = resource
        out_groups[group * GROUP_WIDTH + RESOURCE + 1] = resource_end
    return out_at if resources <= 1 and out_count[1] > first else ODD


@kernel(
    read_varint,
    read_tag,
    read_piece,
    after_unknown,
    is_ascii,
    hash_of,
    is_plain,
    short_escape,
    write_escaped,
    write_text,
    write_integer,
    write_truth,
    write_value,
    write_attribute,
    read_status,
    read_number,
    read_id,
    read_piece_of_span,
    read_field,
    read_span,
    read_group,
    read_part,
)
def find_spans(
    text: Any,
    words: Any,
    out_found: Any,
    out_groups: Any,
    out_text: Any,
    out_count: Any,
    scratch_keys: Any,
) -> int:
    """Note every span of a request; how many bytes of text were written, or ODD.

    A span has `WIDTH` numbers in `out_found`, a group `GROUP_WIDTH` in `out_groups`. `out_count` is how many spans and
    groups there are, first 0. There is room for as many spans and groups as there can be `SMALLEST_SPAN`s, and for
    `LONGEST_ATTRIBUTE` bytes of text for each of the request.
    """
    at = out_at = 0
    end = len(text)
    while at < end:
        if text[at] != FIRST:
            return ODD
        begin, at = read_piece(text, at + 1, end)
        if at == ODD:
            return ODD
        out_at = read_part(
            text, words, begin, at, out_found, out_groups, out_text, out_at, out_count, scratch_keys
        )
        if out_at == ODD:
            return ODD
    return out_at
