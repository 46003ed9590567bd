"""Attributes on their way to the disk: from protobuf's bytes to the text in which they are stored.

Most of them are the same on every span (a method, a host, a route), and the text of those is at hand.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from opentelemetry.proto.common.v1.common_pb2 import KeyValue

from backends.embedded.encoding import NOTHING, pair_text, pairs_text
from backends.formats.otlp_protobuf import pairs_of, value_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analyzers.record import Pairs

KEY, TEXT = itemgetter(0), itemgetter(1)
PAIRS_KNOWN = 50_000
LONGEST_KNOWN = 200
"""Bytes of an attribute worth remembering: some 30 MB in all."""


class KnownPairs(dict[bytes, tuple[str, str]]):
    """The key and the text of attributes, by their bytes; begins anew when it is full."""

    def __missing__(self, raw: bytes) -> tuple[str, str]:
        """Raises DecodeError where the bytes are no attribute."""
        pair = KeyValue.FromString(raw)
        found = pair.key, pair_text(pair.key, value_text(pair.value))
        if len(raw) <= LONGEST_KNOWN:
            if len(self) >= PAIRS_KNOWN:
                self.clear()
            self[raw] = found
        return found


class StoredPairs:
    """What the spans of one scope have for attributes, as it is stored."""

    def __init__(self, scope: Pairs, known: KnownPairs) -> None:
        self._scope = scope
        self._of_scope = [(key, pair_text(key, value)) for key, value in scope]
        self._known = known

    def text(self, attributes: Iterable[bytes]) -> str:
        """The scope's and then these.

        Raises:
            DecodeError: some of these are no attributes.
        """
        pairs = [*self._of_scope, *map(self._known.__getitem__, attributes)]
        if len(set(map(KEY, pairs))) < len(pairs):
            return pairs_text([*self._scope, *pairs_of(KeyValue.FromString(raw) for raw in attributes)])
        return f"[{','.join(map(TEXT, pairs))}]" if pairs else NOTHING
