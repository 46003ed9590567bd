"""`make demo SLACK=local`: people and the bot talk about a broken shop in a Slack on this machine."""

import pytest

from demo.live import LiveShop
from demo.shop.fault import Fault

pytestmark = pytest.mark.server


def test_the_bot_answers_everything_and_breaks_no_rule(local_slack_program):
    from demo.slack_live import SlackLive, slowest_trace  # noqa: PLC0415 - heavy

    with SlackLive() as live_slack, LiveShop(live_slack.settings) as live:
        live.run(1.0)
        live.break_by([Fault.FAILING_USERS], 3.0)
        trace_id = slowest_trace(live.shop.truth())
        slowest, customer, errors, trace, why = live_slack.converse(live.customer(), trace_id).values()
        refused, late = live_slack.slack.refused, live_slack.slack.late
        threads = live_slack.threads()

    assert "slowest" in slowest
    assert "user.id" in customer
    assert "failed" in errors
    assert "took" in trace
    assert "checkout" in why
    assert ([str(each) for each in refused], late) == ([], [])
    assert len(threads) == 3
