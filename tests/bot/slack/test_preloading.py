"""What answers need is there before anybody asks."""

import sys

from bot.slack.preloading import NEEDED, preload


def test_everything_heavy_is_loaded():
    preload()

    assert [name for name in NEEDED if name not in sys.modules] == []
