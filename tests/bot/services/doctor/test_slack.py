"""Slack looked at: a local one, and servers that are none."""

from __future__ import annotations

import asyncio

import pytest

from bot.services.doctor.finding import Level
from bot.services.doctor.slack import look_at_slack
from bot.services.doctor.tokens import look_at_tokens
from config.manifest import bot_scopes
from config.settings import SlackSettings
from tests.local_server import LocalServer, response

HEX = "0123456789abcdef" * 2


def levels(findings):
    return [(finding.about, finding.level) for finding in findings]


def at_local_slack(local_slack, trouble=None, method=None, **given):
    """What is found at a local Slack."""

    async def looked():
        async with local_slack() as slack:
            if trouble:
                slack.play(trouble, times=9, method=method)
            tokens = {"bot_token": slack.bot_token, "app_token": slack.app_token, **given}
            return await look_at_slack(SlackSettings(api_url=slack.base_url, **tokens))

    return asyncio.run(looked())


def at_server(answer):
    """What is found where something else answers."""

    async def respond(request, writer):
        writer.write(answer)

    async def looked():
        async with LocalServer(respond) as server:
            url = f"http://127.0.0.1:{server.port}/api/"
            return await look_at_slack(SlackSettings(api_url=url, bot_token="xoxb-hidden"))

    return asyncio.run(looked())


@pytest.mark.server
def test_a_slack_that_knows_the_tokens_is_all_right(local_slack):
    findings = at_local_slack(local_slack)

    assert levels(findings) == [
        ("slack", Level.OK),
        ("slack scopes", Level.OK),
        ("slack blocks", Level.OK),
        ("slack app token", Level.OK),
    ]
    assert findings[0].found.startswith("reached as tracewhy in the workspace ")


@pytest.mark.server
@pytest.mark.parametrize(
    ("given", "about", "advice"),
    [
        ({"bot_token": "xoxb-other-hidden"}, "slack", "Install the app again and copy the token anew."),
        (
            {"app_token": "xapp-other-hidden"},
            "slack app token",
            "Generate an app-level token with the scope connections:write.",
        ),
    ],
)
def test_a_token_that_slack_does_not_know_is_said_and_not_shown(local_slack, given, about, advice):
    failed = [finding for finding in at_local_slack(local_slack, **given) if finding.level is Level.FAIL]

    assert [finding.about for finding in failed] == [about]
    assert "does not know the" in failed[0].found
    assert failed[0].advice == advice
    assert "hidden" not in str(failed)


@pytest.mark.server
def test_a_workspace_that_does_not_check_blocks_is_all_right(local_slack):
    findings = at_local_slack(local_slack, "unknown_method", "blocks.validate")

    assert {finding.level for finding in findings} == {Level.OK}
    assert "cannot be checked here (unknown_method)" in [finding.found for finding in findings]


@pytest.mark.server
def test_a_slack_that_is_down_is_said(local_slack):
    findings = at_local_slack(local_slack, 503)

    assert levels(findings) == [("slack", Level.FAIL)]
    assert "answers HTTP 503 to auth.test" in findings[0].found


def fine(scopes):
    body = b'{"ok": true, "user": "bot", "team": "us\\u001b[31m"}'
    return response(200, body, content_type="application/json", x_oauth_scopes=scopes)


@pytest.mark.parametrize(
    ("lacking", "level"),
    [
        ({"users:read"}, Level.WARN),
        ({"links:read", "links:write"}, Level.WARN),
        ({"chat:write"}, Level.FAIL),
        ({"commands", "users:read"}, Level.FAIL),
    ],
)
def test_scopes_that_are_lacking_are_named(lacking, level):
    scopes = ",".join(scope for scope in bot_scopes() if scope not in lacking)

    found = {finding.about: finding for finding in at_server(fine(scopes))}["slack scopes"]

    assert found.level is level
    assert found.found == f"the token lacks {', '.join(sorted(lacking))}"
    assert "Reinstall" in found.advice


def test_what_a_server_calls_itself_cannot_colour_the_terminal():
    assert at_server(fine("chat:write"))[0].found == "reached as bot in the workspace us?[31m"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (response(200, b"<html>Log in</html>"), "with what is no JSON, as some proxies do"),
        (response(200, b"[]"), "with what is no answer of Slack's"),
        (response(302, b"", location="https://login.example"), "answers HTTP 302 to auth.test"),
        (response(429, b""), "answers HTTP 429 to auth.test"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "cannot be reached (RemoteProtocolError)"),
        (b"", "cannot be reached (RemoteProtocolError)"),
    ],
)
def test_what_answers_and_is_not_slack_is_said(answer, said):
    findings = at_server(answer)

    assert levels(findings) == [("slack", Level.FAIL)]
    assert said in findings[0].found
    assert findings[0].advice.startswith("Check slack.api_url")


def test_nobody_is_asked_without_a_token():
    assert asyncio.run(look_at_slack(SlackSettings(api_url="http://127.0.0.1:1/"))) == []


BOTH = {"bot_token": "xoxb-hidden", "app_token": "xapp-hidden"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (BOTH, [("ok", "there, and of the right form for mode socket")]),
        ({}, [("warn", "none, so there is no bot in Slack")]),
        ({"bot_token": "xoxb-1"}, [("FAIL", "slack.app_token is missing, which mode socket needs")]),
        ({**BOTH, "mode": "http"}, [("FAIL", "slack.signing_secret is missing, which mode http needs")]),
        (
            {"bot_token": "xapp-hidden", "app_token": "xoxb-hidden"},
            [
                ("FAIL", "slack.bot_token is an app-level token: it belongs into slack.app_token"),
                ("FAIL", "slack.app_token is a bot's token: it belongs into slack.bot_token"),
            ],
        ),
        (
            {**BOTH, "bot_token": "xoxp-hidden"},
            [("FAIL", "slack.bot_token is a person's token, which tracewhy has no use for")],
        ),
        ({**BOTH, "bot_token": "hidden"}, [("FAIL", "slack.bot_token is no token of Slack")]),
        (
            {**BOTH, "mode": "http", "signing_secret": HEX},
            [("ok", "there, and of the right form for mode http")],
        ),
        (
            {**BOTH, "signing_secret": "hidden"},
            [("warn", "slack.signing_secret is not 32 hex digits as Slack's are")],
        ),
    ],
)
def test_tokens_are_judged_by_their_form_and_never_shown(given, said):
    findings = look_at_tokens(SlackSettings(**given))

    assert [(finding.level.value, finding.found) for finding in findings] == said
    assert "hidden" not in str(findings)
