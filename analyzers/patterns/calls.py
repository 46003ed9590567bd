"""Which spans of a trace are calls: queries, requests to other services, messages. And what they call."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from analyzers.statements import STATEMENTS, StatementReader
from analyzers.table import NO_PARENT, Kind, Relation, Status
from analyzers.targets import FULL_URLS, HOSTS, TARGET_KEYS, find_target, operation_text
from analyzers.wire import NO_CALLEE, callee_service

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analyzers.statements import Statement
    from analyzers.table import SpanTable
    from analyzers.targets import Target

CallKind: TypeAlias = Literal["query", "request"]

POOL = re.compile(
    r"(?:^|[\W_])(?:pool|acquire|getconnection|get_connection|checkout_connection|obtain ?connection|connect|connection)"
    r"(?:$|[\W_])",
    re.IGNORECASE,
)
FAILED_STATUS = re.compile(r"5\d\d|429")
STATUS_CODES = ("http.response.status_code", "http.status_code")
CALLING_KINDS = frozenset((Kind.CLIENT, Kind.PRODUCER))
CALLING_KEYS = frozenset((*FULL_URLS, *HOSTS, "rpc.service"))


@dataclass(frozen=True)
class Call:
    """A span that asks something outside of its process."""

    kind: CallKind
    key: tuple[str, ...]
    """Equal for like calls."""
    where: str
    """What is asked: equal for queries of one kind of database, for like requests to one service."""
    text: str
    callee: str
    """The service called; "" where it is not known."""
    reads: bool
    failed: bool


class CallReader:
    """Reads the calls of one table, each once, when they are asked for. Like ones are one value."""

    def __init__(self, spans: SpanTable) -> None:
        self._spans = spans
        self._parent: list[int] = spans.parent_row.tolist()
        self._kind: list[int] = spans.kind.tolist()
        self._failed: list[bool] = (spans.status == Status.ERROR).tolist()
        self._service: list[int] = spans.service.tolist()
        self._operation: list[int] = spans.operation.tolist()
        self._calls_out: list[bool] = (callee_service(spans) != NO_CALLEE).tolist()
        self._is_child: list[bool] = (spans.relation == Relation.CHILD).tolist()
        self._named_pool = [bool(POOL.search(name)) for name in spans.operations]
        self._statements = StatementReader()
        self._known: dict[int, Call | None] = {}
        self._alike: dict[tuple[object, ...], Call] = {}
        self._called_side = [False] * len(spans)
        self._first_remote: dict[int, int] = {}
        for row, parent in enumerate(self._parent):
            if parent != NO_PARENT and self._service[row] != self._service[parent]:
                self._first_remote.setdefault(parent, row)
                # Where a call arrives: what is under it are calls of its own.
                self._called_side[row] = self._kind[row] not in CALLING_KINDS

    def call(self, row: int) -> Call | None:
        """The call that a span is. The inner one of two (a driver under a client, a server under its caller) is none."""
        parent = self._parent[row]
        if parent != NO_PARENT and not self._called_side[parent] and self._own_call(parent) is not None:
            return None
        return self._own_call(row)

    def exact(self, row: int) -> str:
        """What a call asked, with its ids and values: equal for repetitions. Not for showing."""
        attributes = self._spans.details.attributes(row)
        for key in STATEMENTS:
            if key in attributes:
                return attributes[key]
        return find_target(attributes, self._spans.operation_name(row)).exact

    def is_recorded_call(self, row: int) -> bool:
        """Whether a span is the caller's side of a call of which the other side was recorded."""
        return self._calls_out[row]

    def waits_for_pool(self, row: int) -> bool:
        """Whether a span is named as waiting for a connection, and says no more."""
        if not self._named_pool[self._operation[row]]:
            return False
        attributes = self._spans.details.attributes(row)
        return not any(key in attributes for key in STATEMENTS)

    def _own_call(self, row: int) -> Call | None:
        if row not in self._known:
            self._known[row] = self._read(row)
        return self._known[row]

    def _read(self, row: int) -> Call | None:
        kind, operation = self._kind[row], self._spans.operations[self._operation[row]]
        if self._parent[row] == NO_PARENT or kind == Kind.CONSUMER or self.waits_for_pool(row):
            return None
        attributes = self._spans.details.attributes(row)
        failed = self._failed[row] or _failed_by_status(attributes)
        if kind != Kind.SERVER and (found := self._statements.find(attributes, operation)):
            key = (self._service[row], found, failed)
            if key not in self._alike:
                self._alike[key] = _query(self._spans.service_name(row), found, failed)
            return self._alike[key]
        return self._request(row, attributes, failed) if self._is_request(row, attributes) else None

    def _is_request(self, row: int, attributes: Mapping[str, str]) -> bool:
        remote = self._service[row] != self._service[self._parent[row]] and self._is_child[row]
        if self._kind[row] in CALLING_KINDS or self._calls_out[row] or remote:
            return True
        return self._kind[row] == Kind.UNSPECIFIED and not CALLING_KEYS.isdisjoint(attributes)

    def _request(self, row: int, attributes: Mapping[str, str], failed: bool) -> Call:
        other = row if self._called_side[row] else self._first_remote.get(row)
        arrives = None if other is None else (self._service[other], self._operation[other])
        said = tuple(map(attributes.get, TARGET_KEYS)) if attributes else ()
        key = (self._operation[row], arrives, failed, said)
        if key not in self._alike:
            target = find_target(attributes, self._spans.operation_name(row))
            self._alike[key] = _request(target, self._spans, other, failed)
        return self._alike[key]


def _request(target: Target, spans: SpanTable, other: int | None, failed: bool) -> Call:
    """A request to `target`, and the row where it arrives, if that was recorded."""
    callee, text = target.destination, target.text
    if other is not None:
        callee = spans.service_name(other)
        if "/" not in text:  # `GET` says less than the `GET /stock/{id}` it arrives as
            text = operation_text(spans.operation_name(other))
    key = ("request", callee, target.shape, text)
    return Call("request", key, "\n".join(key), text, callee, target.reads, failed)


def _query(service: str, found: Statement, failed: bool) -> Call:
    key = ("query", service, found.shape)
    return Call("query", key, f"query\n{found.system}", found.text, found.system, found.reads, failed)


def _failed_by_status(attributes: Mapping[str, str]) -> bool:
    return any(FAILED_STATUS.fullmatch(attributes[key]) for key in STATUS_CODES if key in attributes)
