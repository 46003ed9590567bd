"""Where things stand in the text of Jaeger's JSON: compiled loops over bytes that a JSON parser has found well-formed.

`find_spans` notes the numbers of every span and the places of its texts. What a text means is decided by whoever decodes
it, once for all spans that have the same one (`code_texts`). Whatever takes more than looking makes the document odd.
All of it stands in one file because numba notices a change only in the file that it cached.

`text` is the document byte by byte, `words` the eight bytes from each place on as one signed number: most of a document
is strings, and their ends are looked for eight bytes at a time.
"""

# ruff: noqa: PLR1714, SIM109 - numba makes one comparison after the other quicker than a search in a tuple

from __future__ import annotations

from typing import Any, TypeAlias

from analyzers.kernel import kernel

Word: TypeAlias = tuple[int, int, int, int]
"""A key of up to 24 bytes as it is compared: its length, its first, second and last eight bytes."""


def _word(key: bytes) -> Word:
    first, second, last = (
        int.from_bytes(part, "little", signed=len(part) == 8) for part in (key[:8], key[8:16], key[-8:])
    )
    return len(key), first, second, last


# numba reads all these as constants.
ODD = -1

# What is counted.
SPANS, TRACES, TEXTS = 0, 1, 2
N_COUNTS = 3

# What is noted of a span: its numbers, then the begin and end of each text in turn; both are 0 where there is none.
# Once a span is read, texts that spans share have their code in place of their begin.
START, DURATION, SPAN_ID, PARENT_ID = 0, 1, 2, 3
TRACE_ID, OPERATION, PROCESS_ID, KIND, ERROR, STATUS_CODE, MESSAGE = 4, 6, 8, 10, 12, 14, 16
REFERENCES, TAGS, LOGS = 18, 20, 22
PARENT_TRACE = 24
"""While a span is read: the trace id that its only reference names."""
WIDTH = 26

OTHER = -2
"""A key of which nothing is noted."""
PROCESS = -3
NEEDED = (
    (1 << START) | (1 << DURATION) | (1 << SPAN_ID) | (1 << TRACE_ID) | (1 << OPERATION) | (1 << PROCESS_ID)
)
LONGEST_INTEGER = 18  # digits that fit into 64 bits whatever they are
LONGEST_ID = 16
SMALLEST_SPAN = len(
    '{"traceID":"","spanID":"1","operationName":"","startTime":1,"duration":1,"processID":""}'
)
SMALLEST_TRACE = len('{"spans":[],"processes":{}}')

QUOTE, BACKSLASH, COMMA, COLON, MINUS, ZERO, SPACE = tuple(b'"\\,:-0 ')
LIST, LIST_END, OBJECT, OBJECT_END, LETTER_N = tuple(b"[]{}n")
# Of every byte in a word: a quote, a backslash, 1, and the highest bit.
QUOTES, BACKSLASHES, ONES, HIGHEST = (
    0x2222222222222222,
    0x5C5C5C5C5C5C5C5C,
    0x0101010101010101,
    -0x7F7F7F7F7F7F7F80,
)

DATA_KEY, SPANS_KEY, PROCESSES_KEY = _word(b"data"), _word(b"spans"), _word(b"processes")
START_KEY, DURATION_KEY, TRACE_ID_KEY = _word(b"startTime"), _word(b"duration"), _word(b"traceID")
SPAN_ID_KEY, OPERATION_KEY, PROCESS_ID_KEY = _word(b"spanID"), _word(b"operationName"), _word(b"processID")
REFERENCES_KEY, TAGS_KEY, LOGS_KEY = _word(b"references"), _word(b"tags"), _word(b"logs")
PROCESS_KEY, REF_TYPE_KEY, CHILD_OF = _word(b"process"), _word(b"refType"), _word(b'"CHILD_OF"')
PLAIN_TAG, PLAIN_VALUE = _word(b'{"key":"'), _word(b',"type":"string","value"')
KEY_KEY, VALUE_KEY = _word(b"key"), _word(b"value")
KIND_KEY, ERROR_KEY, CODE_KEY = _word(b"span.kind"), _word(b"error"), _word(b"otel.status_code")
MESSAGE_KEY = _word(b"otel.status_description")
RATE_KEY, PROBABILITY_KEY = _word(b"SampleRate"), _word(b"sampling.probability")
SAMPLER_KEY, TRACE_STATE_KEY = _word(b"sampler.type"), _word(b"w3c.tracestate")

SPREAD, POSITIVE = 0x1E3779B97F4A7C15, (1 << 62) - 1  # Fibonacci hashing, as in analyzers.kernels
SLOT_BITS = 16
SLOTS = 1 << SLOT_BITS
"""Places in the table of texts: few enough for the processor's cache. It is emptied when it is half full."""
MOST_TRIES = 8
"""So many other texts are looked at to find an equal one, so that texts chosen by a stranger to collide make nothing slow.

A text that is not found, though an equal one came before, has a second code, which takes time and changes nothing.
"""
TEXTS_A_SPAN = (REFERENCES - TRACE_ID) // 2


def is_word(words: Any, begin: int, end: int, word: Word) -> bool:
    """Whether this key stands here."""
    length = end - begin
    if length != word[0] or begin >= len(words):
        return False
    if length < 8:
        return bool(words[begin] & ((1 << (8 * length)) - 1) == word[1])
    if length > 16 and words[begin + 8] != word[2]:
        return False
    return bool(words[begin] == word[1] and words[end - 8] == word[3])


def short_word(text: Any, words: Any, begin: int, end: int) -> int:
    """The bytes of a text of less than eight as one number."""
    if begin < len(words):
        return int(words[begin] & ((1 << (8 * (end - begin))) - 1))
    number = 0
    for at in range(begin, end):
        number += text[at] << (8 * (at - begin))
    return number


def are_equal(text: Any, words: Any, begin: int, end: int, other: int, other_end: int) -> bool:
    length = end - begin
    if length != other_end - other:
        return False
    if length < 8:
        return short_word(text, words, begin, end) == short_word(text, words, other, other_end)
    for at in range(0, length - 8, 8):
        if words[begin + at] != words[other + at]:
            return False
    return bool(words[end - 8] == words[other_end - 8])


def slot_of(text: Any, words: Any, begin: int, end: int) -> int:
    """Where in the table a text belongs."""
    if end - begin < 8:
        number = short_word(text, words, begin, end)
    else:
        number = 0
        for at in range(begin, end - 8, 8):
            number = ((number ^ (words[at] & POSITIVE)) * SPREAD) & POSITIVE
            number ^= number >> 29
        number ^= words[end - 8] & POSITIVE
    return ((number * SPREAD) & POSITIVE) >> (62 - SLOT_BITS)


def after_blanks(text: Any, at: int) -> int:
    while text[at] <= SPACE:
        at += 1
    return at


def after_string(text: Any, words: Any, at: int) -> int:
    """The place behind a string that begins here; less than 0, and as far from it, if there are escapes in it."""
    sign = 1
    at += 1
    while True:
        while at < len(words):
            quotes = words[at] ^ QUOTES
            backslashes = words[at] ^ BACKSLASHES
            # Not 0 where some byte equals a quote or a backslash, and seldom elsewhere.
            if (((quotes - ONES) & ~quotes) | ((backslashes - ONES) & ~backslashes)) & HIGHEST:
                break
            at += 8
        while text[at] != QUOTE and text[at] != BACKSLASH:
            at += 1
        if text[at] == QUOTE:
            return (at + 1) * sign
        sign = -1
        at += 2


def after_colon(text: Any, at: int) -> int:
    """The place where the value of a key that ended here begins."""
    return after_blanks(text, after_blanks(text, at) + 1)


def after_comma(text: Any, at: int) -> int:
    """The place where the next item begins after one that ended here, or where the list or object ends."""
    at = after_blanks(text, at)
    return after_blanks(text, at + 1) if text[at] == COMMA else at


def after_value(text: Any, words: Any, at: int) -> int:
    """The place behind any value that begins here."""
    depth = 0
    while True:
        byte = text[at]
        if byte == QUOTE:
            at = abs(after_string(text, words, at))
        elif byte == LIST or byte == OBJECT:
            depth += 1
            at += 1
        elif byte == LIST_END or byte == OBJECT_END:
            depth -= 1
            at += 1
        elif byte == COMMA or byte == COLON or byte <= SPACE:
            at += 1
            continue
        else:
            while byte > SPACE and byte != COMMA and byte != LIST_END and byte != OBJECT_END:
                at += 1
                byte = text[at]
        if depth == 0:
            return at


def read_integer(text: Any, at: int, out: Any, place: int) -> int:
    """Note the integer that begins here; the place behind it, or ODD."""
    negative = text[at] == MINUS
    if negative:
        at += 1
    begin = at
    number = 0
    while ZERO <= text[at] < ZERO + 10 and at - begin < LONGEST_INTEGER:
        number = number * 10 + (text[at] - ZERO)
        at += 1
    byte = text[at]
    if at == begin or not (byte == COMMA or byte == OBJECT_END or byte <= SPACE):
        return ODD
    out[place] = -number if negative else number
    return at


def read_id(text: Any, begin: int, end: int, out: Any, place: int) -> bool:
    """Note the span id that stands here between quotes, as the signed number of the same bits, if it is one."""
    digits = end - begin - 2
    if text[begin] != QUOTE or digits < 1 or digits > LONGEST_ID:
        return False
    number = 0
    valid = True
    for at in range(begin + 1, end - 1):
        byte = text[at]
        # Without branches, since nobody can foresee whether a digit is a letter.
        valid &= ((byte >= 48) & (byte <= 57)) | (((byte | 32) >= 97) & ((byte | 32) <= 102))
        digit = (byte & 15) + 9 * (byte >> 6)
        # The first bit of 64 is the sign.
        number = number * 16 + digit - 16 * ((at == begin + 1) & (digits == LONGEST_ID) & (digit >= 8))
    if valid:
        out[place] = number
    return bool(valid)


def short_field_of(words: Any, begin: int, end: int) -> int:
    """Where the value of a key of a span is noted, for keys of less than eight bytes."""
    if is_word(words, begin, end, TAGS_KEY):
        return TAGS
    if is_word(words, begin, end, LOGS_KEY):
        return LOGS
    if is_word(words, begin, end, SPAN_ID_KEY):
        return SPAN_ID
    if is_word(words, begin, end, TRACE_ID_KEY):
        return TRACE_ID
    return PROCESS if is_word(words, begin, end, PROCESS_KEY) else OTHER


def field_of(words: Any, begin: int, end: int) -> int:
    """Where the value of this key of a span is noted."""
    if end - begin < 8:
        return short_field_of(words, begin, end)
    if is_word(words, begin, end, START_KEY):
        return START
    if is_word(words, begin, end, DURATION_KEY):
        return DURATION
    if is_word(words, begin, end, PROCESS_ID_KEY):
        return PROCESS_ID
    if is_word(words, begin, end, OPERATION_KEY):
        return OPERATION
    return REFERENCES if is_word(words, begin, end, REFERENCES_KEY) else OTHER


def fact_of(words: Any, begin: int, end: int) -> int:
    """Where the value of a tag with this key is noted; ODD where it says a weight."""
    length = end - begin
    if length == 5:
        if is_word(words, begin, end, ERROR_KEY):
            return ERROR
    elif length == 9:
        if is_word(words, begin, end, KIND_KEY):
            return KIND
    elif length == 16:
        if is_word(words, begin, end, CODE_KEY):
            return STATUS_CODE
    elif length == 23:
        if is_word(words, begin, end, MESSAGE_KEY):
            return MESSAGE
    elif (
        is_word(words, begin, end, RATE_KEY)
        or is_word(words, begin, end, PROBABILITY_KEY)
        or is_word(words, begin, end, SAMPLER_KEY)
        or is_word(words, begin, end, TRACE_STATE_KEY)
    ):
        return ODD
    return OTHER


def read_tag(text: Any, words: Any, at: int, out: Any, row: int) -> int:
    """Note the tag that begins here, if it is one of the span itself; the place behind it, or ODD."""
    fact = OTHER
    keys = values = 0
    value = value_end = 0
    at = after_blanks(text, at + 1)
    while text[at] != OBJECT_END:
        name = at + 1
        at = after_string(text, words, at)
        if at < 0:
            return ODD
        name_end = at - 1
        begin = after_colon(text, at)
        is_text = text[begin] == QUOTE
        at = after_string(text, words, begin) if is_text else after_value(text, words, begin)
        if is_word(words, name, name_end, KEY_KEY):
            keys += 1
            if is_text:
                fact = fact_of(words, begin + 1, at - 1) if at > 0 else ODD
        elif is_word(words, name, name_end, VALUE_KEY):
            values += 1
            value, value_end = begin, abs(at)
        at = after_comma(text, abs(at))
    if fact == ODD or keys > 1 or values > 1:
        return ODD
    if fact != OTHER:
        out[row + fact] = value
        out[row + fact + 1] = value_end
    return at + 1


def read_plain_tag(text: Any, words: Any, at: int, out: Any, row: int) -> int:
    """As `read_tag`, for a text as Jaeger itself writes it, which is what most tags are; ODD for all others."""
    if not is_word(words, at, at + 8, PLAIN_TAG):
        return ODD
    key = at + 8
    at = after_string(text, words, at + 7)
    if at < 0 or at + 24 > len(text) or not is_word(words, at, at + 24, PLAIN_VALUE):
        return ODD
    key_end = at - 1
    value = at + 25
    if text[at + 24] != COLON or text[value] != QUOTE:
        return ODD
    at = abs(after_string(text, words, value))
    fact = fact_of(words, key, key_end)
    if text[at] != OBJECT_END or fact == ODD:
        return ODD
    if fact != OTHER:
        out[row + fact] = value
        out[row + fact + 1] = at
    return at + 1


def read_tags(text: Any, words: Any, at: int, out: Any, row: int) -> int:
    """Note what the tags that begin here say of the span itself; of equal keys, the last one counts."""
    if text[at] != LIST:
        return after_value(text, words, at)
    at = after_blanks(text, at + 1)
    while text[at] != LIST_END:
        if text[at] != OBJECT:
            return ODD
        begin = at
        at = read_plain_tag(text, words, begin, out, row)
        if at == ODD:
            at = read_tag(text, words, begin, out, row)
        if at == ODD:
            return ODD
        at = after_comma(text, at)
    return at + 1


def read_reference(text: Any, words: Any, at: int, out: Any, row: int) -> int:
    """Note the parent and its trace if the reference that begins here is to one; the place behind it, or ODD."""
    parents = others = 0
    at = after_blanks(text, at + 1)
    while text[at] != OBJECT_END:
        name = at + 1
        at = after_string(text, words, at)
        if at < 0:
            return ODD
        name_end = at - 1
        begin = after_colon(text, at)
        at = after_value(text, words, begin)
        if is_word(words, name, name_end, REF_TYPE_KEY):
            parents += 1
            others += not is_word(words, begin, at, CHILD_OF)
        elif is_word(words, name, name_end, TRACE_ID_KEY):
            parents += 1
            out[row + PARENT_TRACE] = begin
            out[row + PARENT_TRACE + 1] = at
        elif is_word(words, name, name_end, SPAN_ID_KEY):
            parents += 1
            others += not read_id(text, begin, at, out, row + PARENT_ID)
        at = after_comma(text, at)
    if parents != 3 or others:
        out[row + PARENT_TRACE] = out[row + PARENT_TRACE + 1] = 0
    return at + 1


def read_references(text: Any, words: Any, at: int, out: Any, row: int) -> int:
    """The place behind references that begin here, or ODD; a parent is noted only where it is the only one."""
    if text[at] != LIST:
        return after_value(text, words, at)
    begin = after_blanks(text, at + 1)
    if text[begin] != OBJECT:
        return after_value(text, words, at)
    end = read_reference(text, words, begin, out, row)
    if end == ODD:
        return ODD
    end = after_blanks(text, end)
    if text[end] == LIST_END:
        return end + 1
    out[row + PARENT_TRACE] = out[row + PARENT_TRACE + 1] = 0
    return after_value(text, words, at)


def read_value(text: Any, words: Any, at: int, field: int, out: Any, row: int) -> int:
    """Note the value of a field that begins here; the place behind it, or ODD."""
    begin = at
    if field == START or field == DURATION:
        return read_integer(text, at, out, row + field)
    if field == TAGS:
        at = read_tags(text, words, at, out, row)
    elif field == REFERENCES:
        at = read_references(text, words, at, out, row)
    else:
        at = after_value(text, words, at)
    if at == ODD or field == OTHER:
        return at
    if field == PROCESS:
        return at if text[begin] == LETTER_N else ODD
    if field == SPAN_ID:
        return at if read_id(text, begin, at, out, row + SPAN_ID) else ODD
    if (field == TRACE_ID or field == OPERATION or field == PROCESS_ID) and text[begin] != QUOTE:
        return ODD
    out[row + field] = begin
    out[row + field + 1] = at
    return at


def settle_parent(text: Any, words: Any, out: Any, row: int) -> None:
    """Leave references to whoever can read them, unless there are none or one to a parent in the span's own trace."""
    begin, end = out[row + REFERENCES], out[row + REFERENCES + 1]
    own, own_end = out[row + TRACE_ID], out[row + TRACE_ID + 1]
    trace, trace_end = out[row + PARENT_TRACE], out[row + PARENT_TRACE + 1]
    is_empty = end - begin == 2 and text[begin] == LIST
    if is_empty or (trace and are_equal(text, words, own, own_end, trace, trace_end)):
        out[row + REFERENCES] = out[row + REFERENCES + 1] = 0
    else:
        out[row + PARENT_ID] = 0


def read_span(text: Any, words: Any, at: int, out: Any, row: int) -> int:
    """Note the span that begins here; the place behind it, or ODD."""
    for place in range(row, row + WIDTH):
        out[place] = 0
    seen = 0
    at = after_blanks(text, at + 1)
    while text[at] != OBJECT_END:
        name = at + 1
        at = after_string(text, words, at)
        if at < 0:
            return ODD
        field = field_of(words, name, at - 1)
        at = read_value(text, words, after_colon(text, at), field, out, row)
        if at == ODD:
            return ODD
        if field >= 0:
            if (seen >> field) & 1:
                return ODD
            seen |= 1 << field
        at = after_comma(text, at)
    if seen & NEEDED != NEEDED or out[row + SPAN_ID] == 0:
        return ODD
    settle_parent(text, words, out, row)
    return at + 1


def code_of(
    text: Any, words: Any, begin: int, end: int, out_texts: Any, out_count: Any, scratch_slots: Any
) -> int:
    """The number of this text: the one that an equal text has, or else the next."""
    home = slot = slot_of(text, words, begin, end)
    for step in range(MOST_TRIES):
        slot = (home + step) & (SLOTS - 1)
        code = scratch_slots[slot]
        if code == 0:
            break
        if are_equal(text, words, begin, end, out_texts[2 * code], out_texts[2 * code + 1]):
            return int(code)
    out_count[TEXTS] += 1
    new = out_count[TEXTS]
    out_texts[2 * new] = begin
    out_texts[2 * new + 1] = end
    if new % (SLOTS // 2) == 0:
        for full in range(SLOTS):
            scratch_slots[full] = 0
    scratch_slots[slot] = new
    return int(new)


def code_texts(
    text: Any, words: Any, out: Any, row: int, out_texts: Any, out_count: Any, scratch_slots: Any
) -> None:
    """Put the codes of the texts of a span in place of their begins."""
    for place in range(row + TRACE_ID, row + REFERENCES, 2):
        if out[place + 1]:
            out[place] = code_of(text, words, out[place], out[place + 1], out_texts, out_count, scratch_slots)


def read_spans(
    text: Any,
    words: Any,
    at: int,
    out: Any,
    out_trace: Any,
    out_texts: Any,
    out_count: Any,
    scratch_slots: Any,
) -> int:
    """Note the list of spans that begins here; the place behind it, or ODD."""
    if text[at] != LIST:
        return ODD
    at = after_blanks(text, at + 1)
    while text[at] != LIST_END:
        span = out_count[SPANS]
        if text[at] != OBJECT or span == len(out_trace):
            return ODD
        out_trace[span] = out_count[TRACES]
        at = read_span(text, words, at, out, span * WIDTH)
        if at == ODD:
            return ODD
        code_texts(text, words, out, span * WIDTH, out_texts, out_count, scratch_slots)
        out_count[SPANS] += 1
        at = after_comma(text, at)
    return at + 1


def read_trace(
    text: Any,
    words: Any,
    at: int,
    out: Any,
    out_trace: Any,
    out_processes: Any,
    out_texts: Any,
    out_count: Any,
    scratch_slots: Any,
) -> int:
    """Note the trace that begins here; the place behind it, or ODD."""
    spans = processes = 0
    at = after_blanks(text, at + 1)
    while text[at] != OBJECT_END:
        name = at + 1
        at = after_string(text, words, at)
        if at < 0:
            return ODD
        name_end = at - 1
        at = after_colon(text, at)
        if is_word(words, name, name_end, SPANS_KEY):
            spans += 1
            at = read_spans(text, words, at, out, out_trace, out_texts, out_count, scratch_slots)
            if at == ODD:
                return ODD
        elif is_word(words, name, name_end, PROCESSES_KEY):
            processes += 1
            out_processes[2 * out_count[TRACES]] = at
            at = after_value(text, words, at)
            out_processes[2 * out_count[TRACES] + 1] = at
        elif is_word(words, name, name_end, TRACE_ID_KEY) and text[at] != QUOTE and text[at] != LETTER_N:
            return ODD
        else:
            at = after_value(text, words, at)
        at = after_comma(text, at)
    return at + 1 if spans == 1 and processes == 1 else ODD


def read_traces(
    text: Any,
    words: Any,
    at: int,
    out: Any,
    out_trace: Any,
    out_processes: Any,
    out_texts: Any,
    out_count: Any,
    scratch_slots: Any,
) -> int:
    """Note the list of traces that begins here; the place behind it, or ODD."""
    if text[at] != LIST:
        return ODD
    at = after_blanks(text, at + 1)
    while text[at] != LIST_END:
        if text[at] != OBJECT or 2 * out_count[TRACES] == len(out_processes):
            return ODD
        at = read_trace(text, words, at, out, out_trace, out_processes, out_texts, out_count, scratch_slots)
        if at == ODD:
            return ODD
        out_count[TRACES] += 1
        at = after_comma(text, at)
    return at + 1


@kernel(
    is_word,
    short_word,
    are_equal,
    after_blanks,
    after_string,
    after_colon,
    after_comma,
    after_value,
    read_integer,
    read_id,
    short_field_of,
    field_of,
    fact_of,
    read_tag,
    read_plain_tag,
    read_tags,
    read_reference,
    read_references,
    read_value,
    settle_parent,
    read_span,
    slot_of,
    code_of,
    code_texts,
    read_spans,
    read_trace,
    read_traces,
)
def find_spans(
    text: Any,
    words: Any,
    out_found: Any,
    out_trace: Any,
    out_processes: Any,
    out_texts: Any,
    out_count: Any,
    scratch_slots: Any,
) -> int:
    """Note every span of an answer to a search; ODD where something in it takes more than looking.

    A span has `WIDTH` numbers in `out_found`, and in `out_trace` the number of its trace; a trace has in
    `out_processes` the begin and end of its processes, a code that of its text in `out_texts`. `out_count`, first 0, is
    how many spans, traces and codes there are. `scratch_slots`, of which there are `SLOTS`, come in as 0.
    """
    answers = 0
    at = after_blanks(text, 0)
    if text[at] != OBJECT:
        return ODD
    at = after_blanks(text, at + 1)
    while text[at] != OBJECT_END:
        name = at + 1
        at = after_string(text, words, at)
        if at < 0:
            return ODD
        name_end = at - 1
        at = after_colon(text, at)
        if is_word(words, name, name_end, DATA_KEY):
            answers += 1
            at = read_traces(
                text, words, at, out_found, out_trace, out_processes, out_texts, out_count, scratch_slots
            )
            if at == ODD:
                return ODD
        elif is_word(words, name, name_end, SPANS_KEY):
            return ODD
        else:
            at = after_value(text, words, at)
        at = after_comma(text, at)
    return 0 if answers == 1 else ODD
