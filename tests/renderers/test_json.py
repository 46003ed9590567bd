"""Reports as JSON: one object a line, with the keys that docs/reference/report.md promises."""

from __future__ import annotations

import json
import unicodedata

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.report import AnyReport
from renderers.json import render_json
from tests.renderers.reports import CHOICE, FAILURE, SLOW_CHECKOUT, UNKNOWN_TRACE


@pytest.mark.parametrize("report", [SLOW_CHECKOUT, UNKNOWN_TRACE, CHOICE, FAILURE])
def test_a_report_is_one_line_that_reads_back_as_itself(report):
    line = render_json(report)

    assert line.index("\n") == len(line) - 1
    assert msgspec.json.decode(line, type=AnyReport) == report


def test_kinds_and_schema_stand_where_programs_look_for_them():
    kinds = [json.loads(render_json(report))["kind"] for report in (SLOW_CHECKOUT, CHOICE, FAILURE)]

    assert kinds == ["breakdown", "choice", "error"]
    assert json.loads(render_json(FAILURE))["schema"] == "tracewhy.report/1"


def test_what_is_not_known_is_null_and_never_left_out():
    answer = json.loads(render_json(UNKNOWN_TRACE))

    assert answer["window"] is None
    assert answer["root"] is None
    assert answer["services"] == []
    assert answer["understood"]["scope"] is None


def test_text_that_is_no_unicode_still_makes_json():
    line = render_json(msgspec.structs.replace(FAILURE, problem="caf\udce9"))

    assert json.loads(line)["problem"] == "caf?"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_text_acts_on_a_terminal_and_every_text_reads_back(text):
    line = render_json(msgspec.structs.replace(FAILURE, problem=text))

    assert not {unicodedata.category(char) for char in line[:-1]} & {"Cc", "Cf", "Zl", "Zp"}
    assert json.loads(line)["problem"] == text


def test_what_is_read_from_right_to_left_is_escaped():
    line = render_json(msgspec.structs.replace(FAILURE, problem="\u202eabc\x9b31m\x7f\U000e0041 é"))

    assert r'"problem":"\u202eabc\u009b31m\u007f\udb40\udc41 é"' in line
