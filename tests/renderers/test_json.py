"""Reports as JSON: one object a line, with the keys that REPORT.md promises."""

from __future__ import annotations

import json

import msgspec
import pytest

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
