from __future__ import annotations

from benchmarks.completeness import figures


def test_of_a_folder_without_cases_only_that_is_told(tmp_path):
    (tmp_path / "labels.json").write_text('{"cases": []}')

    assert [one.value for one in figures(tmp_path)] == [0]
