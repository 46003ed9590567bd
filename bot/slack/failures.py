"""The one place that turns failures into words."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Protocol

from backends.errors import BackendError
from bot.questions.not_understood import NotUnderstood
from bot.slack.trouble import explained
from bot.slack.work import TooMany
from bot.stores.errors import StateError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

LOG = logging.getLogger(__name__)

STOPPED = ("Stopped.", "Ask again whenever you like.")
TOO_MANY = ("Too many questions are being answered right now.", "Try again in a minute.")
TOO_LONG = ("That took too long, so I stopped.", "Ask for a shorter period, or name a service.")
OUR_MISTAKE_ADVICE = "Ask in other words, or try again later; whoever runs tracewhy finds more in its log."


class Tell(Protocol):
    """Shows what went wrong to whoever asked."""

    async def __call__(self, problem: str, advice: str) -> None: ...


@asynccontextmanager
async def explain_failures(tell: Tell) -> AsyncIterator[None]:
    """Whatever goes wrong in this block is told in words, and nothing leaves it.

    Bolt discards an acknowledgement that is followed by an error, so no listener may let one escape.
    """
    try:
        yield
    except asyncio.CancelledError:
        # Stopped by whoever asked, or with the whole bot: the task ends here either way.
        await _told(tell, STOPPED)
    except Exception as exc:  # noqa: BLE001 - the edge of every Slack handler
        await _told(tell, words_for(exc))


def words_for(exc: Exception) -> tuple[str, str]:
    """What went wrong, and what to do: safe to show anybody."""
    if isinstance(exc, BackendError | NotUnderstood | StateError):
        return exc.problem, exc.advice
    if isinstance(exc, TooMany):
        return TOO_MANY
    if isinstance(exc, TimeoutError):
        return TOO_LONG
    told = explained(exc)
    if told is not None:
        LOG.warning("Slack: %s %s", *told)
        return told
    LOG.error("A mistake of our own while answering in Slack.", exc_info=exc)
    return f"I made a mistake of my own ({type(exc).__name__}).", OUR_MISTAKE_ADVICE


async def _told(tell: Tell, words: tuple[str, str]) -> None:
    try:
        await tell(*words)
    except Exception as exc:  # noqa: BLE001 - there is nobody left to tell
        LOG.warning("Could not say in Slack that “%s”: %s.", words[0], type(exc).__name__)
