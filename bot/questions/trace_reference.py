"""A trace named in whatever form people paste: an id, a `traceparent`, a link to some trace viewer."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from analyzers.report import Candidate
from bot.questions.not_understood import NotUnderstood

if TYPE_CHECKING:
    from collections.abc import Iterator
    from urllib.parse import SplitResult

LONGEST_QUESTION = 20_000
"""Characters; a link to Grafana with its whole state is some thousands."""

ID_ADVICE = "Paste a trace id of 16 or 32 hex digits, a traceparent header, or a link to the trace."

SLACK_LINK = re.compile(r"^<(?P<url>[^|>]+)(?:\|[^>]*)?>$")
TRACEPARENT = re.compile(
    r"^(?:traceparent\s*[:=]\s*)?[\"']?(?P<version>[0-9a-f]{2})-(?P<id>[0-9a-f]*)-[0-9a-f]{16}-[0-9a-f]{2}(?:-\S*)?[\"']?$",
    re.IGNORECASE,
)
LABEL = re.compile(r"^trace[ _-]?id[\"']?\s*[:=]\s*", re.IGNORECASE)
NEARLY_HEX = re.compile(r"^(?:0x)?[0-9a-f][0-9a-f-]*$", re.IGNORECASE)
NOT_QUITE_HEX = re.compile(r"^(?:0x)?(?P<digits>(?=[a-z]*\d)[0-9a-z]{16,40})$", re.IGNORECASE)
MOST_WRONG_RATIO = 0.1
"""Of the letters and digits of such a word: with more that are not hex it is a name."""
BASE64 = re.compile(r"^[\w+/-]{21}[AQgw]==$", re.ASCII)
"""16 bytes, as some write ids into JSON."""
BASE64_OF_HALF = re.compile(r"^[\w+/-]{10}[AEIMQUYcgkosw048]=$", re.ASCII)
"""8 bytes, which is an id only where it is called one: `http_status=` has the same form."""
FULL_DIGITS = 32
LEAST_DIGITS = 8
"""Shorter words of the letters a to f can be words: `cafe`, `dead`, `face`."""

ID_IN_SENTENCE = re.compile(r"(?<![\w.=:/\"'-])(?=[a-f]*\d)(?:[0-9a-f]{32})(?![\w=-])", re.IGNORECASE)
ID_IN_PATH = re.compile(
    r"/(?:traces?|api/traces|api/v3/traces|api/v2/trace)/(?P<id>[0-9A-Fa-f-]+)(?=[/?#]|$)"
)
COMPARED_IN_PATH = re.compile(r"/trace/(?P<first>[0-9A-Fa-f]*)\.\.\.(?P<second>[0-9A-Fa-f]*)$")
"""Jaeger's page that holds one trace against another."""
ID_IN_QUERY = re.compile(
    r"(?:^|[?&#])(?:trace_?id|var-trace_?id)=(?P<id>[0-9A-Fa-f-]+)(?=[&#]|$)", re.IGNORECASE
)
ID_IN_STATE = re.compile(r"\"(?:query|traceId|traceID)\"\s*:\s*\"(?P<id>[0-9A-Fa-f-]+)\"")
"""Grafana keeps its panes as JSON in the link; the id is the text of the query."""


def parse_trace_reference(text: str) -> str | None:
    """The 32 lower-case hex digits of the trace that the text names; None where it names none.

    Raises:
        NotUnderstood: it looks like a trace, but cannot be one: a wrong number of digits, what is no digit among them, or all
            of them zero; or it names two.
    """
    reference = _without_wrapping(text)
    if match := TRACEPARENT.match(reference):
        return _trace_id(match["id"])
    if "://" in reference:
        return _in_link(reference)
    return _bare(LABEL.sub("", reference).strip("\"'`,"), labelled=bool(LABEL.match(reference)))


def _bare(word: str, *, labelled: bool) -> str | None:
    digits = re.sub(r"^0x|-", "", word.lower())
    if NEARLY_HEX.match(word) and (len(digits) >= LEAST_DIGITS or labelled):
        return _trace_id(digits)
    if BASE64.match(word) or (labelled and BASE64_OF_HALF.match(word)):
        return _trace_id(base64.b64decode(word, altchars=b"-_").hex())
    if match := NOT_QUITE_HEX.match(word):
        _refuse_letters(match["digits"])
    return None


def _refuse_letters(digits: str) -> None:
    """Raises NotUnderstood where all but a few of the digits are hex: somebody slipped, or wrote O for 0."""
    wrong = re.sub(r"[0-9a-f]", "", digits, flags=re.IGNORECASE)
    if len(wrong) <= MOST_WRONG_RATIO * len(digits):
        named = [f"“{letter}”" for letter in dict.fromkeys(wrong)]
        are = "is no hex digit" if len(named) == 1 else "are no hex digits"
        raise NotUnderstood(f"This looks like a trace id, but {' and '.join(named)} {are}.", ID_ADVICE)


def trace_id_within(sentence: str) -> str | None:
    """The one whole trace id that stands in a sentence; None where there is none, or several."""
    found = {match[0].lower() for match in ID_IN_SENTENCE.finditer(sentence)}
    return _trace_id(found.pop()) if len(found) == 1 else None


def _without_wrapping(text: str) -> str:
    """The text without quotes, brackets and Slack's `<url|label>` around it."""
    bare = text.strip().strip("`").strip()
    match = SLACK_LINK.match(bare)
    return (match["url"].replace("&amp;", "&") if match else bare).strip("<>\"'")


def _in_link(link: str) -> str | None:
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    if parts.scheme == "file":
        return None
    if match := COMPARED_IN_PATH.search(parts.path):
        return _one_of([_from_link(found) for found in dict.fromkeys(match.groups()) if found])
    found = next(_ids_in(parts), None)
    return None if found is None else _from_link(found)


def _from_link(found: str) -> str:
    # Jaeger and Tempo leave out the zeros at an id's beginning, in their links too.
    return _trace_id(found if len(found) > FULL_DIGITS else found.replace("-", "").zfill(FULL_DIGITS))


def _one_of(trace_ids: list[str]) -> str | None:
    if len(trace_ids) <= 1:
        return trace_ids[0] if trace_ids else None
    first, second = trace_ids
    raise NotUnderstood(
        "This link compares two traces.",
        "Ask for one of them.",
        (Candidate(text=first, why="the first of the two"), Candidate(text=second, why="the second")),
    )


def _ids_in(parts: SplitResult) -> Iterator[str]:
    """What stands in a link where viewers put a trace's id: path, query, fragment, state within the query."""
    query = parts.query[:LONGEST_QUESTION]
    decoded = _decoded(query)
    for pattern, where in (
        (ID_IN_PATH, unquote(parts.path)),
        (ID_IN_QUERY, query),
        (ID_IN_STATE, decoded),
        (ID_IN_PATH, f"/{parts.fragment}"),
        (ID_IN_QUERY, parts.fragment),
    ):
        for match in pattern.finditer(where):
            if any(char.isdigit() for char in match["id"]) or len(match["id"]) >= LEAST_DIGITS:
                yield match["id"]


def _decoded(query: str) -> str:
    """The query as text; some links are encoded twice on their way."""
    once = unquote(query)
    return unquote(once) if "%22" in once else once


def _trace_id(text: str) -> str:
    digits = text.lower().replace("-", "")
    if len(digits) not in {16, 32}:
        raise NotUnderstood(f"A trace id has 16 or 32 hex digits, this has {len(digits):,}.", ID_ADVICE)
    if not digits.strip("0"):
        raise NotUnderstood(
            "A trace id of zeros only is what libraries write when there is no trace.", ID_ADVICE
        )
    return digits.zfill(32)
