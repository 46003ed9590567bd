"""A Jaeger backend from its URL and the environment."""

from __future__ import annotations

import math
import ssl
from typing import TYPE_CHECKING

import httpx

from backends.address import parse_address
from backends.credentials import auth_headers
from backends.errors import UnusableAddress
from backends.http import HttpStore, Patience
from backends.jaeger.backend import JaegerBackend
from backends.jaeger.store import DEFAULT_PORT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backends.address import Address
    from backends.interface import Progress

OPTIONS = ("api", "ca_file", "timeout_s")
CA_FILE = "TRACEWHY_BACKEND_CA_FILE"
LONGEST_TIMEOUT_S = 3600.0


def open_jaeger(
    url: str,
    environment: Mapping[str, str],
    progress: Progress | None = None,  # noqa: ARG001 - every opener is offered it; answers of Jaeger come at once
    patience: Patience | None = None,
) -> JaegerBackend:
    """The Jaeger behind a URL, not yet asked anything."""
    address = parse_address(url, OPTIONS)
    headers = {"accept": "application/json", "accept-encoding": "gzip"}
    # httpx's own timeouts are off: `HttpStore` bounds the whole answer, which bounds its pieces too.
    client = httpx.AsyncClient(
        base_url=_root(address),
        headers=headers | auth_headers(address, environment, tenant_header="x-tenant"),
        verify=_trust(address, environment),
        timeout=None,  # noqa: S113 - see above
    )
    patience = patience or Patience(timeout_s=_timeout_s(address))
    return JaegerBackend(HttpStore(client, str(address), patience), api=_api(address))


def _root(address: Address) -> str:
    scheme = "https" if address.scheme == "jaeger+https" else "http"
    port = DEFAULT_PORT[address.scheme] if address.port is None else address.port
    return f"{scheme}://{address.host}:{port}{address.path}/"


def _api(address: Address) -> str | None:
    api = address.option("api")
    if api not in {None, "v1", "v3"}:
        raise UnusableAddress(
            f"The option api of {address} is neither v1 nor v3.", "Leave it out to find out."
        )
    return api


def _timeout_s(address: Address) -> float:
    text = address.option("timeout_s")
    if text is None:
        return Patience.timeout_s
    try:
        timeout_s = float(text)
    except ValueError:
        timeout_s = math.nan
    if not 0 < timeout_s <= LONGEST_TIMEOUT_S:
        raise UnusableAddress(
            f"The option timeout_s of {address} is no number of seconds between 0 and {LONGEST_TIMEOUT_S:.0f}.",
            "Write ?timeout_s=60, for example.",
        )
    return timeout_s


def _trust(address: Address, environment: Mapping[str, str]) -> ssl.SSLContext | bool:
    """The authorities to trust: the machine's own, or those of a file alone."""
    path = address.option("ca_file") or environment.get(CA_FILE)
    if not path or address.scheme != "jaeger+https":
        return True
    try:
        return ssl.create_default_context(cafile=path)
    except (OSError, ssl.SSLError) as exc:
        raise UnusableAddress(
            f"The authority file {path} for {address} cannot be read ({type(exc).__name__}).",
            "It should hold certificates in PEM, beginning with -----BEGIN CERTIFICATE-----.",
        ) from exc
