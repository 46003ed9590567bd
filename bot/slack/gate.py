"""Who may: decided for every command, mention, button, view and menu, and noted."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Protocol

from bot.access import Caller, Refused, decide
from bot.questions.not_understood import NotUnderstood
from bot.services.meaning import HELP, kind_asked
from bot.stores.audit import AuditEntry
from bot.stores.errors import StateError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime, tzinfo

    from bot.access import Rules
    from bot.slack.asker import Asker
    from bot.stores.audit import Audit, Outcome

LOG = logging.getLogger(__name__)


class Groups(Protocol):
    """Who belongs to which of the user groups that count."""

    async def of(self, user: str) -> frozenset[str]: ...


class Gate:
    """Asks the rules, and notes what they said."""

    def __init__(
        self,
        rules: Callable[[], Awaitable[Rules]],
        groups: Groups,
        audit: Audit,
        clock: Callable[[], datetime],
    ) -> None:
        self._rules = rules
        self._groups = groups
        self._audit = audit
        self._clock = clock

    async def refusal(self, asker: Asker, door: str, subject: str = "") -> Refused | None:
        """Why not, in words; None where they may."""
        refusal = await self._decided(asker, None)
        await self.note(asker, door, subject, "allowed" if refusal is None else "refused")
        return refusal

    async def menu_refusal(self, asker: Asker) -> Refused | None:
        """The same for a menu that is filled while one types: noted only where they may not."""
        refusal = await self._decided(asker, None)
        if refusal is not None:
            await self.note(asker, "menu", "", "refused")
        return refusal

    async def questions(self) -> frozenset[str]:
        """The kinds that may be asked; empty where all may."""
        return (await self._rules()).questions

    async def question_refusal(self, asker: Asker, door: str, question: str, zone: tzinfo) -> Refused | None:
        """Why this kind of question may not be asked; None where it may, or is no question."""
        if not (await self._rules()).questions:
            return None
        try:
            kind = kind_asked(question, self._clock(), zone)
        except NotUnderstood:
            return None
        refusal = await self._decided(asker, None if kind == HELP else kind)
        if refusal is not None:
            await self.note(asker, door, question, "refused")
        return refusal

    async def _decided(self, asker: Asker, what: str | None) -> Refused | None:
        rules = await self._rules()
        groups = await self._groups.of(asker.user) if rules.need_groups_of(asker.user) else frozenset()
        decision = decide(rules, Caller(asker.team, asker.user, asker.channel, groups), what)
        return decision if isinstance(decision, Refused) else None

    async def note(
        self, asker: Asker, door: str, subject: str, outcome: Outcome, report_id: str | None = None
    ) -> None:
        """Put it in the audit; without one the work goes on."""
        entry = AuditEntry(
            self._clock(), asker.team, asker.channel, asker.user, door, subject, outcome, report_id
        )
        try:
            await self._audit.note(entry)
        except StateError as exc:
            LOG.warning("Something was done that is not in the audit: %s", exc)
