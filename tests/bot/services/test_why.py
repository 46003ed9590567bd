"""Why it is slow, asked in words of a store."""

import asyncio
from dataclasses import dataclass, replace

import pytest

from analyzers.investigation_report import Compare, Why
from analyzers.report import Choice
from bot.services.ask import ask
from tests.bot.services.kept_spans import EVENLY, KeptSpans
from tests.bot.services.test_comparison import HOUR_NS, MINUTE_NS, NOW, NOW_NS, requests

SLOW_SINCE_NS = NOW_NS - 20 * MINUTE_NS
SLOWER = (
    *requests(NOW_NS - 2 * HOUR_NS, SLOW_SINCE_NS, 1_000),
    *requests(SLOW_SINCE_NS, NOW_NS, 200, took_ms=60, first=5_000, version="1.5"),
)
STEADY = tuple(requests(NOW_NS - 2 * HOUR_NS, NOW_NS, 1_200))


@dataclass
class Stores:
    backend: KeptSpans

    def default(self):
        return self.backend

    def at(self, url):
        return self.backend


def answered(text, records):
    return asyncio.run(ask(text, Stores(KeptSpans(list(records))), NOW))


def test_what_became_slower_is_named_with_since_when_and_by_how_much():
    report = answered("why is checkout slow", SLOWER).report

    assert isinstance(report, Why)
    assert (report.verdict, report.causes[0].service) == ("slower", "checkout")
    assert report.headline.startswith("checkout is slower since 13:4")
    assert sum(part.delta_ns for part in report.parts) == report.change.delta_ns
    assert report.change.ci95_ns[0] < 40_000_000 < report.change.ci95_ns[1]


def test_without_a_scope_the_whole_system_is_looked_at():
    assert answered("why", SLOWER).report.services_ranked == ("checkout",)


def test_what_is_not_slower_is_said_to_be_so():
    report = answered("why is checkout slow", STEADY).report

    assert (report.verdict, report.causes) == ("not_slower", ())
    assert "checkout is not slower" in report.headline


def test_two_versions_are_compared():
    report = answered("compare checkout v1.4 vs v1.5 last 2h", SLOWER).report

    assert isinstance(report, Compare)
    assert report.change.traces == (1_000, 200)
    assert report.verdict == "slower"


@pytest.mark.parametrize(
    "text", ["why is checkout slow last 1m", "why checkout vs yesterday", "compare checkout v1 vs v2"]
)
def test_too_little_to_compare_is_told_with_what_is_needed(text):
    answer = answered(text, STEADY)

    assert answer.exit_status == 0
    assert (answer.report.verdict, answer.report.confidence) == ("cannot_tell", "none")
    assert "at least 30 needed" in answer.report.headline


def test_of_an_empty_store_nothing_can_be_told():
    assert answered("why", ()).report.verdict == "cannot_tell"


def test_only_the_requests_that_were_asked_about_are_compared():
    report = answered("why checkout where service.version=1.4", SLOWER).report

    assert report.verdict == "not_slower"


def test_services_that_differ_in_case_alone_are_several():
    spelled = [
        *requests(NOW_NS - 2 * HOUR_NS, NOW_NS, 50, first=9_000, service="Checkout"),
        *requests(NOW_NS - 2 * HOUR_NS, NOW_NS, 50, first=9_500, service="checkout"),
    ]
    stores = Stores(KeptSpans(spelled, replace(EVENLY, list_services=True)))

    small, neither = (asyncio.run(ask(text, stores, NOW)) for text in ("why checkout", "why CHECKOUT"))

    assert small.report.scope.service == "checkout"
    assert isinstance(neither.report, Choice)


def test_a_scope_that_may_mean_several_places_is_asked_back():
    others = requests(NOW_NS - 2 * HOUR_NS, NOW_NS, 50, first=9_000, service="checkout-eu")
    more = requests(NOW_NS - 2 * HOUR_NS, NOW_NS, 50, first=9_500, service="checkout-us")
    backend = KeptSpans([*others, *more], replace(EVENLY, list_services=True))

    answer = asyncio.run(ask("why is checkout slow", Stores(backend), NOW))

    assert isinstance(answer.report, Choice)
    assert "why checkout-eu" in answer.report.candidates[0].text
