"""Who may ask what, where."""

from __future__ import annotations

from typing import get_args

import pytest

from analyzers.report import AnyReport
from bot.access import QUESTIONS, Allowed, Caller, Refused, Rules, decide, rules_of
from config.settings import AccessSettings
from config.values import QuestionKind

HOME = frozenset({"T1"})
ANN = Caller(team="T1", user="UANN", channel="C1")
BOB = Caller(team="T1", user="UBOB", channel="C1", groups=frozenset({"SRE"}))
IN_DM = Caller(team="T1", user="UANN", channel="D9")
AT_HOME = Caller(team="T1", user="UANN")
STRANGER = Caller(team="T2", user="UANN", channel="C1")

ELSEWHERE = (
    "Ask in a channel that tracewhy is allowed in or a direct message; #sre can say which, and allow more."
)
IN_CHANNELS = "Ask in a channel that tracewhy is allowed in; #sre can say which, and allow more."


@pytest.mark.parametrize(
    ("rules", "caller", "may"),
    [
        (Rules(HOME), ANN, True),
        (Rules(HOME), IN_DM, True),
        (Rules(HOME), AT_HOME, True),
        (Rules(HOME), STRANGER, False),
        (Rules(frozenset()), ANN, False),
        (Rules(frozenset({"T1", "T2"})), STRANGER, True),
        (Rules(HOME, channels=frozenset({"C1"})), ANN, True),
        (Rules(HOME, channels=frozenset({"C2"})), ANN, False),
        (Rules(HOME, channels=frozenset({"C2"})), IN_DM, True),
        (Rules(HOME, direct_messages=False), IN_DM, False),
        (Rules(HOME, direct_messages=False), AT_HOME, False),
        (Rules(HOME, direct_messages=False), ANN, True),
        (Rules(HOME, users=frozenset({"UANN"})), ANN, True),
        (Rules(HOME, users=frozenset({"UANN"})), BOB, False),
        (Rules(HOME, user_groups=frozenset({"SRE"})), BOB, True),
        (Rules(HOME, user_groups=frozenset({"SRE"})), ANN, False),
        (Rules(HOME, users=frozenset({"UANN"}), user_groups=frozenset({"SRE"})), ANN, True),
        (Rules(HOME, users=frozenset({"UANN"}), user_groups=frozenset({"SRE"})), BOB, True),
        (Rules(HOME, users=frozenset({"UANN"}), channels=frozenset({"C2"})), ANN, False),
        (Rules(HOME, questions=frozenset({"slowest"})), ANN, True),
        (Rules(HOME, questions=frozenset({"errors"})), ANN, False),
    ],
)
def test_the_rules_decide(rules, caller, may):
    assert isinstance(decide(rules, caller, "slowest"), Allowed) is may


@pytest.mark.parametrize(
    ("rules", "caller", "what", "words"),
    [
        (
            Rules(HOME, contact="#sre"),
            STRANGER,
            "errors",
            "People of your workspace may not ask what failed here. Ask #sre to allow it.",
        ),
        (
            Rules(HOME, users=frozenset({"U"}), contact="#sre"),
            ANN,
            "slowest",
            "You may not ask for the slowest traces. Ask #sre to add you.",
        ),
        (
            Rules(HOME, channels=frozenset({"C"}), contact="#sre"),
            ANN,
            "why",
            f"Nobody may ask why something is slow in this channel. {ELSEWHERE}",
        ),
        (
            Rules(HOME, direct_messages=False, contact="#sre"),
            AT_HOME,
            None,
            f"Nobody may use tracewhy in direct messages. {IN_CHANNELS}",
        ),
        (
            Rules(HOME, questions=frozenset({"errors"}), contact="#sre"),
            ANN,
            "find",
            "Nobody may ask for traces by what they hold here. Ask #sre to allow it.",
        ),
    ],
)
def test_a_refusal_names_what_was_asked_and_whom_to_ask(rules, caller, what, words):
    decision = decide(rules, caller, what)

    assert isinstance(decision, Refused)
    assert str(decision) == words


def test_what_is_no_question_is_not_held_against_the_kinds_of_questions():
    assert decide(Rules(HOME, questions=frozenset({"errors"})), ANN) == Allowed()


@pytest.mark.parametrize(("user", "needed"), [("UANN", False), ("UBOB", True)])
def test_groups_are_looked_up_only_where_they_decide(user, needed):
    rules = Rules(HOME, users=frozenset({"UANN"}), user_groups=frozenset({"SRE"}))

    assert rules.need_groups_of(user) is needed
    assert Rules(HOME, users=frozenset({"UANN"})).need_groups_of(user) is False


def test_without_a_team_in_the_settings_the_tokens_team_may():
    assert rules_of(AccessSettings(), "T7").teams == {"T7"}
    assert rules_of(AccessSettings(teams=("T1",)), "T7").teams == {"T1"}


def test_a_token_without_a_team_lets_nobody_in():
    assert decide(rules_of(AccessSettings(), ""), Caller(team="", user="U1")) != Allowed()


def test_every_setting_of_access_becomes_a_rule():
    access = AccessSettings(
        teams=("T",),
        channels=("C",),
        direct_messages=False,
        users=("U",),
        user_groups=("S",),
        questions=("why",),
        contact="Ann",
    )

    assert rules_of(access, "T7") == Rules(
        frozenset("T"), frozenset("C"), False, frozenset("U"), frozenset("S"), frozenset({"why"}), "Ann"
    )


def test_there_are_words_for_every_kind_of_question():
    answered = {str(kind.__struct_config__.tag) for kind in get_args(AnyReport)} - {"choice", "error"}

    assert set(QUESTIONS) == set(get_args(QuestionKind)) == answered
