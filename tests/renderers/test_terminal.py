"""Reports on a terminal: agreed pictures, and laws that hold for whatever text a trace brings."""

from __future__ import annotations

import re
import unicodedata
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len

from analyzers.report import Breakdown, Choice, SpanError, WaterfallRow
from renderers.terminal import render_terminal
from tests.renderers.reports import CHOICE, FAILURE, SLOW_CHECKOUT, UNKNOWN_TRACE

PRAGUE = ZoneInfo("Europe/Prague")
WIDTHS = (80, 120, 200)
SGR = re.compile(r"\x1b\[[0-9;]*m")

any_text = st.text(st.characters(codec=None), max_size=300)


def plain(report, width=80, encoding="utf-8"):
    return render_terminal(report, width=width, colour=False, zone=PRAGUE, encoding=encoding)


def widest(text):
    return max(cell_len(line) for line in text.splitlines())


def with_names(report, name):
    """The report with that name for everything that a trace names."""
    wire = report.waterfall[3]
    return replace(
        report,
        headline=f"{name} took 4.12 s.",
        question=name,
        backend=name,
        trace_id=name,
        notes=(name,),
        services=tuple(replace(share, service=name) for share in report.services),
        patterns=tuple(replace(pattern, detail=name) for pattern in report.patterns),
        errors=tuple(replace(error, message=name, service=name) for error in report.errors),
        waterfall=(
            *(replace(row, service=name, operation=name, remark=name) for row in report.waterfall),
            replace(wire, service=name, callee=name),
        ),
    )


@pytest.mark.parametrize("width", WIDTHS)
def test_a_slow_checkout_looks_as_agreed(golden, width):
    text = plain(SLOW_CHECKOUT, width)

    assert text == golden(f"slow_checkout_{width}.txt", text)


def test_colours_look_as_agreed(golden):
    text = render_terminal(SLOW_CHECKOUT, width=100, colour=True, zone=PRAGUE)

    assert text == golden("slow_checkout_colour.txt", text)


def test_an_ascii_terminal_looks_as_agreed(golden):
    text = plain(SLOW_CHECKOUT, 100, encoding="ascii")

    assert text.isascii()
    assert text == golden("slow_checkout_ascii.txt", text)


@pytest.mark.parametrize(
    ("name", "report"), [("unknown_trace", UNKNOWN_TRACE), ("choice", CHOICE), ("failure", FAILURE)]
)
def test_other_answers_look_as_agreed(golden, name, report):
    text = plain(report)

    assert text == golden(f"{name}.txt", text)


def test_colour_adds_nothing_but_colour():
    coloured = render_terminal(SLOW_CHECKOUT, width=120, colour=True, zone=PRAGUE)

    assert SGR.sub("", coloured) == plain(SLOW_CHECKOUT, 120)


@pytest.mark.parametrize("width", [40, 57, 80, 100, 133, 200, 500])
def test_no_line_is_wider_than_the_terminal(width):
    assert widest(plain(SLOW_CHECKOUT, width)) <= width


@pytest.mark.parametrize("name", ["日本語の操作名" * 8, "🛒" * 40, "e\u0301" * 90, "x" * 900, "a b " * 90])
@pytest.mark.parametrize("width", [80, 200])
def test_wide_and_long_names_stay_in_their_columns(name, width):
    assert widest(plain(with_names(SLOW_CHECKOUT, name), width)) <= width


@settings(max_examples=60, deadline=None)
@given(name=any_text, width=st.integers(40, 220), encoding=st.sampled_from(["utf-8", "ascii", "latin-1"]))
def test_no_text_of_a_trace_acts_on_the_terminal(name, width, encoding):
    text = plain(with_names(SLOW_CHECKOUT, name), width, encoding)

    hidden = {char for char in text if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
    assert hidden <= {"\n"}
    assert all(cell_len(line) <= width for line in text.split("\n"))
    assert text.encode(encoding)


@settings(max_examples=30, deadline=None)
@given(text=any_text, width=st.integers(40, 220))
def test_no_candidate_acts_on_the_terminal(text, width):
    candidate = replace(CHOICE.candidates[0], text=text, why=text)
    choice = replace(CHOICE, headline=text, candidates=(candidate,))

    shown = plain(choice, width)

    assert {char for char in shown if unicodedata.category(char) == "Cc"} <= {"\n"}
    assert all(cell_len(line) <= width for line in shown.split("\n"))


def test_markup_is_only_text():
    shown = plain(replace(FAILURE, problem="[bold red]x[/] :smile: [link=http://a]b[/link]"))

    assert "[bold red]x[/] :smile: [link=http://a]b[/link]" in shown


def test_an_escape_sequence_shows_as_what_it_is():
    shown = plain(replace(FAILURE, problem="\x1b[2J\u202egnp.exe\r\nforged"))

    assert "␛[2J\ufffdgnp.exe␍␊forged" in shown


@settings(max_examples=40, deadline=None)
@given(
    offset_ns=st.integers(-(2**62), 2**62),
    duration_ns=st.integers(0, 2**62),
    root_ns=st.integers(0, 2**62),
    depth=st.integers(0, 100_000),
)
def test_any_times_make_a_picture(offset_ns, duration_ns, root_ns, depth):
    row = WaterfallRow(
        what="span",
        depth=depth,
        service="a",
        operation="b",
        offset_ns=offset_ns,
        duration_ns=duration_ns,
        critical_ns=1,
        slowest=True,
        failed=True,
        remark="its parent is missing",
    )

    text = plain(replace(SLOW_CHECKOUT, duration_ns=root_ns, waterfall=(row,)))

    assert widest(text) <= 80


def test_a_stretch_on_the_critical_path_is_thick_and_waiting_is_thin():
    lines = plain(SLOW_CHECKOUT, 200).splitlines()
    checkout = next(line for line in lines if "checkout  POST" in line)

    assert re.search(r" ─━━─+━━─{80,}━━ ", checkout)


def test_what_was_left_out_is_counted():
    rest = replace(SLOW_CHECKOUT.waterfall[6], count=99_970)

    text = plain(replace(SLOW_CHECKOUT, waterfall=(*SLOW_CHECKOUT.waterfall[:2], rest)))

    assert "and 99,970 more" in text


def test_missing_spans_are_not_called_complete():
    health = replace(SLOW_CHECKOUT.health, orphans=3, incomplete=1)

    text = plain(replace(SLOW_CHECKOUT, health=health, notes=("3 spans without their parent",)))

    assert "47 spans; 3 spans without their parent" in text


def test_a_trace_without_its_root_is_not_called_complete():
    health = replace(SLOW_CHECKOUT.health, rootless=1)

    assert "complete" not in plain(replace(SLOW_CHECKOUT, health=health, notes=()))


def test_remarks_that_are_sentences_are_joined_as_one():
    text = plain(
        replace(SLOW_CHECKOUT, notes=("line 2 was left out: it is too long.", "1 circle of parents, cut")),
        200,
    )

    assert "left out: it is too long; 1 circle of parents, cut\n" in text


def test_where_no_trace_is_meant_none_is_named():
    assert plain(replace(UNKNOWN_TRACE, trace_id="")).splitlines()[-1] == "jaeger://127.0.0.1:16686"


def test_like_errors_are_told_once_with_their_number():
    origin = next(error for error in SLOW_CHECKOUT.errors if error.role == "origin")

    text = plain(replace(SLOW_CHECKOUT, errors=(origin,) * 30, services=()), 200)

    assert f"began 30 times in {origin.service} {origin.operation}: " in text
    assert "began in" not in text


LONG_MESSAGE = "could not serialise access due to concurrent update of relation orders; " * 5


def with_long_errors(number):
    """The slow checkout, failing with that many different errors of 360 characters; their places are two."""
    origin = next(error for error in SLOW_CHECKOUT.errors if error.role == "origin")
    errors = tuple(replace(origin, type=f"Error{n}", message=f"{LONG_MESSAGE}end {n}") for n in range(number))
    return replace(SLOW_CHECKOUT, errors=errors, services=())


def lines_of_errors(report, width=80):
    """How many lines stand between the labels of the errors and of the trace."""
    lines = plain(report, width).splitlines()
    labels = [
        next(n for n, line in enumerate(lines) if line.startswith(f"  {label}"))
        for label in ("errors", "the trace")
    ]
    return labels[1] - labels[0]


@pytest.mark.parametrize(("number", "lines"), [(1, 4), (2, 4), (3, 6), (9, 7)])
def test_long_messages_of_errors_leave_room_for_the_rest_of_the_screen(number, lines):
    assert lines_of_errors(with_long_errors(number)) == lines


def test_of_a_long_message_both_ends_are_shown():
    text = plain(with_long_errors(2))

    assert "Error1: could not" in text
    assert "…" in text
    assert "end 1\n" in text


def test_a_short_message_is_shown_whole_whatever_the_names():
    origin = next(error for error in SLOW_CHECKOUT.errors if error.role == "origin")
    long = replace(origin, operation="SELECT sku FROM stock WHERE warehouse = ? AND sku IN (?) FOR UPDATE")

    text = plain(replace(SLOW_CHECKOUT, errors=(long, replace(long, type="Other")), services=()))

    assert "in the cache" in text


def test_errors_that_the_report_leaves_out_are_not_counted_out():
    origin = next(error for error in SLOW_CHECKOUT.errors if error.role == "origin")
    many = replace(SLOW_CHECKOUT.services[0], errors=5_000)

    text = plain(replace(SLOW_CHECKOUT, errors=(origin,) * 30, services=(many,)), 200)

    assert "began at least 30 times in" in text


@pytest.mark.parametrize("width", range(40, 60))
def test_no_line_ends_between_a_number_and_its_unit(width):
    text = plain(replace(SLOW_CHECKOUT, headline="It took 1.5 s, 20 ms (30 % of it), at most 400 µs."), width)

    assert not re.search(r"\d\n *(?:s|ms|%|µs)\b", text)


def test_an_empty_trace_and_an_empty_choice_are_pages_too():
    empty = Breakdown(question="", asked_at="", headline="", confidence="none", trace_id="", span_count=1)
    choice = Choice(question="", asked_at="", headline="Which one?", confidence="none")

    assert "1 span" in plain(empty)
    assert plain(choice) == "Which one?\n"


def test_times_are_in_the_readers_zone():
    assert "15:05:11 CET" in plain(SLOW_CHECKOUT)


def test_a_span_without_a_name_is_called_so_in_the_picture():
    row = replace(SLOW_CHECKOUT.waterfall[0], operation="")

    assert "(no name)" in plain(replace(SLOW_CHECKOUT, waterfall=(row,)))


def test_whom_a_caller_gave_up_on_has_not_passed_an_error_on():
    errors = (
        SpanError(span_id="1", service="web", operation="GET /", role="origin", type="TimeoutError"),
        SpanError(span_id="2", service="db", operation="SELECT", role="propagated", victim=True),
    )

    text = plain(replace(SLOW_CHECKOUT, errors=errors), 120)

    assert "callers gave up on db SELECT" in text
    assert "passed on by" not in text
