"""What the registry knows about stores of our own. DuckDB and the rest are imported when one is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backends.store import Store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backends.interface import Backend, Progress


def _open(url: str, environment: Mapping[str, str], progress: Progress | None) -> Backend:
    from backends.embedded.opening import open_embedded  # noqa: PLC0415 - see the module's first line

    return open_embedded(url, environment, progress)


STORE = Store(schemes=("embedded",), example="embedded:///var/lib/tracewhy", open=_open)
