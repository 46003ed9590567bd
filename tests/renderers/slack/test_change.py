"""The sum of a change in Slack: few lines, in one unit, that add up."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from analyzers.investigation_report import Part
from renderers.slack import SlackView, render_evidence, render_report
from tests.renderers.answers import MS, WHY
from tests.renderers.slack.drawn import drawn


def part(operation, delta_ns, **kinds):
    made = {"more_calls_ns": 0, "slower_calls_ns": 0, "new_ns": 0, "gone_ns": 0, **kinds}
    return Part(service="shop", operation=operation, delta_ns=delta_ns, **made)


def told(*parts, delta_ns=220 * MS):
    """The lines of the sum."""
    report = replace(WHY, parts=parts, change=replace(WHY.change, delta_ns=delta_ns))
    return drawn(render_report(report, SlackView(report_id="r1")).blocks).split("```")[1].strip().splitlines()


def test_a_column_has_one_unit():
    lines = told(part("a", 167 * MS), part("b", 19_300_000), part("c", 4_420_000))

    assert [" ".join(line.split()[:2]) for line in lines[1:]] == ["+167 ms", "+19 ms", "+4 ms"]


def test_what_is_small_is_one_line_and_the_lines_add_up():
    lines = told(part("a", 200 * MS), *(part(f"b{n}", 2 * MS) for n in range(10)))

    assert [line.strip() for line in lines[1:]] == [
        "+200 ms   91 %  shop a",
        "+20 ms    9 %  10 other places",
    ]


def test_no_more_than_six_places_are_named():
    lines = told(*(part(f"b{n}", 22 * MS) for n in range(10)))

    assert len(lines) == 1 + 6 + 1
    assert lines[-1].split() == ["+88", "ms", "40", "%", "4", "other", "places"]


def test_what_is_less_than_a_per_cent_does_not_widen_the_column():
    lines = told(part("a", 219 * MS), part("b", 1 * MS))

    assert "<1 %  1 other place" in lines[-1]


@pytest.mark.parametrize(
    ("kinds", "ends"),
    [
        ({"more_calls_ns": -97_000, "slower_calls_ns": 33_397_000}, ["shop a"]),
        ({"more_calls_ns": 33_000_000, "slower_calls_ns": 300_000}, ["shop a, more calls"]),
        ({"new_ns": 33_300_000}, ["shop a, new"]),
        (
            {"more_calls_ns": -10_000_000, "slower_calls_ns": 43_300_000},
            ["shop a", "fewer calls −10 ms, each call +43.3 ms"],
        ),
    ],
)
def test_of_what_a_part_is_made_is_told_as_far_as_it_counts(kinds, ends):
    lines = told(part("a", 33_300_000, **kinds))[1:]

    assert [line.rpartition("  ")[2].strip() for line in lines] == ends


def test_minus_signs_are_alike_in_words_and_figures():
    lines = told(part("a", 240 * MS), part("b", -20 * MS))

    assert lines[-1].strip().startswith("−20 ms")
    assert "−9 %" in lines[-1]


def test_where_nothing_changed_the_sum_is_only_evidence():
    unchanged = replace(WHY, verdict="not_slower")
    view = SlackView(report_id="r1")

    assert "SELECT cards, more calls" not in drawn(render_report(unchanged, view).blocks)
    assert "SELECT cards, more calls" in drawn(render_evidence(unchanged, view).blocks)


@pytest.mark.parametrize(
    ("verdict", "first"),
    [("slower", "Show a slow trace"), ("not_slower", "Evidence"), ("more_errors", "Errors")],
)
def test_the_first_button_is_what_one_looks_at_next(verdict, first):
    message = render_report(replace(WHY, verdict=verdict), SlackView(report_id="r1"))
    row = next(block for block in message.blocks if block["type"] == "actions")

    assert row["elements"][0]["text"]["text"] == first


def test_evidence_has_small_figures_in_their_own_unit_and_not_what_noise_is_made_of():
    parts = (part("a", 219 * MS), part("b", 60_000, more_calls_ns=-20_000, slower_calls_ns=80_000))
    report = replace(WHY, parts=parts, change=replace(WHY.change, delta_ns=220 * MS))

    said = drawn(render_evidence(report, SlackView(report_id="r1")).blocks)

    assert "+60 µs" in said
    assert "fewer calls" not in said
