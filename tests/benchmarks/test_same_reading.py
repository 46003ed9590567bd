"""What the benchmark of questions measures is what people are answered."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from backends.interface import Found
from benchmarks.questions import NOW, SETS, SHOP, TIER, UTC, blind_cases, read_in_shop
from bot.questions.intent import ExplainTrace, Help
from bot.questions.not_understood import NotUnderstood
from bot.services.meaning import understood_among
from tests.traces import trace

TIERS = (
    "gold",
    "silver",
    "premium",
    "free",
    "enterprise",
    "basic",
    "paid",
    "trial",
    "vip",
    "business",
    "standard",
)


class Shop:
    """A store that lists what strangers were told that there is, and whose users have a tier."""

    capabilities = SimpleNamespace(list_services=True, search_without_service=True, search_evenly=False)

    async def find_spans(self, _query):
        return Found(trace("\n".join(f"shop GET /  0..10  {TIER}={tier}" for tier in TIERS)))

    async def services(self):
        return sorted({service for service, _ in SHOP})

    async def operations(self, service):
        return sorted(name for of, name in SHOP if of == service and name)


def measured(case):
    try:
        intent = read_in_shop(case.text, case.names).intent
    except NotUnderstood:
        return None
    return None if isinstance(intent, ExplainTrace | Help) else intent


def answered(case):
    try:
        return asyncio.run(understood_among(Shop, case.text, NOW, UTC, files=False)).search
    except NotUnderstood:
        return None


@pytest.mark.parametrize("file", [file for file in SETS.values() if file.startswith("strangers")])
def test_the_product_reads_what_the_benchmark_does(file):
    cases = blind_cases(file)

    assert len(cases) > 100
    assert [measured(case) for case in cases] == [answered(case) for case in cases]
