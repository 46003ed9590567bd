"""What a span says about its own failure: the type, the message, and whether it was given up or took too long."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analyzers.table import SpanTable

LONGEST_MESSAGE = 500
LONGEST_TYPE = 200

HTTP_STATUS = ("http.response.status_code", "http.status_code")
GRPC_STATUS = ("rpc.response.status_code", "rpc.grpc.status_code", "grpc.status_code")
MESSAGES = ("error.message", "otel.status_description")

CANCELLED = re.compile(r"cancell?(?:ed|ation)|client disconnect", re.IGNORECASE)
TIMED_OUT = re.compile(r"time[ds]?[ _-]?out|deadline", re.IGNORECASE)
CANCELLED_CODES = frozenset(("HTTP 499", "gRPC 1"))
TIMED_OUT_CODES = frozenset(("HTTP 408", "HTTP 504", "gRPC 4"))


@dataclass(frozen=True)
class Failure:
    """Type and message as recorded, null where the span does not say."""

    type: str | None
    message: str | None
    code: str
    """`HTTP 503`, `gRPC 4`, or ""."""

    @property
    def cancelled(self) -> bool:
        """Somebody else gave this work up."""
        return self.code in CANCELLED_CODES or bool(CANCELLED.search(self._words))

    @property
    def timed_out(self) -> bool:
        return self.code in TIMED_OUT_CODES or bool(TIMED_OUT.search(self._words))

    @property
    def _words(self) -> str:
        return f"{self.type} {self.message}"


def failure_of(spans: SpanTable, row: int) -> Failure:
    """How a span failed.

    Of several recorded exceptions the last one ended it. Type: of the exception, else `error.type`, else the HTTP or gRPC
    status. Message: of the exception, else of the span's status, else an attribute.
    """
    attributes = spans.details.attributes(row)
    exception = _last_exception(spans, row)
    code = _code(attributes)
    kind = exception.get("exception.type") or attributes.get("error.type") or attributes.get("exception.type")
    message = exception.get("exception.message") or spans.messages[int(spans.message[row])]
    message = message or _first(attributes, ("exception.message", *MESSAGES))
    if not kind or kind.isdigit():
        kind = code or kind
    return Failure(kind[:LONGEST_TYPE] if kind else None, _bounded(message) or None, code)


def _last_exception(spans: SpanTable, row: int) -> dict[str, str]:
    exceptions = [event for event in spans.details.events(row) if event.name == "exception"]
    return dict(exceptions[-1].attributes) if exceptions else {}


def _code(attributes: Mapping[str, str]) -> str:
    http, grpc = _first(attributes, HTTP_STATUS), _first(attributes, GRPC_STATUS)
    if http and http[:1] >= "4":
        return f"HTTP {http[:3]}"
    return f"gRPC {grpc[:20]}" if grpc and grpc not in {"0", "OK"} else ""


def _bounded(message: str) -> str:
    return message if len(message) <= LONGEST_MESSAGE else message[: LONGEST_MESSAGE - 1] + "…"


def _first(attributes: Mapping[str, str], keys: tuple[str, ...]) -> str:
    return next((attributes[key] for key in keys if attributes.get(key)), "")
