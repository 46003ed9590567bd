from __future__ import annotations

import json

import duckdb
import pytest

from benchmarks.rca import main

SPANS = """
    COPY (
      SELECT printf('%032x', n) AS trace_id, printf('%016x', 1 + side) AS span_id,
             CASE WHEN side = 1 THEN printf('%016x', 1) END AS parent_span_id,
             CASE side WHEN 0 THEN 'front' ELSE 'pay' END AS service, 'op' AS operation,
             NULL::VARCHAR AS kind, 1700000000000000 + n * 1000 + side * 100 AS start_us,
             CASE side WHEN 0 THEN {pay} + 10000 ELSE {pay} END + n * 7 % 50 AS duration_us,
             false AS is_error, NULL::VARCHAR AS status, NULL::VARCHAR AS attributes
      FROM range(1, 61) traces(n), range(2) sides(side)
    ) TO '{path}' (FORMAT parquet)
"""


@pytest.fixture
def folder(tmp_path):
    for name, pay_us in (("before", 5_000), ("after", 90_000)):
        duckdb.sql(SPANS.format(pay=pay_us, path=tmp_path / f"{name}.parquet"))
    case = {
        "case_id": "one",
        "true_service": "pay",
        "true_services": ["pay"],
        "fault_type": "cpu",
        "baseline_file": "before.parquet",
        "incident_file": "after.parquet",
        "visible_in_traces": True,
    }
    (tmp_path / "labels.json").write_text(json.dumps({"dataset": "tiny", "cases": [case]}))
    return tmp_path


def test_it_answers_every_case_of_a_folder(folder, capsys):
    status = main([str(folder), "--out", str(folder / "out.json")])

    answers = json.loads((folder / "out.json").read_text())
    assert status == 0
    assert list(answers[0]) == ["case_id", "true_services", "services_ranked", "verdict", "seconds"]
    assert answers[0]["services_ranked"] == ["pay", "front"]
    assert "| cpu | 1 | 100 % | 100 % | 100 % | 50 % | 100 % | 90 % |" in capsys.readouterr().out


def test_it_ranks_before_it_reads_what_was_true(folder):
    labels = json.loads((folder / "labels.json").read_text())
    labels["cases"][0] |= {"true_service": "front", "true_services": ["front"]}
    (folder / "labels.json").write_text(json.dumps(labels))

    main([str(folder), "--out", str(folder / "out.json")])

    assert json.loads((folder / "out.json").read_text())[0]["services_ranked"] == ["pay", "front"]


def test_a_folder_without_labels_is_refused_in_words(tmp_path, capsys):
    assert main([str(tmp_path)]) == 2
    assert "holds no labels.json" in capsys.readouterr().err
