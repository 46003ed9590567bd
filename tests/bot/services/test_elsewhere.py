"""Conditions on what another service's spans say of a request."""

import asyncio
from dataclasses import dataclass

import msgspec
import pytest

from bot.services.ask import ask
from tests.bot.services.kept_spans import EVENLY, NEWEST_ONLY, KeptSpans
from tests.bot.services.test_comparison import MS, NOW, NOW_NS
from tests.traces import drawn

MINUTE_NS = 60 * 10**9
HOUR_NS = 60 * MINUTE_NS
PICTURE = """
    frontend GET /buy  0..{end}  server user.tier={tier}
      checkout POST /checkout  5..{last}  server{more}
"""


@dataclass
class Stores:
    backend: KeptSpans

    def default(self):
        return self.backend

    def at(self, url):
        return self.backend


def traffic(more=""):
    """Two hours of requests, one a minute; of the last half hour those of gold users take ten times as long."""
    made = []
    for number in range(240):
        start_ns = NOW_NS - 2 * HOUR_NS + number * MINUTE_NS // 2
        tier = ("gold", "basic")[number % 2]
        took = 1_000 if tier == "gold" and number >= 180 else 100 + number % 7
        made += [
            msgspec.structs.replace(
                record, trace_id=f"{number + 1:032x}", start_ns=start_ns + record.start_ns
            )
            for record in drawn(PICTURE.format(end=took, last=took - 5, tier=tier, more=more), MS)
        ]
    return made


def answered(text, capabilities=EVENLY, more=""):
    return asyncio.run(ask(text, Stores(KeptSpans(traffic(more), capabilities)), NOW)).report


@pytest.mark.parametrize("capabilities", [EVENLY, NEWEST_ONLY])
def test_the_slowest_of_a_service_are_found_by_what_its_caller_knows(capabilities):
    report = answered("slowest checkout where user.tier=gold last 2h", capabilities)

    assert report.confidence != "none"
    assert (
        "spans of checkout do not carry user.tier: these are requests in whose traces spans of frontend do"
        in report.notes
    )


def test_why_is_asked_of_those_requests_only():
    gold = answered("why checkout where user.tier=gold last 30m vs previous 30m")
    basic = answered("why checkout where user.tier=basic last 30m vs previous 30m")

    assert (gold.verdict, gold.change.traces) == ("slower", (30, 30))
    assert (basic.verdict, basic.change.traces) == ("not_slower", (30, 30))
    assert sum("do not carry user.tier" in note for note in gold.notes) == 1


def test_where_a_service_s_own_spans_carry_the_key_others_do_not_count():
    report = answered("slowest checkout where user.tier=gold last 2h", more=" user.tier=none")

    assert report.confidence == "none"


def test_conditions_may_stand_on_spans_of_several_services():
    more = " cart.size=9"

    report = answered("slowest checkout where user.tier=gold and cart.size>8 last 2h", more=more)
    none = answered("slowest checkout where user.tier=gold and cart.size>9 last 2h", more=more)

    assert (report.confidence != "none", none.confidence) == (True, "none")


def test_a_value_that_is_nowhere_is_nowhere():
    assert answered("slowest checkout where user.tier=platinum last 2h").confidence == "none"


def test_traces_are_found_and_failures_too():
    found = answered("find checkout where user.tier=gold last 2h")
    failing = answered("errors checkout where user.tier=gold last 2h", more=" error")

    assert len(found.traces) == 20
    assert failing.services[0].traces == 120
