"""Which stores there are, and a backend from a URL. To add a store, write its module and name it here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backends.address import did_you_mean, redacted
from backends.embedded.store import STORE as EMBEDDED
from backends.errors import UnusableAddress
from backends.files.store import STORE as FILES
from backends.jaeger import STORE as JAEGER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backends.interface import Backend, Progress
    from backends.store import Store

STORES: tuple[Store, ...] = (FILES, EMBEDDED, JAEGER)

SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*)://|^(file):")


def open_backend(url: str, environment: Mapping[str, str], progress: Progress | None = None) -> Backend:
    """The backend behind a URL; what has no scheme is a file's path or pattern.

    Raises:
        UnusableAddress: no store has that scheme, or its own opener cannot use the rest.
    """
    match = SCHEME.match(url)
    scheme = (match[1] or match[2]).lower() if match else "file"
    for store in STORES:
        if scheme in store.schemes:
            return store.open(url, environment, progress)
    examples = ", ".join(store.example for store in STORES)
    raise UnusableAddress(
        f"No trace store has the scheme {scheme!r} of {redacted(url)}.",
        f"{did_you_mean(scheme, schemes())}Write one of: {examples}.",
    )


def schemes() -> tuple[str, ...]:
    """Every scheme that a URL may have, sorted."""
    return tuple(sorted(scheme for store in STORES for scheme in store.schemes))
