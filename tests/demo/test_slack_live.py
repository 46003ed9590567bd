"""`make demo SLACK=local`: people and the bot talk about a broken shop in a Slack on this machine."""

import pytest

from demo.live import LiveShop
from demo.shop.fault import Fault

pytestmark = pytest.mark.server


def test_the_bot_answers_everything_and_breaks_no_rule(local_slack_program):
    from demo.slack_live import SlackLive  # noqa: PLC0415 - heavy

    with SlackLive() as live_slack, LiveShop(live_slack.settings) as live:
        live.run(1.0)
        live.break_by([Fault.FAILING_USERS], 3.0)
        slowest, errors, customer = live_slack.converse(live.customer())
        refused, late = live_slack.slack.refused, live_slack.slack.late
        threads = live_slack.threads()

    assert "slowest" in slowest
    assert "failed" in errors
    assert "user.id" in customer
    assert ([str(each) for each in refused], late) == ([], [])
    assert len(threads) == 2
