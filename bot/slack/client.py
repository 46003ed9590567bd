"""A client of Slack's Web API that waits when it is told to, and tries again when Slack stumbles."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

if TYPE_CHECKING:
    import aiohttp

TIMEOUT_S = 30
MOST_WAITS = 5
"""How often one call waits as Slack says (429) before it gives up."""
QUIET = logging.getLogger("slack_sdk.tracewhy")
"""Slack's own libraries log whole requests below this level."""
QUIET.setLevel(logging.WARNING)


def web_client(
    token: str | None, api_url: str, session: aiohttp.ClientSession | None, *, repeats: bool = True
) -> AsyncWebClient:
    """A client over the session.

    Without `repeats` a call that was not answered is not made again here: what it asked for may have been done.
    """
    client = AsyncWebClient(
        token=token,
        base_url=api_url,
        session=session,
        timeout=TIMEOUT_S,
        logger=QUIET,
        trust_env_in_session=True,
    )
    if repeats:
        client.retry_handlers.append(AsyncServerErrorRetryHandler(max_retry_count=1))
    else:
        client.retry_handlers.clear()
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=MOST_WAITS))
    return client
