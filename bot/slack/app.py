"""The Bolt app: every listener, and silence for what none of them is for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from slack_bolt.async_app import AsyncApp

from bot.slack import actions, commands, home, mentions, messages, unfurl, views
from bot.slack.client import QUIET, web_client

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncAck
    from slack_bolt.authorization import AuthorizeResult
    from slack_sdk.web.async_client import AsyncWebClient

    from bot.slack.desk import Desk
    from bot.slack.health import Health
    from bot.slack.workspace import Workspace

ANY = re.compile(r"")
UNSIGNED = "socket mode signs nothing"
"""Bolt wants a secret for its own check, which it skips in Socket Mode; a made-up one admits nobody in HTTP mode."""


def slack_app(
    client: AsyncWebClient,
    workspace: Workspace,
    desk: Desk,
    health: Health,
    signing_secret: str | None,
) -> AsyncApp:
    """The app with its listeners; both modes run the same."""

    async def authorize() -> AuthorizeResult:
        """Bolt itself would ask Slack before its first acknowledgement, and drop what came if Slack stumbled."""
        return workspace.me

    app = AsyncApp(
        # With a token here Bolt would ask all the same.
        client=web_client(None, client.base_url, client.session),
        authorize=authorize,
        signing_secret=signing_secret or UNSIGNED,
        logger=QUIET,
        name="tracewhy",
    )
    commands.register(app, desk)
    mentions.register(app, desk)
    messages.register(app, desk)
    actions.register(app, desk)
    views.register(app, desk, client)
    home.register(app, desk, client, health)
    unfurl.register(app, desk, client)
    _ignore_the_rest(app)
    return app


def _ignore_the_rest(app: AsyncApp) -> None:
    """Acknowledge what is not for us: Bolt would log the whole of it."""
    for listen in (app.event, app.action, app.view, app.view_closed, app.options, app.shortcut, app.command):
        listen(ANY)(_ignored)


async def _ignored(ack: AsyncAck) -> None:
    await ack()
