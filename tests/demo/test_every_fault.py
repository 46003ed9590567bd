"""Each of the demo's faults, live: why it is slow is answered rightly."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from demo.live import LiveShop
from demo.shop.fault import Fault

REPOSITORY = Path(__file__).parents[2]
HARMLESS = {Fault.BROKEN_PROPAGATION, Fault.LOST_CONTEXT}
WARM_S, HEALTHY_S, MENDING_S = 2, 14, 3
# What makes nothing slower comes first, while the shop is as small as in its healthy time: every order makes it larger.
ORDER = (Fault.BROKEN_PROPAGATION, Fault.LOST_CONTEXT, *(fault for fault in Fault if fault not in HARMLESS))
BROKEN_S = dict.fromkeys(Fault, 8) | {Fault.FAILING_USERS: 20}
"""It takes more requests to be sure that more of them fail."""


TIMES = 3
"""A machine that has other things to do makes everything slower now and then: so often a fault is looked at anew."""


class Day:
    """One shop that is broken in every way, one after the other; and the periods in which it was well and was not."""

    def __init__(self, live):
        self._live = live
        self._healthy = self._period([], HEALTHY_S)
        self._broken = {fault: self._next(fault) for fault in ORDER}

    def why(self, fault, is_right):
        """The answer, the first that is right of those given to a few periods with the same fault."""
        report = self._asked(self._broken[fault], self._healthy)
        for _ in range(TIMES - 1):
            if is_right(report):
                break
            healthy = self._period([], HEALTHY_S)
            report = self._asked(self._next(fault), healthy)
        return report

    def _next(self, fault):
        broken = self._period([fault], BROKEN_S[fault])
        self._live.break_by([], MENDING_S)
        return broken

    def _period(self, faults, seconds):
        """From a moment after it was broken, since requests that began before end after it."""
        self._live.break_by(faults, 1)
        begin = datetime.now(UTC)
        self._live.break_by(faults, seconds)
        return f"{begin:%Y-%m-%dT%H:%M:%S.%f}Z - {datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"

    def _asked(self, period, healthy):
        question = f"why checkout {period} vs {healthy}"
        command = [sys.executable, "-m", "bot", "ask", question, "--backend", self._live.backend_url]
        run = subprocess.run(
            [*command, "--format", "json"], cwd=REPOSITORY, capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, run.stdout
        return json.loads(run.stdout)


@pytest.fixture(scope="module")
def day():
    with LiveShop() as live:
        live.run(WARM_S)
        yield Day(live)


@pytest.mark.parametrize(
    ("fault", "service", "operation", "change"),
    [
        (Fault.MISSING_INDEX, "inventory", "SELECT inventory.sqlite", "self_time"),
        (Fault.N_PLUS_ONE, "payment", "SELECT payment.sqlite", "calls"),
        (Fault.SLOW_NETWORK, "payment", None, "wire"),
        (Fault.NEW_VERSION, "payment", "check_card", "self_time"),
    ],
)
def test_what_became_slower_is_named(day, fault, service, operation, change):
    report = day.why(
        fault, lambda report: first_cause(report, "service", "change") == ("slower", service, change)
    )

    assert first_cause(report, "service", "change") == ("slower", service, change), report["headline"]
    assert operation in {None, report["causes"][0]["operation"]}
    assert sum(part["delta_ns"] for part in report["parts"]) == report["change"]["delta_ns"]


@pytest.mark.parametrize("fault", [Fault.FAILING_USERS, Fault.RETRY_STORM])
def test_what_began_to_fail_is_named(day, fault):
    report = day.why(fault, lambda report: first_cause(report, "service") == ("more_errors", "payment"))

    assert first_cause(report, "service") == ("more_errors", "payment"), report["headline"]


def test_the_slow_network_is_on_the_way_from_checkout(day):
    report = day.why(
        Fault.SLOW_NETWORK, lambda report: first_cause(report, "caller") == ("slower", "checkout")
    )

    assert first_cause(report, "caller") == ("slower", "checkout"), report["headline"]


def test_the_new_version_is_named_as_evidence(day):
    report = day.why(Fault.NEW_VERSION, lambda report: "2.5.0" in told(report))

    assert "2.5.0" in told(report)


def test_a_lost_header_makes_nothing_slower_but_is_told(day):
    report = day.why(Fault.BROKEN_PROPAGATION, is_not_slower)

    assert is_not_slower(report), report["headline"]
    assert any(note.startswith("inventory was seen in") for note in report["notes"]), report["notes"]


def test_a_consumer_without_context_makes_nothing_slower(day):
    report = day.why(Fault.LOST_CONTEXT, is_not_slower)

    assert is_not_slower(report), report["headline"]


def first_cause(report, *keys):
    """The verdict, and what is told of the cause named first."""
    first = report["causes"][0] if report["causes"] else dict.fromkeys(keys)
    return (report["verdict"], *(first[key] for key in keys))


def told(report):
    """What speaks for the first cause, and what the slow requests share."""
    evidence = report["causes"][0]["evidence"] if report["causes"] else []
    return " ".join([*evidence, *(one["value"] for one in report["attributes"])])


def is_not_slower(report):
    return report["verdict"] in {"not_slower", "faster"}
