"""Which spans of a trace are calls: queries, requests to other services, messages. And what they call."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from analyzers.masking import masked_id
from analyzers.statements import STATEMENTS, StatementReader
from analyzers.table import NO_PARENT, Kind, Relation, Status
from analyzers.targets import FULL_URLS, HOSTS, find_target, masked_path
from analyzers.wire import NO_CALLEE, callee_service

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analyzers.statements import Statement
    from analyzers.table import SpanTable

CallKind: TypeAlias = Literal["query", "request"]

POOL = re.compile(
    r"(?:^|[\W_])(?:pool|acquire|getconnection|get_connection|checkout_connection|obtain ?connection|connect|connection)"
    r"(?:$|[\W_])",
    re.IGNORECASE,
)
FAILED_STATUS = re.compile(r"5\d\d|429")
STATUS_CODES = ("http.response.status_code", "http.status_code")
CALLING_KEYS = (*FULL_URLS, *HOSTS, "rpc.service")


@dataclass(frozen=True)
class Call:
    """A span that asks something outside of its process."""

    kind: CallKind
    key: tuple[str, ...]
    """Equal for like calls."""
    exact: str
    """Equal for repetitions of the same call. Not for showing: ids are in it."""
    where: str
    """What is asked: equal for queries of one database, for like requests to one service."""
    text: str
    callee: str
    """The service called; "" where it is not known."""
    reads: bool
    failed: bool


class CallReader:
    """Reads the calls of one table, each once, when they are asked for."""

    def __init__(self, spans: SpanTable) -> None:
        self._spans = spans
        self._callee = callee_service(spans)
        self._parent = spans.parent_row.tolist()
        self._statements = StatementReader()
        self._known: dict[int, Call | None] = {}
        self._first_remote: dict[int, int] = {}
        for row, parent in enumerate(self._parent):
            if parent != NO_PARENT and spans.service[row] != spans.service[parent]:
                self._first_remote.setdefault(parent, row)

    def call(self, row: int) -> Call | None:
        """The call that a span is. The inner one of two (a driver under a client, a server under its caller) is none."""
        parent = self._parent[row]
        inner = parent != NO_PARENT and self._own_call(parent) is not None
        return None if inner else self._own_call(row)

    def waits_for_pool(self, row: int) -> bool:
        """Whether a span is named as waiting for a connection, and says no more."""
        if not POOL.search(self._spans.operation_name(row)):
            return False
        attributes = self._spans.details.attributes(row)
        return not any(key in attributes for key in STATEMENTS)

    def _own_call(self, row: int) -> Call | None:
        if row not in self._known:
            self._known[row] = self._read(row)
        return self._known[row]

    def _read(self, row: int) -> Call | None:
        spans, kind = self._spans, int(self._spans.kind[row])
        if self._parent[row] == NO_PARENT or kind == Kind.CONSUMER or self.waits_for_pool(row):
            return None
        attributes = spans.details.attributes(row)
        failed = int(spans.status[row]) == Status.ERROR or _failed_by_status(attributes)
        if kind != Kind.SERVER and (found := self._statements.find(attributes, spans.operation_name(row))):
            return _query(found, spans.service_name(row), attributes, failed)
        return self._request(row, attributes, failed) if self._is_request(row, attributes) else None

    def _is_request(self, row: int, attributes: Mapping[str, str]) -> bool:
        spans, parent = self._spans, self._parent[row]
        kind = int(spans.kind[row])
        remote = spans.service[row] != spans.service[parent] and spans.relation[row] == Relation.CHILD
        if kind in {Kind.CLIENT, Kind.PRODUCER} or self._callee[row] != NO_CALLEE or remote:
            return True
        return kind == Kind.UNSPECIFIED and any(key in attributes for key in CALLING_KEYS)

    def _request(self, row: int, attributes: Mapping[str, str], failed: bool) -> Call:
        spans = self._spans
        target = find_target(attributes, spans.operation_name(row))
        callee, text, shape = target.destination, target.text, target.shape
        remote = self._first_remote.get(row)
        if remote is not None:
            callee = spans.service_name(remote)
            if "/" not in text:  # `GET` says less than the `GET /stock/{id}` it arrives as
                text = masked_path(spans.operation_name(remote))
        elif spans.service[row] != spans.service[self._parent[row]]:
            callee = spans.service_name(row)
        key = ("request", callee, shape, text)
        return Call("request", key, target.exact, "\n".join(key), text, callee, target.reads, failed)


def _query(found: Statement, service: str, attributes: Mapping[str, str], failed: bool) -> Call:
    database = [
        attributes.get(key, "") for key in ("db.namespace", "db.name", "server.address", "net.peer.name")
    ]
    where = "\n".join([found.system, *database])
    text = " ".join(masked_id(word, "?") if len(word) > 40 else word for word in found.text.split(" "))
    exact = "\n".join(attributes.get(key, "") for key in STATEMENTS)
    return Call(
        "query", ("query", service, found.shape), exact, where, text, found.system, found.reads, failed
    )


def _failed_by_status(attributes: Mapping[str, str]) -> bool:
    return any(FAILED_STATUS.fullmatch(attributes.get(key, "")) for key in STATUS_CODES)
