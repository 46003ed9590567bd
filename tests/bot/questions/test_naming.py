"""Names of places by where they stand."""

from __future__ import annotations

import pytest

from bot.questions.keywords import is_filling
from bot.questions.naming import place_within


@pytest.mark.parametrize(
    ("sentence", "place"),
    [
        ("search is slow", "search"),
        ("slow requests of the service called errors", "errors"),
        ("what crashed and vanished", ""),
        ("is POST /checkout slow", "POST /checkout"),
    ],
)
def test_a_name_is_told_by_where_it_stands(sentence, place):
    assert place_within(sentence, is_filling) == place
