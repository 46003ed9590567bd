"""The URL of a trace store, taken apart so that its secrets never show."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from backends.errors import UnusableAddress

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from urllib.parse import SplitResult


@dataclass(frozen=True)
class Address:
    """`scheme://user:password@host:port/path?option=value`; its text and repr hold nothing secret."""

    scheme: str
    host: str
    """As it stands in a URL: an IPv6 address keeps its brackets."""
    port: int | None
    path: str = ""
    """The prefix before the store's own paths, without a slash at its end."""
    options: Mapping[str, str] = field(default_factory=dict, repr=False)
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        port = "" if self.port is None else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}{self.path}"

    def option(self, name: str) -> str | None:
        return self.options.get(name)


def parse_address(url: str, known_options: Collection[str]) -> Address:
    """The parts of a URL; an option that is not known is an error, since a typing mistake would go unseen.

    Raises:
        UnusableAddress: it has no host, an impossible port, or an option nobody reads.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
        pairs = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError as exc:
        raise UnusableAddress(
            f"The address {redacted(url)} cannot be read.",
            "Write it as scheme://host:port/prefix; in a password, write / as %2F, @ as %40 and # as %23.",
        ) from exc
    if not parts.hostname:
        raise UnusableAddress(
            f"The address {redacted(url)} names no host.", "Write it as scheme://host:port/prefix."
        )
    for name, _ in pairs:
        _known(name, known_options)
    return Address(
        scheme=parts.scheme,
        host=_host(parts),
        port=port,
        path=parts.path.rstrip("/"),
        options=dict(pairs),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def redacted(url: str) -> str:
    """The URL without user, password and options, also where it is too broken to take apart."""
    bare = (
        re.split(r"[?#]", url.rpartition("@")[2], maxsplit=1)[0] if "@" in url else re.split(r"[?#]", url)[0]
    )
    scheme, separator, _ = url.partition("://")
    shown = f"{scheme}://{bare}" if "@" in url and separator else bare
    return "".join(char if char.isprintable() else "?" for char in shown[:200])


def did_you_mean(word: str, known: Collection[str]) -> str:
    """`Did you mean X? ` where one of the known words is close, else nothing."""
    close = get_close_matches(word, known, n=1, cutoff=0.5)
    return f"Did you mean {close[0]}? " if close else ""


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    return f"[{host}]" if ":" in host else host


def _known(name: str, known_options: Collection[str]) -> None:
    if name in known_options:
        return
    shown = "".join(char for char in name[:40] if char.isprintable())
    raise UnusableAddress(
        f"The address has an option {shown!r} that nobody reads.",
        f"{did_you_mean(name, known_options)}There are: {', '.join(sorted(known_options))}.",
    )
