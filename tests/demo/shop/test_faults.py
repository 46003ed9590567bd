"""Each fault shows in the traces as what it is."""

from __future__ import annotations

import time

import pytest
import requests

from analyzers.breakdown import break_down
from analyzers.repair import repair
from analyzers.report_base import Asked
from demo.shop.fault import Fault
from demo.shop.queue import Queue
from demo.shop.running import Shop
from tests.demo.shop.sink import running_sink

ORDERS = 3
FAULTS = [(), *((fault,) for fault in Fault)]
QUESTION = Asked(question="?", asked_at="2026-11-22T15:05:11.000000000Z")


class Week:
    """Three orders under each fault and their traces."""

    def __init__(self):
        self.answers = {}
        self.spans = None

    def breakdowns(self, *faults):
        """What tracewhy says of them."""
        repaired = repair(self.spans)
        return [
            break_down(repaired, answer.headers["traceresponse"].split("-")[1], QUESTION)
            for answer in self.answers[faults]
        ]

    def statuses(self, *faults):
        return [answer.status_code for answer in self.answers[faults]]


@pytest.fixture(scope="module")
def week():
    """Users 1, 7 and 8 order under each fault."""
    told = Week()
    with running_sink() as sink, Shop(sink.address) as shop:
        for faults in FAULTS:
            shop.break_by(*faults)
            told.answers[faults] = [order(shop, user) for user in (1, 7, 8)]
            wait_for_the_worker(shop)
        shop.finish()
        told.spans = sink.table()
    return told


def wait_for_the_worker(shop):
    while len(Queue(shop.folder)):
        time.sleep(0.02)


def order(shop, user):
    asked_for = {"order_id": f"o-{time.monotonic_ns()}", "user_id": user, "products": [1, 2, 3]}
    return requests.post(f"{shop.frontend}/checkout", json=asked_for, timeout=30)


def patterns(report):
    return {(pattern.pattern, pattern.service) for pattern in report.patterns}


def services(report):
    return {share.service for share in report.services}


def test_a_healthy_order_is_one_whole_trace_through_all_services(week):
    for report in week.breakdowns():
        assert services(report) == {"frontend", "checkout", "inventory", "payment", "worker"}
        assert report.errors == ()
        assert report.health.incomplete == 0


def test_without_its_index_the_database_of_inventory_holds_most_of_the_time(week):
    for report in week.breakdowns(Fault.MISSING_INDEX):
        assert report.bottleneck.service == "inventory"
        assert "FROM movements" in report.bottleneck.statement


def test_charges_read_one_by_one_are_called_so(week):
    for report in week.breakdowns(Fault.N_PLUS_ONE):
        assert ("n_plus_one_queries", "payment") in patterns(report)
        assert report.bottleneck.service == "payment"


def test_a_slow_network_is_charged_to_the_wire(week):
    for report in week.breakdowns(Fault.SLOW_NETWORK):
        assert (report.bottleneck.wire.caller, report.bottleneck.wire.callee) == ("checkout", "payment")


def test_a_retry_storm_shows_as_retries(week):
    found = set().union(*(patterns(report) for report in week.breakdowns(Fault.RETRY_STORM)))

    assert ("retries", "checkout") in found


def test_only_every_seventh_customer_fails_and_the_error_begins_in_payment(week):
    _, report, _ = week.breakdowns(Fault.FAILING_USERS)
    origins = [error for error in report.errors if error.role == "origin"]

    assert week.statuses(Fault.FAILING_USERS) == [200, 500, 200]
    assert [(origin.service, origin.message) for origin in origins] == [
        ("payment", "the bank declined the card of user 7")
    ]


def test_a_lost_header_takes_inventory_out_of_the_trace(week):
    for report in week.breakdowns(Fault.BROKEN_PROPAGATION):
        assert services(report) == {"frontend", "checkout", "payment", "worker"}


def test_a_worker_without_context_begins_traces_of_its_own(week):
    for report in week.breakdowns(Fault.LOST_CONTEXT):
        assert services(report) == {"frontend", "checkout", "inventory", "payment"}


def test_a_new_version_says_so_and_takes_its_time(week):
    versions = {dict(resource).get("service.version") for resource in week.spans.resources}

    for report in week.breakdowns(Fault.NEW_VERSION):
        assert (report.bottleneck.service, report.bottleneck.operation) == ("payment", "check_card")
    assert {"2.4.0", "2.5.0"} <= versions


def test_no_order_fails_that_need_not(week):
    harmless = [faults for faults in FAULTS if not {Fault.RETRY_STORM, Fault.FAILING_USERS} & {*faults}]

    assert [week.statuses(*faults) for faults in harmless] == [[200] * ORDERS] * len(harmless)
