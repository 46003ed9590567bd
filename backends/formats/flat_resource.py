"""Resource attributes that a format mixes with those of the span, sorted out again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analyzers.record import Pairs

PREFIXES = ("service.", "host.", "k8s.", "deployment.", "telemetry.", "cloud.", "container.", "process.")
RESOURCES_KEPT = 10_000


def is_resource_key(key: str) -> bool:
    """Whether OpenTelemetry's conventions put this attribute on the process, not on the span."""
    return key.startswith(PREFIXES)


def resource_pairs(attributes: Iterable[tuple[str, str]]) -> Pairs:
    """As a record carries them: sorted by key, each key once, without the service's name, which has its own place."""
    found = dict(attributes)
    found.pop("service.name", None)
    return tuple(sorted(found.items()))


class SharedResources:
    """Hands out one object for equal resources, so that spans share it. Bounded: a hostile file has one a span."""

    def __init__(self) -> None:
        self._known: dict[Pairs, Pairs] = {}

    def __call__(self, attributes: Iterable[tuple[str, str]]) -> Pairs:
        pairs = resource_pairs((key, text) for key, text in attributes if is_resource_key(key))
        if len(self._known) >= RESOURCES_KEPT:
            return self._known.get(pairs, pairs)
        return self._known.setdefault(pairs, pairs)
