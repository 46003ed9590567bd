"""Failures that a question names by their status code, exception or message: `500`, `KeyError`, "502 Bad Gateway".

Who asks why there is one of these wants to see it and where it began, which the errors tell; who asks why there are more
errors than usual, or why something is slow, wants it held against what is usual.
"""

from __future__ import annotations

import re


def _any_of(words: str) -> str:
    return f"(?:{'|'.join(words.split())})"


COUNTED = _any_of(
    r"""
    ns us ms millis milliseconds? s secs? seconds? m mins? minutes? h hrs? hours? % percent times rps qps
    requests? calls? traces? spans? users? customers? orders? things? items? threads? connections? people
    """
)
"""After these a number counts or measures: `500 ms`, `404 requests`."""
STATUS = rf"(?<![\w./:=#<>\"-])(?:[45]\d\d(?:'?s)?|[45]xx)(?:/[45](?:\d\d|xx))*(?! ?{COUNTED}(?!\w))(?![\w/:%-]|\.\d)"
"""A status as people write it: `500`, `503s`, `5xx`."""
EXCEPTION_ENDS = _any_of("Error Exception Exceeded Timeout Unavailable Refused Interrupt Fault")
MODULE = r"(?:[A-Za-z_][\w$]*\.)*"
EXCEPTION = (
    rf"(?<![\w./=\"]){MODULE}(?:[A-Z][\w$]*[a-z_]{EXCEPTION_ENDS}s?(?![\w./-])|(?:Error|Exception)(?=: ))"
)
"""`KeyError`, `java.net.SocketTimeoutException`: told from words by its capitals, and `Error` by its message."""
EXPLAINED = r": (?!why|how|since|what)[^?!,;]{3,}?(?= (?:in|on|at|from) (?:the )?[\w.\-/]+$|[?!,;]|$)"
"""The message after an exception, up to the place that it is in."""
PANIC = rf"\bpanic(?:s|ked)?{EXPLAINED}"
"""`panic: index out of range`."""
MESSAGES = (
    r"internal server error", r"bad gateway", r"service unavailable", r"gateway time-?out", r"bad request",
    r"unauthori[sz]ed", r"forbidden", r"too many requests", r"connection (?:refused|reset|aborted|closed)",
    r"broken pipe", r"deadline exceeded", r"database is locked", r"dead ?locks?", r"stack ?traces?", r"core dumps?",
)  # fmt: skip
MESSAGE = rf"\b(?:{'|'.join(MESSAGES)})(?!\w)"
TROUBLE = _any_of(
    r"""
    errors? exceptions? fail(?:s|ed|ure)? refused reset denied unavailable timeout timed exceeded panic fatal cannot unable invalid
    null missing gateway
    """
)
QUOTED = rf"(?<![=<>])\"(?=[^\"]* )[^\"]{{0,300}}\b{TROUBLE}\b[^\"]{{0,300}}\""
"""Quoted words of a log; one word in quotes is a name."""

SAYING = _any_of(
    """
    answer answers answered answering respond responds responded responding reply replies replied replying return returns returned
    returning raise raises raised raising throw throws threw throwing give gives gave giving log logs logged logging send sends sent
    sending show shows showed showing display displays displaying print prints printed printing emit emits emitting report reports
    reporting crash crashes crashed crashing end ends ended ending fail fails failed failing die dies died dying see sees saw seeing
    get gets got getting hit hits hitting
    """
)
SAID = rf"(?:\b{SAYING}(?: (?:with|by|as|in))? )?(?:(?:an?|the|http|status|code|error) )*"
"""What leads up to a failure and says no more than it: `ends with the status`."""
WITH_MESSAGE = rf"(?: (?i:{MESSAGE}))?"
FAILURES = (
    rf"(?i:{STATUS}){WITH_MESSAGE}",
    rf"{EXCEPTION}(?:{EXPLAINED})?{WITH_MESSAGE}",
    rf"(?i:{MESSAGE})",
    rf"(?i:{QUOTED})",
    rf"(?i:{PANIC})",
)
"""Only exceptions depend on capitals."""
FAILURE = re.compile(rf"(?i:{SAID})(?:{'|'.join(FAILURES)})")
CHANGE = re.compile(
    r"\b(?:rates?|ratio|slow\w*|latenc\w+|p\d\d|percentile|median|mean|average|duration|above|below|than|usual|vs|versus"
    r"|increas\w+|ris(?:e|es|en|ing)|rose|spik\w+|jump\w*|doubled|tripled|(?:go|goes|gone|going|went) up)\b",
    re.IGNORECASE,
)
"""What makes it a question for what is usual."""


def failures_plain(sentence: str) -> str:
    """The sentence with the word errors for each failure that it names; as it is where it names none, or asks for a change."""
    if CHANGE.search(sentence) or not FAILURE.search(sentence):
        return sentence
    return " ".join(FAILURE.sub(" errors ", sentence).split())
