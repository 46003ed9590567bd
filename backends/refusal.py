"""What an HTTP status that is not an answer means, in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from backends.errors import BackendBroken, BackendError, BackendOverloaded, BackendRefused

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_QUOTE = 200


class Meaning(NamedTuple):
    """What a status says about the store or about us, and what to do."""

    error: type[BackendError]
    happened: str
    advice: str


NOT_READY = Meaning(
    BackendOverloaded,
    "it, or what stands behind it, is not ready",
    "Wait and ask again; if it stays so, look at the store's own health.",
)
MEANINGS = {
    401: Meaning(
        BackendRefused,
        "it does not know who asks",
        "Set TRACEWHY_BACKEND_TOKEN, or TRACEWHY_BACKEND_USER and TRACEWHY_BACKEND_PASSWORD; if one is set, it may "
        "have expired.",
    ),
    403: Meaning(
        BackendRefused,
        "who asks may not read this",
        "Ask for the right to read traces, or set TRACEWHY_BACKEND_TENANT if the store has tenants.",
    ),
    404: Meaning(
        BackendRefused,
        "there is no such page",
        "Check that this is the store's query address, with the right port and path prefix.",
    ),
    429: Meaning(BackendOverloaded, "too many questions", "Wait a little, or ask for a shorter period."),
    501: Meaning(BackendRefused, "it is not set up for that", "Turn that on in the store."),
    502: NOT_READY,
    503: NOT_READY,
    504: NOT_READY,
}
FAILED_INSIDE = Meaning(
    BackendBroken, "it failed inside", "Look into the store's log; a smaller question may work."
)
NOT_TAKEN = Meaning(
    BackendRefused,
    "it does not take this question",
    "The store may be older or newer than those we know: name its version in a bug report.",
)
NO_ANSWER = Meaning(BackendBroken, "that is no answer", "Check that this is the store's query address.")


def refusal(name: str, path: str, status: int, body: bytes, secrets: Iterable[str] = ()) -> BackendError:
    """The error for a status, with advice of its own and the store's own words made safe."""
    other = FAILED_INSIDE if status >= 500 else NOT_TAKEN if status >= 400 else NO_ANSWER
    meaning = MEANINGS.get(status, other)
    said = "" if looks_like_page(body) else quoted(body, secrets)
    return meaning.error(
        f"{name} answered HTTP {status} to {path}: {meaning.happened}.{said}", meaning.advice
    )


def web_page(name: str, path: str) -> BackendError:
    """The error for a page made for people where data was asked for."""
    return BackendBroken(
        f"{name} answered {path} with a web page: this looks like a login page or the store's UI, not its API.",
        "Check the port and the path prefix; if a login stands before the store, give a token "
        "(TRACEWHY_BACKEND_TOKEN).",
    )


def looks_like_page(body: bytes) -> bool:
    """HTML, whatever the content type says: some stores send their data as text/plain."""
    return body[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


class _Reason(msgspec.Struct):
    message: str = ""
    msg: str = ""


class _Reasons(msgspec.Struct):
    error: _Reason | None = None
    errors: list[_Reason] | None = None
    message: str = ""

    def text(self) -> str:
        reasons = [*([self.error] if self.error else []), *(self.errors or [])]
        return next((reason.message or reason.msg for reason in reasons), self.message)


def quoted(body: bytes, secrets: Iterable[str] = ()) -> str:
    """` It said: "..."`, one short printable line without our secrets; empty where it said nothing."""
    try:
        text = msgspec.json.decode(body, type=_Reasons).text()
    except (msgspec.DecodeError, UnicodeDecodeError):
        text = body[: 4 * LONGEST_QUOTE].decode("utf-8", "replace")
    for secret in secrets:
        text = text.replace(secret, "…")
    printable = "".join(char if char.isprintable() else " " for char in text)
    line = re.sub(r" +", " ", printable).strip()
    return f' It said: "{line[:LONGEST_QUOTE]}".' if line else ""
