"""What a span called over the network: a shape that like calls share, and a short text for people."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from analyzers.masking import masked_id

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_URL = 4_096
LONGEST_TEXT = 80
MOST_PARTS = 24
"""Parts of a path, and keys of a query, that are told apart."""

METHODS = ("http.request.method", "http.method")
ROUTES = ("http.route", "url.template")
FULL_URLS = ("url.full", "http.url")
PATHS = ("url.path", "http.target")
HOSTS = ("peer.service", "server.address", "net.peer.name")
DESTINATIONS = ("messaging.destination.template", "messaging.destination.name", "messaging.destination")
RPC_SERVICE, RPC_METHOD, QUERY = "rpc.service", "rpc.method", "url.query"
TARGET_KEYS = (
    *(*METHODS, *ROUTES, *FULL_URLS, *PATHS, *HOSTS, *DESTINATIONS),
    *(RPC_SERVICE, RPC_METHOD, QUERY),
)
"""All that a target depends on, besides the span's name."""

SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))
READING_NAME = re.compile(
    r"(?i:get|list|find|fetch|read|search|load|lookup|query|check|count|batchget|describe)(?=[A-Z_\W]|$)"
)
ADDRESS = re.compile(r"\[?[\d.]+\]?|\[?[0-9a-fA-F]*:[0-9a-fA-F:.]*\]?")
RPC_NAME = re.compile(r"/?(?:\w+\.)*(\w+/\w+)")
HTTP_NAME = re.compile(r"(?:HTTP )?(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)(?: +(\S+))?", re.IGNORECASE)


@dataclass(frozen=True)
class Target:
    """One remote operation without ids and values."""

    shape: str
    """Equal for like calls."""
    exact: str
    """Equal for repetitions of the same call, ids included. Not for showing."""
    text: str
    """For people, at most 80 characters: `GET /stock/{id}`, `CartService/GetCart`."""
    destination: str
    """The service or host called; "" where the span does not say, or gives only an address."""
    reads: bool
    """It says that it changes nothing."""


def find_target(attributes: Mapping[str, str], operation: str) -> Target:
    """The target of a call by a span with these attributes and this name."""
    destination = _destination(attributes)
    if RPC_METHOD in attributes or RPC_SERVICE in attributes:
        return _rpc(attributes, operation, destination)
    if name := _first(attributes, DESTINATIONS):
        return _message(name, operation, destination)
    method = _first(attributes, METHODS)
    named = HTTP_NAME.fullmatch(operation.strip())
    if method or named:
        return _http(
            attributes, method or (named[1] if named else ""), named[2] if named else None, destination
        )
    shape = f"{destination} {masked_path(operation)}"
    return Target(shape, operation, operation_text(operation), destination, _reads_by_name(operation))


def operation_text(operation: str) -> str:
    """A span's name as a target for people: ids masked, and without the package of an RPC."""
    packaged = RPC_NAME.fullmatch(operation.strip())
    return _cut(packaged[1] if packaged else masked_path(operation))


def _http(attributes: Mapping[str, str], method: str, named_path: str | None, destination: str) -> Target:
    method = method.upper()
    url = _url(attributes)
    path = url.path if url else ""
    where = _first(attributes, ROUTES) or path or named_path or ""
    shown = f"{method} {masked_path(where)}".strip()
    shape = f"{destination} {shown}{_masked_query(url.query) if url else ''}"
    exact = f"{destination} {method} {path or where}?{url.query if url else ''}"
    return Target(shape, exact, _cut(shown), destination, method in SAFE_METHODS)


def _rpc(attributes: Mapping[str, str], operation: str, destination: str) -> Target:
    service, method = attributes.get(RPC_SERVICE, ""), attributes.get(RPC_METHOD, "")
    if not (service and method) and "/" in operation:
        service, _, method = operation.strip("/").rpartition("/")
    text = f"{service.rpartition('.')[2]}/{method}".strip("/") or operation
    shape = f"{destination} {service}/{method}"
    return Target(shape, shape, _cut(text), destination, _reads_by_name(method))


def _message(name: str, operation: str, destination: str) -> Target:
    text = "publish " + masked_path(name)
    return Target(
        f"{destination} {text} {operation}", f"{destination} {name}", _cut(text), destination, False
    )


def _destination(attributes: Mapping[str, str]) -> str:
    """The callee's name. Addresses are left out: they are another pod each time."""
    url = _url(attributes)
    hosts = [attributes.get(key, "") for key in HOSTS] + [(url.hostname or "") if url else ""]
    return next((host for host in hosts if host and not ADDRESS.fullmatch(host)), "")


def _url(attributes: Mapping[str, str]) -> SplitResult | None:
    """The called address; user names and passwords in it are never used."""
    text = _first(attributes, FULL_URLS) or _first(attributes, PATHS)
    if text and QUERY in attributes and "?" not in text:
        text = f"{text}?{attributes[QUERY]}"
    try:
        url = urlsplit(text[:LONGEST_URL])
        url.hostname  # noqa: B018 - raises for what urlsplit lets through
    except ValueError:
        return None
    return url if text else None


def masked_path(path: str) -> str:
    """A path with whatever looks like an id as {id}: `/users/42/cards` as `/users/{id}/cards`. Its query is dropped."""
    parts = path[:LONGEST_URL].partition("?")[0].split("/")
    masked = [masked_id(part) for part in parts[:MOST_PARTS]]
    return "/".join([*masked, "…"] if len(parts) > MOST_PARTS else masked)


def _masked_query(query: str) -> str:
    """The keys of a query, sorted; without values."""
    keys = {masked_id(pair.partition("=")[0]) for pair in query.split("&")[:MOST_PARTS] if pair}
    return "?" + "&".join(sorted(keys)) if keys else ""


def _reads_by_name(name: str) -> bool:
    """Whether the last word of `Service/GetCart` or `cart.get` says that nothing is changed."""
    return bool(READING_NAME.match(re.split(r"[/.: ]", name.strip("/"))[-1]))


def _cut(line: str) -> str:
    return line if len(line) <= LONGEST_TEXT else line[: LONGEST_TEXT - 1].rstrip() + "…"


def _first(attributes: Mapping[str, str], keys: tuple[str, ...]) -> str:
    return next((attributes[key] for key in keys if attributes.get(key)), "")
