"""What comes out of a Collector that samples, counted by weight, is what the load generator knows to have sent."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from backends.interface import SpanQuery
from backends.registry import open_backend
from demo.live import running_store
from demo.shop.fault import Fault
from demo.shop.running import Shop
from tests.backends.asking import asked
from tests.servers.otelcol import WEIGHTS, running_otelcol

pytestmark = pytest.mark.server

REQUESTS = 160
DEVIATIONS = 5
REPOSITORY = Path(__file__).parents[3]
# Every second of the healthy ones, and all that failed.
TAIL = """\
  tail_sampling:
    decision_wait: 3s
    policies:
      - {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
      - {name: share, type: probabilistic, probabilistic: {sampling_percentage: 50}}"""


@pytest.fixture(scope="module")
def kept(otelcol_program, tmp_path_factory):
    """The truth of a shop in which some customers fail, and a store of our own with what the Collector let through."""
    folder = tmp_path_factory.mktemp("otelcol")
    with running_store(folder / "store", folder / "log") as address:
        with (
            running_otelcol(otelcol_program, folder, TAIL, int(address.rpartition(":")[2]), WEIGHTS) as port,
            Shop(f"127.0.0.1:{port}", rate=25, requests=REQUESTS) as shop,
        ):
            shop.break_by(Fault.FAILING_USERS)
            shop.open()
            shop.wait_until_closed()
            shop.finish()
            sent = shop.truth()
        yield sent, f"embedded://{folder / 'store'}"


@pytest.fixture(scope="module")
def counted(kept):
    """The truth, and the spans."""
    sent, url = kept
    everything = SpanQuery(0, 2**62, limit=10 * REQUESTS)
    return sent, asked(lambda: open_backend(url, {}), lambda backend: backend.find_spans(everything)).spans


def told(url, question):
    """What tracewhy answers, as JSON."""
    command = [sys.executable, "-m", "bot", "ask", question, "--backend", url, "--format", "json"]
    run = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


def test_every_request_that_failed_was_kept_and_stands_for_itself(counted):
    sent, spans = counted

    roots = (spans.parent_id == 0) & (spans.status == 2)
    kept = {spans.trace_ids[trace] for trace in spans.trace[roots]}

    assert kept == {each.trace_id for each in sent if each.status == 500}
    assert set(spans.adjusted_count[roots]) == {1.0}


def test_only_some_of_the_others_were_kept(counted):
    sent, spans = counted

    assert 0 < len(spans.trace_ids) < len(sent)


def test_the_count_by_weight_is_the_truth_within_the_error_of_sampling(counted):
    sent, spans = counted
    healthy = sum(each.status == 200 for each in sent)

    weights = spans.adjusted_count[(spans.parent_id == 0) & (spans.status != 2)]

    # Each of n is kept with probability one half and counts two: the variance is n.
    assert weights.tolist() == pytest.approx([2.0] * len(weights))
    assert weights.sum() == pytest.approx(healthy, abs=DEVIATIONS * healthy**0.5)


def test_services_are_told_as_often_as_they_were_called(kept):
    sent, url = kept

    report = told(url, "services last 30m")

    (frontend,) = (row for row in report["rows"] if row["service"] == "frontend")
    assert frontend["calls"] == pytest.approx(len(sent), abs=DEVIATIONS * len(sent) ** 0.5)
    failed = sum(each.status == 500 for each in sent)
    assert frontend["error_ratio"] * frontend["calls"] == pytest.approx(failed, abs=1)


def test_every_failure_is_told_and_none_twice(kept):
    sent, url = kept

    report = told(url, "errors last 30m")

    (payment,) = (one for one in report["services"] if one["service"] == "payment")
    assert payment["origin"] == sum(each.status == 500 for each in sent)
