"""Questions understood without being asked."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from bot.services.plan import plan as plan_at

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def plan(text):
    return plan_at(text, NOON, UTC)


def test_a_plan_has_the_promised_keys():
    planned = json.loads(plan("a3ce929d0e0e4736").as_json())

    assert list(planned)[:5] == ["text", "understood", "window", "baseline_window", "candidates"]
    assert planned["understood"]["kind"] == "breakdown"
    assert planned["understood"]["trace_id"] == "0" * 16 + "a3ce929d0e0e4736"


def test_what_is_not_understood_has_no_meaning_but_candidates():
    planned = json.loads(plan("what is love").as_json())

    assert planned["understood"] is None
    assert planned["candidates"]
    assert planned["problem"] == "“what is love” names no trace."


def test_a_file_is_understood_without_being_opened():
    assert plan("nowhere.json").understood.kind == "breakdown"
