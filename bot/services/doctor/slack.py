"""Slack itself: whether it answers, knows the tokens, and lets the bot do what it has to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from bot.services.doctor.finding import fail, ok, warn
from config.manifest import bot_scopes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.services.doctor.finding import Finding
    from config.settings import SlackSettings

INSTALL = "Install the app again and copy the token anew."
GENERATE = "Generate an app-level token with the scope connections:write."
"""No installing brings another one."""
REACHED, SCOPES, APP_TOKEN, BLOCKS = "slack", "slack scopes", "slack app token", "slack blocks"
TIMEOUT_S = 10.0
LONGEST_SAID = 80
INDISPENSABLE = frozenset({"chat:write", "commands"})
REINSTALL = "Compare the app's manifest with config/slack-manifest.yaml, then Install App, Reinstall."
UNKNOWN_HERE = frozenset({"unknown_method", "method_deprecated", "not_allowed_token_type", "missing_scope"})
DEAD = frozenset({"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"})
SAMPLE = [{"type": "section", "text": {"type": "mrkdwn", "text": "tracewhy"}}]


class NoAnswer(Exception):
    """Slack could not be asked; the text says why."""


@dataclass(frozen=True)
class Answer:
    """What Slack said to one question."""

    error: str | None
    """None: it is fine."""
    body: Mapping[str, Any]
    scopes: frozenset[str] | None
    """Those of the token; None where Slack did not tell."""


async def look_at_slack(slack: SlackSettings) -> list[Finding]:
    """Asked only with the tokens that are there."""
    if slack.bot_token is None:
        return []
    async with httpx.AsyncClient(base_url=slack.api_url, timeout=TIMEOUT_S) as client:
        try:
            token = slack.bot_token.get_secret_value()
            answer = await _ask(client, "auth.test", token)
            if answer.error:
                return [_refused(REACHED, "bot token", answer.error, INSTALL)]
            found = [ok(REACHED, _who(answer)), _scopes(answer), await _blocks(client, token)]
            if slack.mode == "socket" and slack.app_token:
                found.append(await _app_token(client, slack.app_token.get_secret_value()))
        except NoAnswer as exc:
            return [
                fail(
                    REACHED,
                    f"{slack.api_url} {exc}",
                    "Check slack.api_url, the network, and HTTPS_PROXY if there is a proxy.",
                )
            ]
        return found


async def _ask(client: httpx.AsyncClient, method: str, token: str, **data: str) -> Answer:
    try:
        response = await client.post(method, headers={"authorization": f"Bearer {token}"}, data=data)
    except (httpx.HTTPError, httpx.InvalidURL) as exc:
        raise NoAnswer(f"cannot be reached ({type(exc).__name__})") from exc
    if response.status_code != httpx.codes.OK:
        raise NoAnswer(f"answers HTTP {response.status_code} to {method}")
    try:
        body = response.json()
    except ValueError as exc:
        raise NoAnswer(f"answers {method} with what is no JSON, as some proxies do") from exc
    if not isinstance(body, dict):
        raise NoAnswer(f"answers {method} with what is no answer of Slack's")
    told = response.headers.get("x-oauth-scopes")
    scopes = None if told is None else frozenset(part.strip() for part in told.split(",") if part.strip())
    return Answer(None if body.get("ok") is True else _clean(body.get("error") or "no reason"), body, scopes)


def _who(answer: Answer) -> str:
    return f"reached as {_clean(answer.body.get('user'))} in the workspace {_clean(answer.body.get('team'))}"


def _scopes(answer: Answer) -> Finding:
    if answer.scopes is None:
        return warn(SCOPES, "not told by Slack", REINSTALL)
    lacking = [scope for scope in bot_scopes() if scope not in answer.scopes]
    if INDISPENSABLE.intersection(lacking):
        return fail(SCOPES, f"the token lacks {', '.join(lacking)}", REINSTALL)
    if lacking:
        return warn(SCOPES, f"the token lacks {', '.join(lacking)}", REINSTALL)
    return ok(SCOPES, f"all {len(bot_scopes())} of the manifest")


async def _blocks(client: httpx.AsyncClient, token: str) -> Finding:
    answer = await _ask(client, "blocks.validate", token, blocks=json.dumps(SAMPLE))
    if answer.error is None:
        return ok(BLOCKS, "a message of tracewhy's form is valid")
    if answer.error in UNKNOWN_HERE:
        return ok(BLOCKS, f"cannot be checked here ({answer.error})")
    return warn(BLOCKS, f"Slack finds fault with a plain message: {answer.error}", "Please report it.")


async def _app_token(client: httpx.AsyncClient, token: str) -> Finding:
    """Opening a connection gives an address to call; it is not called, and lapses by itself."""
    answer = await _ask(client, "apps.connections.open", token)
    if answer.error is None:
        return ok(APP_TOKEN, "may open connections for Socket Mode")
    if answer.error in {"missing_scope", "not_allowed_token_type"}:
        return fail(
            APP_TOKEN,
            f"may not open connections: {answer.error}",
            GENERATE,
        )
    return _refused(APP_TOKEN, "app-level token", answer.error, GENERATE)


def _refused(about: str, which: str, error: str, anew: str) -> Finding:
    if error in DEAD:
        return fail(
            about,
            f"Slack does not know the {which} any more, or never did: {error}",
            anew,
        )
    return fail(about, f"Slack refuses the {which}: {error}", "Try again, and see https://status.slack.com.")


def _clean(text: object) -> str:
    """What a server sent, fit to be shown."""
    return "".join(char if char.isprintable() else "?" for char in str(text)[:LONGEST_SAID])
