"""Which clock timed each span, and how coarsely it ticks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analyzers.details import resource_value
from analyzers.kernels import NONE, granularities

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analyzers.arrays import Int32Array
    from analyzers.table import SpanTable

HOST_KEYS = (
    "host.id",
    "host.name",
    "k8s.node.name",
    "k8s.pod.uid",
    "k8s.pod.name",
    "container.id",
    "service.instance.id",
    "hostname",
    "ip",
)
"""What tells one clock from another, best first."""

UNKNOWN_HOST = ""


def host_of(spans: SpanTable) -> tuple[Int32Array, tuple[str, ...]]:
    """Each span's host as a code into the sorted hosts; code 0 is UNKNOWN_HOST."""
    named = [resource_value(resource, HOST_KEYS) or UNKNOWN_HOST for resource in spans.resources]
    hosts = tuple(sorted({UNKNOWN_HOST, *named}))
    code_of = {name: code for code, name in enumerate(hosts)}
    code = np.array([code_of[name] for name in named] or [0], dtype=np.int32)
    return code[spans.resource], hosts


def with_clock_error(spans: SpanTable) -> SpanTable:
    """The table with every time off by up to one tick of its clock, if that is coarser than nanoseconds.

    A tick is the coarsest of 1 ms and 1 µs of which all that passes on one clock within one trace is a multiple: durations, and
    the time between any two starts. By what time the clock counts from does not matter, nor do other clocks. Where no time passes,
    nothing shows that the clock is coarse.
    """
    clock, n_clocks = _clock_of(spans)
    error_ns = np.empty(len(spans), dtype=np.int64)
    seen_in = np.full(n_clocks, NONE, dtype=np.int64)
    first, tick = np.zeros(n_clocks, dtype=np.int64), np.zeros(n_clocks, dtype=np.int64)
    granularities(spans.trace_begin, clock, spans.start_ns, spans.duration_ns, error_ns, seen_in, first, tick)
    return replace(spans, clock_error_ns=error_ns)


def host_error_ns(spans: SpanTable, host: Int32Array, hosts: Sequence[str]) -> list[int]:
    """How coarsely each host's clock ticks: as in the trace that shows most of it, since few spans look coarse by chance."""
    finest = np.full(len(hosts), np.iinfo(np.int64).max)
    np.minimum.at(finest, host, spans.clock_error_ns)
    ticks: list[int] = finest.tolist()
    return ticks


def _clock_of(spans: SpanTable) -> tuple[Int32Array, int]:
    """Each span's clock as a number below a count: its host's, or where that is not known its service's."""
    host, hosts = host_of(spans)
    if len(hosts) == 1:
        return spans.service, len(spans.services)
    clock = np.where(host == 0, np.int32(len(hosts)) + spans.service, host)
    return clock, len(hosts) + len(spans.services)
