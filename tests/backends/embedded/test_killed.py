"""Whatever was acknowledged survives the end of the process, and is counted once."""

from benchmarks.killed import Checked, killed


def test_killed_while_it_writes_and_measures_every_acknowledged_span_is_there_and_counted_once(tmp_path):
    checked = [killed(tmp_path, number, parts) for number, parts in enumerate((1, 40, 173))]

    assert checked == [Checked(lost=0, doubled=0, miscounted=False)] * 3
