"""What Slack knows of the workspace: whose the token is, and who belongs to its user groups."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.access import rules_of
from bot.slack.trouble import CONNECTION_ERRORS, REVOKED, REVOKED_ADVICE, code_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_sdk.web.async_client import AsyncWebClient

    from bot.access import Rules
    from config.settings import AccessSettings

LOG = logging.getLogger(__name__)
FRESH_S = 300.0


class SlackRefused(Exception):
    """Slack does not let us in. `problem` and `advice` together are the message."""

    def __init__(self, problem: str, advice: str) -> None:
        super().__init__(f"{problem} {advice}")
        self.problem = problem
        self.advice = advice


class Workspace:
    """Asked once, and again for as long as Slack did not answer."""

    def __init__(self, client: AsyncWebClient, access: AccessSettings) -> None:
        self._client = client
        self._access = access
        self._rules: Rules | None = None
        self._me = AuthorizeResult(enterprise_id=None, team_id=None, bot_token=client.token)

    async def sign_in(self) -> None:
        """Find out whose the token is; a Slack that is down may come back.

        Raises:
            SlackRefused: the token is not accepted.
        """
        try:
            answer = await self._client.auth_test()
            self._me = AuthorizeResult.from_auth_test_response(
                auth_test_response=answer, bot_token=self._client.token
            )
            self._rules = rules_of(self._access, str(answer.get("team_id") or ""))
        except SlackApiError as exc:
            if code_of(exc) in REVOKED:
                raise SlackRefused(*REVOKED_ADVICE) from exc
            LOG.warning("Slack did not say who the bot is (%s).", code_of(exc) or "no reason given")
        except CONNECTION_ERRORS as exc:
            LOG.warning("Slack cannot be reached (%s); going on trying.", type(exc).__name__)

    @property
    def me(self) -> AuthorizeResult:
        """Who the bot is, for Bolt; nothing but its token until Slack has said."""
        return self._me

    async def rules(self) -> Rules:
        """The rules of the configuration; they admit nobody of a workspace that is not known yet."""
        if self._rules is None:
            await self.sign_in()
        return self._rules or rules_of(self._access, "")


class UserGroups:
    """Members of the groups that the rules name, read at most every few minutes."""

    def __init__(self, client: AsyncWebClient, groups: tuple[str, ...], clock: Callable[[], float]) -> None:
        self._client = client
        self._groups = groups
        self._clock = clock
        self._members: dict[str, frozenset[str]] = {}
        self._read_at_s = float("-inf")

    async def of(self, user: str) -> frozenset[str]:
        """The groups that the person is in, of those that count."""
        if self._clock() - self._read_at_s > FRESH_S:
            await self._read()
        return frozenset(group for group, members in self._members.items() if user in members)

    async def _read(self) -> None:
        for group in self._groups:
            try:
                answer = await self._client.usergroups_users_list(usergroup=group)
            except (SlackClientError, *CONNECTION_ERRORS) as exc:
                LOG.warning("The members of %s are not known: %s.", group, type(exc).__name__)
                return  # what was known before still counts, and Slack is asked again next time
            self._members[group] = frozenset(map(str, answer.get("users") or ()))
        self._read_at_s = self._clock()
