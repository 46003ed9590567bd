"""Questions understood without reading a span."""

from __future__ import annotations

import asyncio
import json
import shlex
from dataclasses import dataclass, field
from datetime import UTC, datetime

from backends.interface import Capabilities
from bot.services.plan import plan as plan_with
from tests.bot.drawn_stores import DrawnBackend, DrawnStores

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
OPERATIONS = {"checkout": ("POST /pay",), "mobile-api": (), "mobile-web": (), "payment": ("charge",)}


@dataclass
class NamesOnly(DrawnBackend):
    """Knows names; whoever reads its spans fails."""

    capabilities: Capabilities = field(default_factory=lambda: Capabilities(list_services=True))
    error: Exception | None = field(default_factory=lambda: AssertionError("spans were read"))

    async def services(self):
        return tuple(OPERATIONS)

    async def operations(self, service):
        return OPERATIONS[service]


def plan(text, backend=None):
    return asyncio.run(plan_with(text, DrawnStores(backend), NOON, UTC))


def test_a_plan_has_the_promised_keys():
    planned = json.loads(plan("a3ce929d0e0e4736").as_json())

    assert list(planned)[:5] == ["text", "understood", "window", "baseline_window", "candidates"]
    assert planned["understood"]["kind"] == "breakdown"
    assert planned["understood"]["trace_id"] == "0" * 16 + "a3ce929d0e0e4736"


def test_names_are_resolved_without_reading_spans():
    planned = json.loads(plan("errors payments since 11:00 where user.id=42", NamesOnly()).as_json())

    assert planned["understood"]["kind"] == "errors"
    assert planned["understood"]["scope"] == {"service": "payment", "operation": None}
    assert planned["understood"]["where"] == [{"key": "user.id", "op": "=", "value": "42"}]
    assert planned["window"]["start"] == "2026-11-22T11:00:00.000000000Z"
    assert planned["window"]["end"] == "2026-11-22T12:00:00.000000000Z"


def test_people_of_a_kind_are_asked_back_without_reading_spans_for_what_tells_them():
    searchable = NamesOnly(capabilities=Capabilities(list_services=True, search_without_service=True))

    planned = plan("errors payment for gold users", searchable)

    assert planned.problem == "Which attribute says that a user is gold is not known."
    assert "user.tier=gold" in planned.candidates[0].text


def test_without_a_store_the_scope_stays_as_it_was_written():
    assert plan("slowest payments").understood.scope.service == "payments"


def test_a_name_of_several_is_asked_back_with_its_period():
    planned = plan("slowest mobile since 11:00", NamesOnly())

    assert planned.understood is None
    assert [shlex.split(one.text)[:3] for one in planned.candidates] == [
        ["tracewhy", "ask", "slowest mobile-api 2026-11-22T11:00:00Z - 2026-11-22T12:00:00Z"],
        ["tracewhy", "ask", "slowest mobile-web 2026-11-22T11:00:00Z - 2026-11-22T12:00:00Z"],
    ]


def test_a_name_that_is_not_there_is_said_in_words():
    assert plan("slowest zzz", NamesOnly()).problem == "“zzz” is no service or operation of the store."


def test_what_is_not_understood_has_no_meaning_but_candidates():
    planned = json.loads(plan("what is love").as_json())

    assert planned["understood"] is None
    assert planned["candidates"]
    assert planned["problem"] == "“what is love” is nothing that traces can answer."


def test_a_file_is_understood_without_being_opened():
    assert plan("nowhere.json").understood.kind == "breakdown"


def test_a_known_name_among_unknown_words_is_found_with_the_names_of_the_store():
    planned = plan("payment tanking, why", NamesOnly())

    assert planned.understood.kind == "why"
    assert planned.understood.scope.service == "payment"
    assert planned.understood.source == "classifier"


def test_a_place_that_is_none_is_still_said_to_be_none():
    assert "wombat" in (plan("slowest wombat", NamesOnly()).problem or "")
