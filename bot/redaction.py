"""Secrets taken out of whatever is logged or shown."""

from __future__ import annotations

import logging
import re
import traceback
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LEFT_OUT = "[redacted]"
SHORTEST_SECRET = 4
"""Shorter ones would take half of every sentence with them."""
NAMES = r"(?:token|secret|password|passwd|pwd|api[_-]?key|ticket|signature|authorization|cookie)[\w-]{0,40}"
"""What stands before a secret: `bot_token=`, `"password": "`."""
PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # Slack's own: xoxb-, xoxp-, xoxe.xoxp-, xapp-, and what lets anybody answer in somebody's place.
    (re.compile(r"\b(?:xox[a-z]\.)?(?:xox[a-z]|xapp)-[\w-]+"), LEFT_OUT),
    (re.compile(r"(https?://hooks\.slack(?:-gov)?\.com/)[\w/-]+"), rf"\1{LEFT_OUT}"),
    (re.compile(r"\bv0=[0-9a-fA-F]{64}\b"), LEFT_OUT),
    (re.compile(r"(?<=://)[^\s/@'\"]{1,2000}@"), f"{LEFT_OUT}@"),
    (re.compile(r"(?i)\b(bearer)\s+[\w.~+/=-]{6,}"), rf"\1 {LEFT_OUT}"),
    (re.compile(rf"(?i)({NAMES}['\"]?\]?\s*[:=]\s*\[?b?['\"])[^'\"]+"), rf"\1{LEFT_OUT}"),
    (
        re.compile(rf"(?i)({NAMES}\s*[:=]\s*)(?:(?:basic|bearer)\s+)?(?!\w{{1,60}}:\s)[^\s'\"&,;)\]}}\[]+"),
        rf"\1{LEFT_OUT}",
    ),
)
BODY = re.compile(r"\b(body|payload|response): .*", re.DOTALL | re.IGNORECASE)
"""What Slack's libraries log of requests, of one whose signature was wrong for example."""
OF_SLACK = ("slack_bolt", "slack_sdk")


class Redaction:
    """Takes known secrets, and what looks like one, out of texts."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms = {form for secret in secrets for part in _parts(secret) for form in _written(part)}
        known = sorted((form for form in forms if len(form) >= SHORTEST_SECRET), key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, text: str) -> str:
        if self._known:
            text = self._known.sub(LEFT_OUT, text)
        for pattern, instead in PATTERNS:
            text = pattern.sub(instead, text)
        return text


def _parts(secret: str) -> tuple[str, ...]:
    """The secret, and of an address with a password that as well: a server's complaint may quote it alone."""
    try:
        password = urlsplit(secret).password
    except ValueError:
        password = None
    return (secret, password, unquote(password)) if password else (secret,)


def _written(secret: str) -> tuple[str, ...]:
    """As it is, as it stands in an address, and as Python shows it."""
    return secret, quote(secret, safe=""), repr(secret)[1:-1]


def redact_logs(redaction: Redaction) -> Callable[[], None]:
    """Redact every record from now on, whoever logs it and whoever handles it; what undoes that.

    Records are changed where they are made: a filter would have to be hung on every handler there will ever be.
    """
    make = logging.getLogRecordFactory()

    def made(*arguments: Any, **named: Any) -> logging.LogRecord:
        return _redacted(make(*arguments, **named), redaction)

    logging.setLogRecordFactory(made)
    return lambda: logging.setLogRecordFactory(make)


def _redacted(record: logging.LogRecord, redaction: Redaction) -> logging.LogRecord:
    text = redaction(_text(record))
    record.msg = BODY.sub(r"\1: [left out]", text) if record.name.startswith(OF_SLACK) else text
    record.args = None
    if record.exc_info and record.exc_info[1]:
        # Handlers show this text; the exception itself they would format anew.
        record.exc_text = redaction("".join(traceback.format_exception(record.exc_info[1])).rstrip())
        record.exc_info = None
    if record.stack_info:
        record.stack_info = redaction(record.stack_info)
    return record


def _text(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception as exc:  # noqa: BLE001 - logging itself forgives whatever formatting raises
        return f"A log message could not be written ({type(exc).__name__})."
