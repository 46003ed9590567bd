"""The stores that the contract is tried on, each filled with the contract data.

Files, the store of our own and a real Jaeger always; any other server by two variables, and only if the registry has its adapter:

    TRACEWHY_TEST_JAEGER_URL=jaeger://host:16686      what tracewhy is given
    TRACEWHY_TEST_JAEGER_OTLP=http://host:4318        where the spans are sent, as OTLP over HTTP

likewise ZIPKIN, TEMPO, VICTORIATRACES and CLICKHOUSE. Without the second variable the server must hold the recorded
contract data already, as it stands in tests/data.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from backends.embedded.backend import EmbeddedBackend
from backends.embedded.span_store import SpanStore
from backends.formats.otlp_protobuf import decode_otlp_protobuf
from backends.registry import open_backend, schemes
from tests.backends.asking import arrived, asked
from tests.contract_data import contract_data
from tests.span_facts import facts_sent

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from backends.interface import Backend, Capabilities
    from tests.contract_data import ContractData

BY_ADDRESS = ("JAEGER", "ZIPKIN", "TEMPO", "VICTORIATRACES", "CLICKHOUSE")


@dataclass(frozen=True)
class LoadedStore:
    """A store that holds the contract data."""

    url: str
    data: ContractData
    resolution_ns: int = 1
    """What its times are cut down to."""

    def ask(self, question: Callable[[Backend], Awaitable]):
        return asked(lambda: open_backend(self.url, os.environ), question)

    @property
    def capabilities(self) -> Capabilities:
        async def declared(backend: Backend) -> Capabilities:
            return backend.capabilities

        return self.ask(declared)


@dataclass(frozen=True)
class StoreOfThisProcess(LoadedStore):
    """The store of our own, owned by the tests."""

    own: SpanStore | None = None

    def ask(self, question: Callable[[Backend], Awaitable]):
        return asked(lambda: EmbeddedBackend(self.own), question)


def given_addresses() -> list[str]:
    """The variables that name a server whose adapter exists."""
    named = [f"TRACEWHY_TEST_{store}_URL" for store in BY_ADDRESS]
    return [name for name in named if os.environ.get(name, "").partition(":")[0] in schemes()]


def loaded_files(folder: Path) -> LoadedStore:
    data = contract_data(time.time_ns())
    (folder / "contract.json").write_text(json.dumps(data.document))
    return LoadedStore(str(folder / "contract.json"), data)


@contextmanager
def loaded_embedded(folder: Path) -> Iterator[StoreOfThisProcess]:
    """A store that was sent the data twice, the second time in two parts."""
    data = contract_data(time.time_ns())
    records = decode_otlp_protobuf(data.request.SerializeToString()).records
    own = SpanStore.open(folder)
    try:
        for part in (records, records[:100], records[100:]):
            asyncio.run(own.keep(part))
        yield StoreOfThisProcess(f"embedded://{folder}", data, own=own)
    finally:
        own.close()


def loaded_server(url: str, otlp_url: str | None, resolution_ns: int = 1) -> LoadedStore:
    """The server at an address, once everything that was sent to it can be read."""
    data = contract_data(time.time_ns() if otlp_url else None)
    store = LoadedStore(url, data, resolution_ns)
    if otlp_url:
        send(data, otlp_url)
    store.ask(lambda backend: _all_arrived(backend, data))
    return store


def send(data: ContractData, otlp_url: str) -> None:
    """Hands the spans over as they are, without an SDK between."""
    body = data.request.SerializeToString()
    headers = {"content-type": "application/x-protobuf"}
    httpx.post(f"{otlp_url}/v1/traces", content=body, headers=headers, trust_env=False).raise_for_status()


async def _all_arrived(backend: Backend, data: ContractData) -> None:
    for trace_id, spans in Counter(span.trace_id for span in facts_sent(data.request)).items():
        await arrived(backend, trace_id, spans)
