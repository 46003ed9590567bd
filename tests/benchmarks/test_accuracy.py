from __future__ import annotations

import pytest

from benchmarks.accuracy import Ranked, guess_at, hits_at, table

TEN = tuple("abcdefghij")


def test_the_first_of_one_is_a_hit_at_once():
    assert hits_at(Ranked("cpu", ("a",), TEN, "slower"), 1) == 1


def test_the_fourth_is_no_hit_among_three():
    assert hits_at(Ranked("cpu", ("d",), TEN, "slower"), 3) == 0


def test_of_two_true_ones_each_counts_half():
    assert hits_at(Ranked("two", ("a", "h"), TEN, "slower"), 3) == 0.5


def test_guessing_among_ten_hits_one_in_ten():
    ranked = Ranked("cpu", ("a",), TEN, "slower")

    assert [guess_at(ranked, k) for k in (1, 3)] == pytest.approx([0.1, 0.3])


def test_guessing_where_all_are_true_always_hits():
    assert guess_at(Ranked("two", ("a", "b"), ("b", "a"), "slower"), 1) == 1


def test_the_table_has_a_line_for_each_fault_and_one_for_all():
    lines = list(table([Ranked("cpu", ("a",), TEN, "slower"), Ranked("return", ("b",), TEN, "not_slower")]))

    assert [line.split(" | ")[0] for line in lines[2:]] == ["| cpu", "| return", "| all"]
