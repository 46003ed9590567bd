"""What runs beside the receivers of `tracewhy serve`, put together: chores, and the bot in Slack where it has tokens."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, TextIO, TypeAlias

from bot.jobs.schedule import Schedule
from bot.jobs.state import schedule_state
from bot.jobs.store import schedule_store
from bot.redaction import Redaction, redact_logs
from bot.services.serve import StateChores, StoreChores
from bot.stores.errors import StateError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from datetime import tzinfo

    from pydantic import SecretStr

    from analyzers.report import AnyReport
    from backends.embedded.owner import Owner
    from backends.interface import Backend
    from bot.cli.surroundings import StoresOpener
    from bot.services.ask import Stores
    from bot.slack.bot import SlackBot
    from bot.stores.state_store import StateStore
    from config.settings import Settings
    from renderers.charts import Chart

StateOpener: TypeAlias = "Callable[[Settings], Awaitable[StateStore]]"
"""Raises StateError."""
SLACK_IS_OFF = (
    "Slack is off: set TRACEWHY_SLACK__BOT_TOKEN and TRACEWHY_SLACK__APP_TOKEN to answer there "
    "(docs/how-to/set-up-slack.md)."
)
LOG_LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"


@asynccontextmanager
async def beside(
    settings: Settings,
    owner: Owner,
    open_stores: StoresOpener,
    open_state: StateOpener,
    say: Callable[[str], None],
    clock_ns: Callable[[], int],
) -> AsyncIterator[str]:
    """Chores and Slack for as long as the block runs; gives a line about Slack. Slack's trouble never stops the receivers."""
    async with AsyncExitStack() as running:
        schedule = Schedule()
        schedule_store(schedule, StoreChores(owner, clock_ns, say), settings.report_every_s)
        line = await _slack(settings, owner, open_stores, open_state, schedule, running, clock_ns)
        await running.enter_async_context(schedule)
        yield line


async def _slack(
    settings: Settings,
    owner: Owner,
    open_stores: StoresOpener,
    open_state: StateOpener,
    schedule: Schedule,
    running: AsyncExitStack,
    clock_ns: Callable[[], int],
) -> str:
    if not settings.slack.is_wanted:
        return SLACK_IS_OFF
    if settings.slack.missing:
        return f"Slack is off: {' and '.join(settings.slack.missing)} missing; tracewhy doctor says what each is for."
    from bot.slack.http import PortTaken  # noqa: PLC0415 - Slack's libraries are heavy, and off by default
    from bot.slack.workspace import SlackRefused  # noqa: PLC0415

    def clock() -> datetime:
        return datetime.fromtimestamp(clock_ns() / 1e9, UTC)

    try:
        state = await running.enter_async_context(await open_state(settings))
        stores = await running.enter_async_context(_stores(settings, owner, open_stores))
        bot = await running.enter_async_context(await _bot(settings, state, stores, clock))
    except (StateError, SlackRefused, PortTaken) as exc:
        return f"Slack is off: {exc}"
    schedule_state(schedule, StateChores(state, clock))
    return f"Slack         {bot.where}"


async def _bot(
    settings: Settings, state: StateStore, stores: Stores, clock: Callable[[], datetime]
) -> SlackBot:
    from bot.slack.bot import Parts, SlackBot  # noqa: PLC0415 - Slack's libraries are heavy, and off by default
    from bot.slack.preloading import preload  # noqa: PLC0415
    from renderers.slack import Links  # noqa: PLC0415

    await asyncio.to_thread(preload)
    links = Links(settings.links.trace, frozenset(settings.links.hosts))
    rest = list(settings.backends.items())[1:]
    others = {name: partial(stores.at, url.get_secret_value()) for name, url in rest}
    parts = Parts(stores, state, settings.access, links, clock, _drawn, others)
    return SlackBot(settings.slack, parts)


def _drawn(report: AnyReport, zone: tzinfo) -> Chart | None:
    from renderers.charts import chart_of  # noqa: PLC0415 - matplotlib is heavy, and loaded with the first picture

    return chart_of(report, zone=zone)


@asynccontextmanager
async def _stores(settings: Settings, owner: Owner, open_stores: StoresOpener) -> AsyncIterator[Stores]:
    """The first store that the settings name, else our own, without a detour over its API."""
    if not settings.backends:
        yield OwnStore(owner.backend)
        return
    from bot.slack.progress import tell  # noqa: PLC0415 - only Slack shows progress here

    url = next(iter(settings.backends.values())).get_secret_value()
    async with open_stores(url, tell) as stores:
        yield stores


class OwnStore:
    """The store of this process."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def default(self) -> Backend:
        return self._backend

    def at(self, url: str) -> Backend:
        """There is only one."""
        raise LookupError(url)


def log_redacted(settings: Settings, stream: TextIO) -> None:
    """Log warnings to the stream, no secret among them."""
    slack = settings.slack
    secrets: list[SecretStr | None] = [
        slack.bot_token,
        slack.app_token,
        slack.signing_secret,
        settings.state.url,
    ]
    secrets += settings.backends.values()
    redact_logs(Redaction(secret.get_secret_value() for secret in secrets if secret is not None))
    logging.basicConfig(level=logging.WARNING, format=LOG_LINE, stream=stream)
