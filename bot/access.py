"""Who may ask what, where: decided from values alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from config.settings import AccessSettings

QUESTIONS = {
    "breakdown": "why one trace took its time",
    "slowest": "for the slowest traces",
    "errors": "what failed",
    "find": "for traces by what they hold",
    "operations": "how operations do",
    "services": "how services do",
    "why": "why something is slow",
    "compare": "how two groups of traces differ",
}
"""Every kind of question, as it goes on after `ask`."""


@dataclass(frozen=True)
class Rules:
    """Who may. An empty set allows everybody, except for teams: those of strangers are never allowed by accident."""

    teams: frozenset[str]
    channels: frozenset[str] = frozenset()
    direct_messages: bool = True
    users: frozenset[str] = frozenset()
    user_groups: frozenset[str] = frozenset()
    questions: frozenset[str] = frozenset()
    contact: str = "whoever runs tracewhy here"

    def need_groups_of(self, user: str) -> bool:
        """Whether it depends on this person's user groups; they are asked of Slack only where it does."""
        return bool(self.user_groups) and user not in self.users


@dataclass(frozen=True)
class Caller:
    """Who asks, and where."""

    team: str
    user: str
    channel: str = ""
    """Empty where there is none: App Home, and what was opened from it."""
    groups: frozenset[str] = frozenset()
    """The user groups that count here, of those the person is in."""

    @property
    def is_alone(self) -> bool:
        """Whether nobody else reads along."""
        return not self.channel or self.channel.startswith("D")


@dataclass(frozen=True)
class Allowed:
    """Go on."""


@dataclass(frozen=True)
class Refused:
    """Not so, and why: for people."""

    problem: str
    advice: str

    def __str__(self) -> str:
        return f"{self.problem} {self.advice}"


Decision: TypeAlias = Allowed | Refused


def rules_of(access: AccessSettings, home_team: str) -> Rules:
    """The rules of the settings; where they name no team, the one that the bot's token belongs to."""
    return Rules(
        teams=frozenset(access.teams or (home_team,)) - {""},
        channels=frozenset(access.channels),
        direct_messages=access.direct_messages,
        users=frozenset(access.users),
        user_groups=frozenset(access.user_groups),
        questions=frozenset(access.questions),
        contact=access.contact,
    )


def decide(rules: Rules, caller: Caller, what: str | None = None) -> Decision:
    """Whether this caller may do that: ask a kind of question, or, where it is None, anything at all."""
    doing = f"ask {QUESTIONS[what]}" if what in QUESTIONS else "use tracewhy"
    if caller.team not in rules.teams:
        return Refused(f"People of your workspace may not {doing} here.", _ask(rules, "to allow it"))
    if not _may_here(rules, caller):
        where = "in direct messages" if caller.is_alone else "in this channel"
        return Refused(f"Nobody may {doing} {where}.", _elsewhere(rules))
    if not _is_named(rules, caller):
        return Refused(f"You may not {doing}.", _ask(rules, "to add you"))
    if what is not None and rules.questions and what not in rules.questions:
        return Refused(f"Nobody may {doing} here.", _ask(rules, "to allow it"))
    return Allowed()


def _may_here(rules: Rules, caller: Caller) -> bool:
    if caller.is_alone:
        return rules.direct_messages
    return not rules.channels or caller.channel in rules.channels


def _is_named(rules: Rules, caller: Caller) -> bool:
    if not rules.users and not rules.user_groups:
        return True
    return caller.user in rules.users or not rules.user_groups.isdisjoint(caller.groups)


def _elsewhere(rules: Rules) -> str:
    places = ["a channel that tracewhy is allowed in"]
    if rules.direct_messages:
        places.append("a direct message")
    return f"Ask in {' or '.join(places)}; {rules.contact} can say which, and allow more."


def _ask(rules: Rules, for_what: str) -> str:
    return f"Ask {rules.contact} {for_what}."
