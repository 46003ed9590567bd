"""How many spans a sampled span stands for, where the data says so.

In order of trust: OpenTelemetry's threshold and its older power of two in the trace state, Honeycomb's SampleRate,
sampling.probability, and what Jaeger's clients noted on the root for the whole trace.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from analyzers.record import SpanRecord

UNSAID = math.nan
THRESHOLD = re.compile(r"[0-9a-fA-F]{1,14}")
ALL_THRESHOLDS = 1 << 56
HEAVIEST = float(ALL_THRESHOLDS)
NO_SPAN = 63  # the power of two by which ot=p says that the probability was zero
NEEDLES = (b"SampleRate", b"sampling.probability", b"sampler.type", b"w3c.tracestate")


def weight_of_trace_state(state: str | None) -> float:
    """By `ot=th:c` (4) or else `ot=p:2` (4), wherever it stands in the trace state."""
    if not state or "ot=" not in state:
        return UNSAID
    said = _opentelemetry_member(state)
    if THRESHOLD.fullmatch(said.get("th", "")):
        return ALL_THRESHOLDS / (ALL_THRESHOLDS - int(said["th"].ljust(14, "0"), 16))
    power = said.get("p", "")
    if power.isascii() and power.isdigit() and len(power) <= 2 and int(power) < NO_SPAN:
        return float(min(2 ** int(power), ALL_THRESHOLDS))
    return UNSAID


def weight_of_attributes(attributes: Mapping[str, str]) -> float:
    """By `SampleRate` (1 of so many) or else `sampling.probability`."""
    rate = _number(attributes.get("SampleRate"))
    if 1 <= rate <= HEAVIEST:
        return rate
    return _inverse(_number(attributes.get("sampling.probability")))


def weight_of_sampler(attributes: Mapping[str, str]) -> float:
    """By Jaeger's `sampler.type` and `sampler.param`. A rate limit says nothing of how many were let go."""
    kind, param = attributes.get("sampler.type"), attributes.get("sampler.param")
    if kind == "probabilistic":
        return _inverse(_number(param))
    return 1.0 if kind == "const" and param in {"true", "1"} else UNSAID


def may_say_weights(data: bytes) -> bool:
    """Whether it is worth looking at the attributes of a document's spans."""
    # Two searches instead of four, for what the first three needles share; from the end, which is twice as quick.
    may = data.rfind(b"ampl") >= 0 or data.rfind(NEEDLES[-1]) >= 0
    return may and any(needle in data for needle in NEEDLES)


def weigh(records: Sequence[SpanRecord], said_by: Callable[[SpanRecord], Mapping[str, str]]) -> None:
    """Fill in the weights that attributes say, where the trace state said none."""
    by_trace: dict[str, float] = {}
    for record in records:
        if not math.isnan(record.adjusted_count):
            continue
        said = said_by(record)
        weights = (weight_of_trace_state(said.get("w3c.tracestate")), weight_of_attributes(said))
        record.adjusted_count = next((weight for weight in weights if not math.isnan(weight)), UNSAID)
        if record.parent_id == 0 and "sampler.type" in said:
            by_trace[record.trace_id] = weight_of_sampler(said)
    for record in records:
        if math.isnan(record.adjusted_count):
            record.adjusted_count = by_trace.get(record.trace_id, UNSAID)


def _opentelemetry_member(state: str) -> dict[str, str]:
    """The `key:value` parts of the `ot` member."""
    for member in state.split(","):
        vendor, _, value = member.strip().partition("=")
        if vendor == "ot":
            parts = (part.partition(":") for part in value.split(";"))
            return {key.strip(): text.strip() for key, _, text in parts}
    return {}


def _number(text: str | None) -> float:
    try:
        return float(text or "nan")
    except ValueError:
        return UNSAID


def _inverse(probability: float) -> float:
    return 1 / probability if 1 / HEAVIEST <= probability <= 1 else UNSAID
