"""Answers as a renderer makes them, on the stream they belong to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from analyzers.report import Failure
from bot.cli.stream import write
from renderers.json import render_json
from renderers.terminal import render_terminal

if TYPE_CHECKING:
    from datetime import tzinfo

    from analyzers.report import AnyReport
    from bot.cli.surroundings import Surroundings


def print_json(report: AnyReport, around: Surroundings) -> None:
    """The report as one line on stdout, in UTF-8 whatever the locale says."""
    write(around.screen, render_json(report).encode())


def print_slack(report: AnyReport, around: Surroundings, zone: tzinfo) -> None:
    """The message that Slack would get, as one line with `text` and `blocks`; without buttons, which only the bot answers."""
    from renderers.slack import SlackView, render_report  # noqa: PLC0415 - only this format needs slackblocks

    message = render_report(report, SlackView(zone=zone))
    line = json.dumps({"text": message.text, "blocks": message.blocks})
    write(around.screen, f"{line}\n".encode())


def print_text(report: AnyReport, around: Surroundings, zone: tzinfo) -> None:
    """The report for people: answers on stdout, failures on stderr."""
    screen = around.errors if isinstance(report, Failure) else around.screen
    page = render_terminal(
        report, width=screen.width, colour=screen.colour, zone=zone, encoding=screen.encoding
    )
    write(screen, page.encode(screen.encoding, "replace"))
