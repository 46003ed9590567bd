"""Has people and the bot talk in the local Slack about a broken shop, and takes pictures of it: docs/pictures/."""

from __future__ import annotations

import sys
from pathlib import Path

from demo.live import LiveShop
from demo.local_slack.picture import take_picture
from demo.shop.fault import Fault
from demo.slack_live import SlackLive

FOLDER = Path(__file__).parents[1] / "docs/pictures"
NAMES = ("slack-slowest-and-errors", "slack-one-customer", "slack-why")
HEALTHY_S, BROKEN_S = 4.0, 8.0


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with SlackLive() as slack, LiveShop(slack.settings) as live:
        live.run(HEALTHY_S)
        live.break_by([Fault("n_plus_one"), Fault("failing_users")], BROKEN_S)
        slack.converse(live.customer())
        for name, page in zip(NAMES, slack.threads(), strict=False):
            take_picture(page, folder / f"{name}.png", width=1500, height=1500)
            print(f"{folder / name}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
