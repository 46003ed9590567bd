"""Operations with ids in their names are one, where there are many of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.minutes import NO_MINUTES, OperationKey, merged, minutes_of
from analyzers.operation_names import ENDLESS, by_shown_name, grouped_remarks, shown_names
from tests.analyzers.searching import many

USER = "GET /users/{}"
TEMPLATE = "GET /users/{id}"


def users(number, service="shop"):
    return [(service, USER.format(user)) for user in range(number)]


def test_five_that_differ_in_ids_alone_are_one():
    assert set(shown_names(users(ENDLESS)).values()) == {TEMPLATE}


def test_four_keep_their_names():
    assert shown_names(users(ENDLESS - 1)) == {one: one[1] for one in users(ENDLESS - 1)}


def test_the_same_name_twice_is_one_of_them():
    assert TEMPLATE not in shown_names([*users(ENDLESS - 1), *users(1)]).values()


def test_each_service_counts_its_own():
    assert TEMPLATE not in shown_names([*users(3), *users(3, "pay")]).values()


@pytest.mark.parametrize(
    ("name", "template"),
    [
        ("charge order-{}", "charge {{id}}"),
        ("GET /v1/users/{}?page=2", "GET /v1/users/{{id}}"),
        ("SELECT * FROM cart WHERE id = {}", "SELECT * FROM cart WHERE id = {{id}}"),
        ("job-{}", "{{id}}"),
    ],
)
def test_what_they_have_in_common_is_their_name(name, template):
    shown = shown_names(("shop", name.format(number)) for number in range(1_000, 1_000 + ENDLESS))

    assert set(shown.values()) == {template.format()}


@pytest.mark.parametrize("name", ["step {}", "SELECT * FROM cart{}", "warm up {} of 9"])
def test_small_numbers_among_words_are_no_ids(name):
    received = [("shop", name.format(number)) for number in range(ENDLESS)]

    assert shown_names(received) == {one: one[1] for one in received}


def test_it_is_said_how_many_were_put_together():
    assert grouped_remarks(shown_names([*users(7), ("shop", "checkout")])) == (
        "7 operations with ids in their names were put together by what they have in common",
    )
    assert grouped_remarks(shown_names(users(2))) == ()


def test_a_hostile_name_is_soon_done_with():
    shown = shown_names([("shop", "1 " * 500_000 + "x"), ("shop", "/" * 1_000_000)])

    assert max(map(len, shown)) == 2


def minutes(*pictures):
    spans = many(*pictures).spans
    return minutes_of(spans, spans.duration_ns)


def test_counts_of_one_name_are_added():
    counted = minutes(*(f"shop GET /users/{user}  0..100  server error" for user in range(6)))

    found = by_shown_name(counted, shown_names((key.service, key.operation) for key in counted.operations))

    assert found.operations == (OperationKey("shop", TEMPLATE, 2),)
    assert (found.calls.tolist(), found.errors.tolist(), found.spans.tolist()) == ([6], [6], [6])


def test_sides_of_a_call_stay_apart():
    counted = minutes("shop GET /a  0..9  server", "shop GET /b  0..9  client")

    found = by_shown_name(counted, {("shop", "GET /a"): "GET", ("shop", "GET /b"): "GET"})

    assert [key.kind for key in found.operations] == [2, 3]


def test_a_name_that_is_not_known_stays():
    counted = minutes("shop GET /a  0..9  server")

    assert by_shown_name(counted, {}) is counted
    assert by_shown_name(NO_MINUTES, {}) is NO_MINUTES


def test_a_single_name_is_changed_too():
    counted = minutes("shop GET /users/1  0..9  server")

    assert by_shown_name(counted, {("shop", "GET /users/1"): TEMPLATE}).operations[0].operation == TEMPLATE


NAMES = st.lists(
    st.sampled_from([f"{word} {number}" for word in "ab" for number in range(100, 106)]), min_size=1
)


@given(NAMES, NAMES)
def test_renaming_and_merging_can_be_done_in_either_order(first, second):
    parts = [minutes(*(f"shop {name}  0..9" for name in names)) for names in (first, second)]
    shown = shown_names(("shop", name) for name in (*first, *second))

    one = by_shown_name(merged(parts), shown)
    other = merged([by_shown_name(part, shown) for part in parts])

    assert one.operations == other.operations
    assert np.array_equal(one.calls, other.calls)
    assert one.calls.sum() == len(first) + len(second)
