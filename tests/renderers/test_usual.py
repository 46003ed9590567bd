"""What is usual, in the tables of operations and services."""

from datetime import UTC

import msgspec

from analyzers.report import OperationRow, Operations, Services
from renderers.slack import SlackView, render_report
from renderers.terminal import render_terminal

ROW = OperationRow(
    service="payment",
    operation="charge",
    kind="server",
    calls=200,
    error_ratio=0.0,
    p50_ns=300_000_000,
    p95_ns=600_000_000,
    p99_ns=700_000_000,
    usual_p95_ns=210_000_000,
    status="slower",
)
NEW = msgspec.structs.replace(ROW, operation="refund", usual_p95_ns=None, status="new")
UNKNOWN = msgspec.structs.replace(NEW, status="normal")


def operations(*rows, kind=Operations):
    return kind(question="operations", asked_at="", headline="2 ran.", confidence="high", rows=rows)


def shown(report, width=120):
    return render_terminal(report, width=width, colour=False, zone=UTC, encoding="utf-8")


def test_what_is_usual_stands_beside_p95_with_a_word():
    lines = shown(operations(ROW, NEW)).splitlines()

    assert lines[2].split()[-3:] == ["usual", "p95", "status"]
    assert lines[3].split()[-3:] == ["210", "ms", "slower"]
    assert lines[4].split()[-2:] == ["-", "new"]


def test_services_have_it_too():
    assert "slower" in shown(operations(ROW, kind=Services))


def test_where_nothing_is_known_there_is_no_empty_column():
    assert "usual" not in shown(operations(UNKNOWN))


def test_a_narrow_page_keeps_what_is_usual():
    assert "slower" in shown(operations(ROW), 80)


def test_slack_shows_both():
    blocks = str(render_report(operations(ROW), SlackView()).blocks)

    assert "210 ms" in blocks
    assert "slower: " in blocks
