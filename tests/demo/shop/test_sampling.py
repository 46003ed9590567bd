"""What comes out of a Collector that samples, counted by weight, is what the load generator knows to have sent."""

from __future__ import annotations

import pytest

from demo.shop.fault import Fault
from demo.shop.running import Shop
from tests.demo.shop.sink import running_sink
from tests.servers.otelcol import WEIGHTS, running_otelcol

pytestmark = pytest.mark.server

REQUESTS = 160
DEVIATIONS = 5
# Every second of the healthy ones, and all that failed.
TAIL = """\
  tail_sampling:
    decision_wait: 3s
    policies:
      - {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
      - {name: share, type: probabilistic, probabilistic: {sampling_percentage: 50}}"""


@pytest.fixture(scope="module")
def counted(otelcol_program, tmp_path_factory):
    """The truth of a shop in which some customers fail, and what the Collector let through."""
    folder = tmp_path_factory.mktemp("otelcol")
    with running_sink() as sink:
        with (
            running_otelcol(otelcol_program, folder, TAIL, sink.port, WEIGHTS) as port,
            Shop(f"127.0.0.1:{port}", rate=25, requests=REQUESTS) as shop,
        ):
            shop.break_by(Fault.FAILING_USERS)
            shop.open()
            shop.wait_until_closed()
            shop.finish()
            sent = shop.truth()
        yield sent, sink.table()


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
