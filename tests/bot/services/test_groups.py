"""Which attribute tells gold users, as the store has it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from analyzers.report_base import Condition
from backends.errors import BackendUnreachable
from backends.interface import Capabilities
from bot.questions.not_understood import NotUnderstood
from bot.services.meaning import KindNotAllowed, understood_among
from tests.bot.drawn_stores import DrawnBackend

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class Searched(DrawnBackend):
    """Can be searched as a whole."""

    picture: str = "shop GET /  0..10  user.tier=Gold"
    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(search=True, search_without_service=True)
    )


def meant(backend, text="slowest for gold users last 30m"):
    return asyncio.run(understood_among(lambda: backend, text, NOON, UTC)).search


def test_the_one_attribute_that_has_the_value_is_taken_as_it_is_written():
    search = meant(Searched())

    assert search.where == (Condition(key="user.tier", op="=", value="Gold"),)


@pytest.mark.parametrize(
    "text",
    ["what errors do our gold members get", "why is it slow for gold tier", "slowest of gold-tier customers"],
)
def test_people_of_a_kind_are_told_in_several_ways(text):
    assert meant(Searched(), text).where == (Condition(key="user.tier", op="=", value="Gold"),)


@pytest.mark.parametrize("text", ["errors for gold users", "why is shop slow for gold users"])
def test_a_kind_that_may_not_be_asked_may_not_be_asked_about_a_group_either(text):
    kinds = frozenset({"slowest"})

    with pytest.raises(KindNotAllowed):
        asyncio.run(understood_among(Searched, text, NOON, UTC, kinds=kinds))

    assert asyncio.run(understood_among(Searched, "slowest for gold users", NOON, UTC, kinds=kinds)).search


@pytest.mark.parametrize("text", ["errors", "errors checkout", "any faults with shop lately", f"{1:032x}"])
def test_whatever_it_was_read_by_only_the_kinds_that_are_allowed_are_answered(text):
    with pytest.raises(KindNotAllowed):
        asyncio.run(understood_among(Searched, text, NOON, UTC, kinds=frozenset({"slowest"})))


def test_of_several_attributes_one_is_asked_back():
    with pytest.raises(NotUnderstood, match=r"“gold” is a value of plan and user\.tier") as asked:
        meant(Searched(picture="shop GET /  0..10  user.tier=gold plan=gold"))

    assert [one.text for one in asked.value.candidates] == [
        "slowest last 30m where plan=gold",
        "slowest last 30m where user.tier=gold",
    ]


@pytest.mark.parametrize(
    ("text", "picture"),
    [
        ("errors for beta users", "deployment.environment=beta"),
        ("slowest for internal customers", "net.peer=internal"),
    ],
)
def test_an_attribute_of_something_else_is_offered_and_not_taken(text, picture):
    with pytest.raises(NotUnderstood, match="is a value of") as asked:
        meant(Searched(picture=f"shop GET /  0..10  {picture}"), text)

    assert [one.text for one in asked.value.candidates] == [f"{text.split()[0]} where {picture}"]


def test_beside_attributes_of_something_else_the_one_of_people_is_taken():
    search = meant(Searched(picture="shop GET /  0..10  customer_plan=gold tint=gold"))

    assert search.where == (Condition(key="customer_plan", op="=", value="gold"),)


def test_one_attribute_in_two_ways_of_writing_is_one():
    picture = """
    shop GET /  0..10  user.tier=Gold
    shop GET /  10..20  user.tier=gold
    shop GET /  20..30  user.tier=Gold
    """

    assert meant(Searched(picture=picture)).where == (Condition(key="user.tier", op="=", value="Gold"),)


@pytest.mark.parametrize(
    "backend",
    [
        Searched(picture="shop GET /  0..10  user.tier=free"),
        Searched(error=BackendUnreachable("It is gone.", "Start it.")),
        Searched(capabilities=Capabilities(search=True)),
        None,
    ],
)
def test_where_no_store_tells_it_is_asked_back_with_a_likely_one(backend):
    with pytest.raises(NotUnderstood, match="Which attribute says that a user is gold is not known"):
        meant(backend)
