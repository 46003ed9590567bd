"""Places named by people, among those that there are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.report_base import Scope
from bot.questions.scope import Ambiguous, UnknownScope, resolve_scope

NAMES = [
    ("frontend", "GET /cart"),
    ("frontend", "POST /checkout"),
    ("checkout", "POST /pay"),
    ("payment", "charge"),
    ("inventory", "GET /stock/{sku}"),
    ("mobile-api", "buy"),
    ("mobile-web", "buy"),
]


@pytest.mark.parametrize(
    ("words", "service", "operation"),
    [
        ("checkout", "checkout", None),
        ("CheckOut", "checkout", None),
        ("payments", "payment", None),
        ("inv", "inventory", None),
        ("/checkout", "frontend", "POST /checkout"),
        ("POST /checkout", "frontend", "POST /checkout"),
        ("post /CHECKOUT", "frontend", "POST /checkout"),
        ("frontend GET /cart", "frontend", "GET /cart"),
        ("stock", "inventory", "GET /stock/{sku}"),
        ("paymnet", "payment", None),
        ("web", "mobile-web", None),
    ],
)
def test_a_place_is_found_by_what_people_call_it(words, service, operation):
    assert resolve_scope(words, NAMES) == Scope(service=service, operation=operation)


def test_what_fits_several_equally_is_asked_back():
    assert resolve_scope("mobile", NAMES) == Ambiguous(
        (Scope(service="mobile-api"), Scope(service="mobile-web"))
    )


def test_what_fits_nothing_comes_with_the_nearest():
    assert resolve_scope("inventer-x", NAMES) == UnknownScope((Scope(service="inventory"),))
    assert resolve_scope("zzz", NAMES) == UnknownScope(())
    assert resolve_scope("x", []) == UnknownScope(())


@given(st.sampled_from(NAMES))
def test_every_operation_is_found_by_its_full_name(name):
    assert resolve_scope(" ".join(name).upper(), NAMES) == Scope(service=name[0], operation=name[1])


@given(st.text(max_size=60))
def test_any_words_are_a_place_or_several_or_none(words):
    assert isinstance(resolve_scope(words, NAMES), Scope | Ambiguous | UnknownScope)
