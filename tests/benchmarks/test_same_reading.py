"""What the benchmark of questions measures is what people are answered."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from benchmarks.questions import NOW, SHOP, UTC, blind_cases
from bot.questions.intent import ExplainTrace, Help
from bot.questions.not_understood import NotUnderstood
from bot.questions.parse import parse
from bot.services.ask import understood_among


class Shop:
    """A store that lists what strangers were told that there is."""

    capabilities = SimpleNamespace(list_services=True)

    async def services(self):
        return sorted({service for service, _ in SHOP})

    async def operations(self, service):
        return sorted(name for of, name in SHOP if of == service and name)


def measured(case):
    try:
        intent = parse(case.text, now=NOW, zone=UTC, names=case.names).intent
    except NotUnderstood:
        return None
    return None if isinstance(intent, ExplainTrace | Help) else intent


def answered(case):
    try:
        return asyncio.run(understood_among(Shop, case.text, NOW, UTC, files=False)).search
    except NotUnderstood:
        return None


@pytest.mark.parametrize("file", ["strangers_questions.txt", "strangers_questions_2.txt"])
def test_the_product_reads_what_the_benchmark_does(file):
    cases = blind_cases(file)

    assert len(cases) > 100
    assert [measured(case) for case in cases] == [answered(case) for case in cases]
