"""Trace stores for tests: they hold drawn traces, or fail."""

from __future__ import annotations

from dataclasses import dataclass, field

from analyzers.builder import build_table
from backends.errors import CannotAsk
from backends.interface import Capabilities, Found
from tests.traces import drawn

MS = 1_000_000
CHECKOUT_ID = f"{1:032x}"
CHECKOUT = """
    frontend POST /checkout   0..400   server
      checkout charge         10..390  server
"""


@dataclass
class DrawnBackend:
    """Holds the traces of a picture, in milliseconds."""

    picture: str = CHECKOUT
    notes: tuple[str, ...] = ()
    unreadable: int = 0
    truncated: bool = False
    name: str = "drawn://here"
    capabilities: Capabilities = field(default_factory=Capabilities)
    error: Exception | None = None

    async def find_trace(self, trace_id):
        return self._found([span for span in drawn(self.picture, MS) if span.trace_id == trace_id])

    async def find_spans(self, query):
        return self._found(drawn(self.picture, MS))

    async def minutes(self, query):
        raise CannotAsk("It keeps no histograms.", "Read its spans instead.")

    def _found(self, records):
        if self.error:
            raise self.error
        return Found(build_table(records), self.truncated, self.unreadable, self.notes)

    async def aclose(self):
        return None


@dataclass
class DrawnStores:
    """The same backend wherever one looks."""

    backend: DrawnBackend | None = field(default_factory=DrawnBackend)
    asked_urls: list[str] = field(default_factory=list)

    def default(self):
        return self.backend

    def at(self, url):
        self.asked_urls.append(url)
        return self.backend

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        return None
