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


@pytest.fixture(scope="module")
def day():
    """One shop that is broken in every way, one after the other; and the periods in which it was well and was not."""
    with LiveShop() as live:
        live.run(WARM_S)
        periods = {"healthy": period(live, [], HEALTHY_S)}
        for fault in ORDER:
            periods[fault] = period(live, [fault], BROKEN_S[fault])
            live.break_by([], MENDING_S)
        yield live.backend_url, periods


def period(live, faults, seconds):
    """From a moment after it was broken, since requests that began before end after it."""
    live.break_by(faults, 1)
    begin = datetime.now(UTC)
    live.break_by(faults, seconds)
    return f"{begin:%Y-%m-%dT%H:%M:%S.%f}Z - {datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def why(day, fault):
    url, periods = day
    question = f"why checkout {periods[fault]} vs {periods['healthy']}"
    command = [sys.executable, "-m", "bot", "ask", question, "--backend", url, "--format", "json"]
    run = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
    return json.loads(run.stdout)


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
    report = why(day, fault)

    first = report["causes"][0]
    assert report["verdict"] == "slower", report["headline"]
    assert (first["service"], first["change"]) == (service, change), report["headline"]
    assert operation in {None, first["operation"]}
    assert sum(part["delta_ns"] for part in report["parts"]) == report["change"]["delta_ns"]


@pytest.mark.parametrize("fault", [Fault.FAILING_USERS, Fault.RETRY_STORM])
def test_what_began_to_fail_is_named(day, fault):
    report = why(day, fault)

    assert report["verdict"] == "more_errors", report["headline"]
    assert report["causes"][0]["service"] == "payment", report["headline"]


def test_the_slow_network_is_on_the_way_from_checkout(day):
    assert why(day, Fault.SLOW_NETWORK)["causes"][0]["caller"] == "checkout"


def test_the_new_version_is_named_as_evidence(day):
    report = why(day, Fault.NEW_VERSION)

    told = [*report["causes"][0]["evidence"], *(one["value"] for one in report["attributes"])]
    assert any("2.5.0" in one for one in told), told


def test_a_lost_header_makes_nothing_slower_but_is_told(day):
    report = why(day, Fault.BROKEN_PROPAGATION)

    assert report["verdict"] in {"not_slower", "faster"}, report["headline"]
    assert any(note.startswith("inventory was seen in") for note in report["notes"]), report["notes"]


def test_a_consumer_without_context_makes_nothing_slower(day):
    assert why(day, Fault.LOST_CONTEXT)["verdict"] in {"not_slower", "faster"}
