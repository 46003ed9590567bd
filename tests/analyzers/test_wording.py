import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.wording import (
    change_beside_text,
    change_text,
    count_text,
    duration_beside_text,
    duration_text,
    lift_text,
    name_text,
    place_text,
    share_text,
    share_words,
)


@pytest.mark.parametrize(
    ("duration_ns", "text"),
    [
        (0, "0 s"),
        (7, "7 ns"),
        (999, "999 ns"),
        (85_000, "85 µs"),
        (1_204, "1.2 µs"),
        (999_600, "1 ms"),
        (412_300_000, "412 ms"),
        (4_800_000, "4.8 ms"),
        (999_500_000, "1 s"),
        (3_612_440_000, "3.61 s"),
        (40_000_000_000, "40 s"),
        (59_949_999_999, "59.9 s"),
        (59_950_000_000, "1 min"),
        (125_000_000_000, "2 min 5 s"),
        (3_599_600_000_000, "1 h"),
        (4_200_000_000_000, "1 h 10 min"),
        (86_400_000_000_000, "1 d"),
        (97_200_000_000_000, "1 d 3 h"),
        (-5_000_000, "−5 ms"),
    ],
)
def test_durations_read_as_people_say_them(duration_ns, text):
    assert duration_text(duration_ns) == text


@pytest.mark.parametrize(
    ("delta_ns", "text", "beside"),
    [
        (19_300_000, "+19.3 ms", "+19 ms"),
        (-19_300_000, "−19.3 ms", "−19 ms"),
        (0, "0 s", "0 ms"),
        (300_000, "+300 µs", "<1 ms"),
    ],
)
def test_changes_have_their_sign(delta_ns, text, beside):
    assert change_text(delta_ns) == text
    assert change_beside_text(delta_ns, -220_000_000) == beside


def test_an_estimate_has_two_digits():
    assert duration_text(3_478_000_000, digits=2) == "3.5 s"


@given(st.integers(min_value=1, max_value=2**63))
def test_every_duration_has_a_short_text_that_is_not_zero(duration_ns):
    text = duration_text(duration_ns)

    assert len(text) <= 16
    assert not text.startswith("0")


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (-0.3, "−30 %"),
        (-0.001, "under 1 %"),
        (0.0, "0 %"),
        (0.001, "under 1 %"),
        (0.05, "5 %"),
        (0.876, "88 %"),
        (0.999, "over 99 %"),
        (1.0, "100 %"),
    ],
)
def test_shares_are_whole_per_cents(share, text):
    assert share_text(share) == text


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.95, "almost all"), (0.9, "most"), (0.61, "most"), (0.6, "much"), (0.31, "much"), (0.3, "part")],
)
def test_how_much_has_four_fixed_words(share, words):
    assert share_words(share) == words


@pytest.mark.parametrize(
    ("part_ns", "whole_ns", "text"),
    [
        (30_000_000, 4_120_000_000, "0.03 s"),
        (1, 4_120_000_000, "<0.01 s"),
        (85_000_000, 999_900_000, "0.09 s"),
        (5_000_000, 412_000_000, "5 ms"),
        (400_000, 412_000_000, "<1 ms"),
        (5_000_000, 125_000_000_000, "5 ms"),
        (0, 0, "0 s"),
    ],
)
def test_a_part_is_told_in_the_unit_of_its_whole(part_ns, whole_ns, text):
    assert duration_beside_text(part_ns, whole_ns) == text


def test_counts_agree_with_their_noun():
    assert [count_text(1, "span"), count_text(1204, "trace")] == ["1 span", "1,204 traces"]


def test_a_long_name_keeps_both_ends():
    text = name_text(f"SELECT {'a, ' * 900}FROM cards")

    assert len(text) <= 80
    assert text.startswith("SELECT a, a,")
    assert text.endswith("FROM cards")


@pytest.mark.parametrize(
    ("service", "operation", "text"),
    [("pay", "charge", "pay charge"), ("pay", None, "pay"), ("pay", "", "pay (no name)")],
)
def test_a_place_is_a_service_and_what_it_does(service, operation, text):
    assert place_text(service, operation) == text


@pytest.mark.parametrize(
    ("lift", "text"),
    [(1.52, "1.5 times"), (33.4, "33 times"), (50.0, "50 times"), (282.6, "over 50 times")],
)
def test_of_what_hardly_any_others_carry_no_exact_number_is_told(lift, text):
    assert lift_text(lift) == text


def test_nanoseconds_have_no_decimals():
    assert duration_beside_text(7, 9) == "7 ns"
