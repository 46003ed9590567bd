"""A trace named in whatever form people paste: an id, a `traceparent`, a link to some trace viewer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

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
LABEL = re.compile(r"^trace[ _-]?id\s*[:=]\s*", re.IGNORECASE)
NEARLY_HEX = re.compile(r"^(?:0x)?[0-9a-f][0-9a-f-]*$", re.IGNORECASE)
FULL_DIGITS = 32
LEAST_DIGITS = 8
"""Shorter words of the letters a to f can be words: `cafe`, `dead`, `face`."""

ID_IN_SENTENCE = re.compile(r"(?<![\w.=:/\"'-])(?=[a-f]*\d)(?:[0-9a-f]{32})(?![\w=-])", re.IGNORECASE)
ID_IN_PATH = re.compile(
    r"/(?:traces?|api/traces|api/v3/traces|api/v2/trace)/(?P<id>[0-9A-Fa-f-]+)(?=[/?#]|$)"
)
ID_IN_QUERY = re.compile(
    r"(?:^|[?&#])(?:trace_?id|var-trace_?id)=(?P<id>[0-9A-Fa-f-]+)(?=[&#]|$)", re.IGNORECASE
)
ID_IN_STATE = re.compile(r"\"(?:query|traceId|traceID)\"\s*:\s*\"(?P<id>[0-9A-Fa-f-]+)\"")
"""Grafana keeps its panes as JSON in the link; the id is the text of the query."""


def parse_trace_reference(text: str) -> str | None:
    """The 32 lower-case hex digits of the trace that the text names; None where it names none.

    Raises:
        NotUnderstood: it looks like a trace, but cannot be one: a wrong number of digits, or all of them zero.
    """
    reference = _without_wrapping(text)
    if match := TRACEPARENT.match(reference):
        return _trace_id(match["id"])
    if "://" in reference:
        return _in_link(reference)
    bare = LABEL.sub("", reference).strip("\"'`")
    digits = re.sub(r"^0x|-", "", bare.lower())
    if NEARLY_HEX.match(bare) and (len(digits) >= LEAST_DIGITS or LABEL.match(reference)):
        return _trace_id(digits)
    return None


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
    found = next(_ids_in(parts), None)
    if found is None:
        return None
    # Jaeger and Tempo leave out the zeros at an id's beginning, in their links too.
    return _trace_id(found if len(found) > FULL_DIGITS else found.replace("-", "").zfill(FULL_DIGITS))


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
