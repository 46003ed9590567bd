"""Slips in telling words are put right, names are left alone."""

from __future__ import annotations

import pytest

from bot.questions.spelling import corrected


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("slwo reqeusts", "slow requests"),
        ("slooow cart", "slow cart"),
        ("excpetions in auth", "exceptions in auth"),
    ],
)
def test_slips_of_telling_words_are_put_right(text, right):
    assert corrected(text) == right


@pytest.mark.parametrize("name", ["orders", "vaults", "shipping", "tracer", "emails", "slot", "billing"])
def test_names_stay_as_they_are_written(name):
    assert corrected(f"errors in {name}") == f"errors in {name}"
