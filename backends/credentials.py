"""Who we are, for a store that asks: from the environment or a file, seldom from the URL.

    TRACEWHY_BACKEND_TOKEN        a bearer token
    TRACEWHY_BACKEND_TOKEN_FILE   a file that holds it, for mounted secrets
    TRACEWHY_BACKEND_USER         with TRACEWHY_BACKEND_PASSWORD: basic authentication
    TRACEWHY_BACKEND_PASSWORD
    TRACEWHY_BACKEND_TENANT       whose traces, where one store serves several tenants

`user:password@` in the URL works too, and is shown nowhere. Only one of these ways may be used at once: with two
it would be a guess which of them the store should see.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING

from backends.errors import UnusableAddress

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backends.address import Address

TOKEN = "TRACEWHY_BACKEND_TOKEN"  # noqa: S105 - the variable's name, not a token
TOKEN_FILE = "TRACEWHY_BACKEND_TOKEN_FILE"  # noqa: S105 - likewise
USER = "TRACEWHY_BACKEND_USER"
PASSWORD = "TRACEWHY_BACKEND_PASSWORD"  # noqa: S105 - likewise
TENANT = "TRACEWHY_BACKEND_TENANT"

LONGEST_TOKEN = 16_384  # servers refuse longer headers; a bigger file is the wrong file


def auth_headers(address: Address, environment: Mapping[str, str], tenant_header: str) -> dict[str, str]:
    """The HTTP headers that say who asks; none where nothing is configured.

    Raises:
        UnusableAddress: two ways at once, half of one, or a value that cannot stand in a header.
    """
    headers = dict(_authorization(address, environment))
    if tenant := environment.get(TENANT):
        headers[tenant_header] = _header_value(tenant, TENANT)
    return headers


def _authorization(address: Address, environment: Mapping[str, str]) -> Mapping[str, str]:
    ways = {
        TOKEN: bool(environment.get(TOKEN)),
        TOKEN_FILE: bool(environment.get(TOKEN_FILE)),
        f"{USER} and {PASSWORD}": bool(environment.get(USER) or environment.get(PASSWORD)),
        "user:password@ in the URL": bool(address.user or address.password),
    }
    used = [way for way, is_used in ways.items() if is_used]
    if len(used) > 1:
        raise UnusableAddress(
            f"There are two ways to log in to {address}: {' and also '.join(used)}.", "Keep one of them."
        )
    if address.user or address.password:
        return {"authorization": _basic(address.user, address.password)}
    if environment.get(USER) or environment.get(PASSWORD):
        return {"authorization": _basic(environment.get(USER, ""), environment.get(PASSWORD, ""))}
    if path := environment.get(TOKEN_FILE):
        return {"authorization": f"Bearer {_header_value(_token_in(path), TOKEN_FILE)}"}
    if token := environment.get(TOKEN):
        return {"authorization": f"Bearer {_header_value(token, TOKEN)}"}
    return {}


def _basic(user: str, password: str) -> str:
    if not user:
        raise UnusableAddress("There is a password without a user.", f"Set {USER} too.")
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def _token_in(path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            token = file.read(LONGEST_TOKEN + 1)
    except OSError as exc:
        raise UnusableAddress(
            f"The token file {path} of {TOKEN_FILE} cannot be read ({exc.strerror}).",
            "Check the path and its permissions.",
        ) from exc
    if not token.strip() or len(token) > LONGEST_TOKEN:
        raise UnusableAddress(
            f"The file {path} of {TOKEN_FILE} holds no token.", "It should hold the token and nothing else."
        )
    return token.decode("ascii", "replace").strip()


def _header_value(value: str, variable: str) -> str:
    if not (value.isascii() and value.isprintable()):
        raise UnusableAddress(
            f"The value of {variable} holds characters that cannot stand in an HTTP header.",
            "Look for a line break or a quotation mark that came with copying.",
        )
    return value
