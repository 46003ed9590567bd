"""Charts: pictures that are the same for the same report, and that no name can spoil."""

from __future__ import annotations

import struct
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from analyzers.report import Breakdown, WaterfallRow
from renderers.charts import (
    change_alt_text,
    chart_of,
    latency_alt_text,
    render_change_png,
    render_latency_png,
    render_waterfall_png,
    waterfall_alt_text,
)
from renderers.charts.canvas import BODY_PT, drawable, fitted, width_in, wrapped
from renderers.charts.palette import DARK, LIGHT
from renderers.charts.spread import tick_durations_ns
from tests.renderers.answers import ANSWERS, SLOWEST
from tests.renderers.reports import SLOW_CHECKOUT
from tests.renderers.slack.hostile import ATTACKS, with_texts

WHY = ANSWERS["why"]
CHARTS = {
    "waterfall": (render_waterfall_png, waterfall_alt_text, SLOW_CHECKOUT),
    "change": (render_change_png, change_alt_text, WHY),
    "latency": (render_latency_png, latency_alt_text, SLOWEST),
}
MOST_PIXELS = 2_000
NAMES = (*ATTACKS[9:17:2], ATTACKS[14], ATTACKS[17], "", r"$\frac{1}{0}$", "$x^{$", "_a_ %s {} \\n")


def size(png):
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", png[16:24])


def luminance(colour):
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("name", CHARTS)
def test_the_same_report_gives_the_same_bytes_without_a_date(name):
    render, _, report = CHARTS[name]

    first, second = (render(report, dark=False) for _ in range(2))

    assert first == second
    assert b"tEXt" not in first
    assert b"tIME" not in first


@pytest.mark.parametrize("name", CHARTS)
def test_dark_and_light_differ_and_neither_is_large(name):
    render, _, report = CHARTS[name]

    light, dark = render(report, dark=False), render(report, dark=True)

    assert light != dark
    assert size(light) == size(dark)
    assert max(size(light)) <= MOST_PIXELS


@pytest.mark.parametrize("name", CHARTS)
def test_each_has_words_for_those_who_do_not_see_it(name):
    _, alt_text, report = CHARTS[name]

    assert report.headline in alt_text(report)
    assert len(alt_text(with_texts(report, ["x" * 5_000]))) <= 2_000


@pytest.mark.parametrize("text", NAMES)
@pytest.mark.parametrize("name", CHARTS)
def test_no_name_spoils_a_picture(name, text):
    render, _, report = CHARTS[name]
    named = replace(with_texts(report, [text]), **({"traces": SLOWEST.traces} if name == "latency" else {}))

    assert max(size(render(named, dark=True))) <= MOST_PIXELS


def test_a_trace_without_spans_is_a_picture_of_its_headline():
    empty = Breakdown(question="", asked_at="", headline="No spans.", confidence="none", trace_id="a")

    assert size(render_waterfall_png(empty, dark=False))[0] == 1_200


def test_five_hundred_rows_are_a_picture_of_the_first_ones():
    many = replace(SLOW_CHECKOUT, waterfall=SLOW_CHECKOUT.waterfall * 60)

    assert max(size(render_waterfall_png(many, dark=False))) <= MOST_PIXELS


@settings(max_examples=15, deadline=None)
@given(
    offset_ns=st.integers(-(2**62), 2**62), duration_ns=st.integers(0, 2**62), root_ns=st.integers(0, 2**62)
)
def test_any_times_make_a_picture(offset_ns, duration_ns, root_ns):
    row = WaterfallRow(
        what="detached",
        depth=100_000,
        service="a",
        operation="b",
        offset_ns=offset_ns,
        duration_ns=duration_ns,
        critical_ns=1,
        path=SLOW_CHECKOUT.waterfall[0].path,
    )
    rows = (row, replace(row, what="span", slowest=True), replace(row, what="wire", failed=True))

    assert render_waterfall_png(replace(SLOW_CHECKOUT, duration_ns=root_ns, waterfall=rows), dark=False)


def test_where_nothing_is_compared_there_is_no_picture():
    assert render_change_png(replace(WHY, change=None), dark=False) is None
    assert change_alt_text(replace(WHY, change=None)) == WHY.headline
    assert render_latency_png(replace(SLOWEST, traces=()), dark=False) is None


def test_one_trace_without_a_period_is_a_picture():
    assert render_latency_png(replace(SLOWEST, traces=SLOWEST.traces[:1], window=None), dark=False)


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_words_and_bars_stand_out_from_the_ground(colours):
    assert contrast(colours.ink, colours.ground) >= 7
    assert contrast(colours.faint, colours.ground) >= 4.5
    assert (
        min(contrast(one, colours.ground) for one in (colours.gating, colours.slowest, colours.better)) >= 3
    )


def test_text_is_cut_to_its_room_and_unknown_characters_are_boxes():
    assert width_in(fitted("x" * 500, BODY_PT, 2.0), BODY_PT) <= 2.0
    assert fitted("short", BODY_PT, 2.0) == "short"
    assert drawable("日本\n") == "▯▯▯"
    assert wrapped("one two three four", BODY_PT, 0.5, 2)[-1].endswith("…")


def test_nothing_else_needs_matplotlib():
    heavy = (
        "import renderers.slack, renderers.terminal, bot.cli.ask, sys; sys.exit('matplotlib' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", heavy], check=False).returncode == 0


def test_each_report_has_the_picture_that_says_most_about_it():
    pictures = {report: chart_of(report) for report in (SLOW_CHECKOUT, SLOWEST, WHY)}

    assert [one.name for one in pictures.values()] == ["waterfall.png", "slowest.png", "change.png"]
    assert pictures[SLOW_CHECKOUT].png == render_waterfall_png(SLOW_CHECKOUT, dark=False)
    assert pictures[WHY].alt_text == change_alt_text(WHY)


def test_where_a_picture_would_say_nothing_there_is_none():
    one_trace = replace(SLOWEST, traces=SLOWEST.traces[:1])
    without_parts = replace(WHY, parts=())
    unchanged = replace(WHY, verdict="not_slower")

    assert [chart_of(one) for one in (ANSWERS["errors"], one_trace, without_parts, unchanged)] == [None] * 4


def test_the_culprit_is_drawn_before_and_now_beneath_the_bars():
    with_spread, without = (render_change_png(one, dark=False) for one in (WHY, replace(WHY, spread=None)))

    assert size(with_spread)[1] > size(without)[1] + 200
    assert "At payment SELECT cards half of the requests spend more than 20 ms before" in change_alt_text(WHY)


@pytest.mark.parametrize("shares", [(0.0,), (1.0,)])
def test_a_spread_of_one_bin_is_drawn_too(shares):
    spread = replace(WHY.spread, caller="front", edges_ns=(1_000, 1_001), baseline=shares, incident=shares)

    assert (
        size(render_change_png(replace(WHY, spread=spread), dark=True))[0]
        == size(render_change_png(WHY, dark=True))[0]
    )


@pytest.mark.parametrize(
    ("ends_ns", "ticks_ns"),
    [
        ((1_150_000, 635_000_000), [3_000_000, 10_000_000, 30_000_000, 100_000_000, 300_000_000]),
        ((900_000, 635_000_000), [1_000_000, 10_000_000, 100_000_000]),
        ((20_000_000, 60_000_000), [20_000_000, 60_000_000]),
        ((1, 10**12), [10**power for power in range(0, 13, 3)]),
        ((5, 5), [5, 5]),
    ],
)
def test_the_scale_of_the_culprit_has_round_figures(ends_ns, ticks_ns):
    assert tick_durations_ns(*ends_ns) == ticks_ns
