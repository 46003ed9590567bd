"""Which place is said to hold the time, and how often it ran."""

from __future__ import annotations

import pytest

from analyzers.breakdown import break_down
from analyzers.report_base import Asked
from analyzers.trace_list import list_traces
from tests.traces import repaired

MS = 1_000_000


def explained(picture):
    return break_down(repaired(picture, MS), f"{1:032x}", Asked(question="", asked_at=""))


@pytest.mark.parametrize("kind", ["client", "server", "internal"])
def test_a_child_with_the_name_of_the_root_is_not_the_root(kind):
    report = explained(f"web GET  0..1000  server\n  web GET  50..950  {kind}")

    assert report.headline == "GET took 1 s; most of it (900 ms) is GET by web, beneath it."
    assert (report.bottleneck.span_id[-1], report.bottleneck.share) == ("2", 0.9)
    assert [(one.saved_ns // MS, one.is_root) for one in report.savings] == [(900, False), (100, True)]


def test_a_root_that_holds_most_itself_is_told_from_children_of_its_name():
    report = explained("job process  0..1000\n  job process  700..900")

    assert report.headline.endswith("most of it (800 ms) is in job process itself, where there are no spans.")
    assert (report.bottleneck.is_root, report.bottleneck.share, report.bottleneck.count) == (True, 0.8, 1)


def test_a_root_that_dealt_with_a_failure_of_its_own_name_did_not_fail():
    report = explained("job process  0..1000\n  job process  700..900  error")

    assert report.headline.startswith("process took 1 s;")


def test_calls_beside_the_critical_path_are_counted_as_well():
    calls = "\n".join(
        f"  a SELECT users  {start}..{start + 95}" for start in range(0, 600, 100) for _ in range(4)
    )
    report = explained(f"a GET  0..600\n{calls}")

    assert report.headline.endswith("almost all of it (570 ms) is SELECT users run 24 times by a.")


def test_calls_in_parallel_are_counted():
    report = explained("a GET  0..100\n" + "\n".join(f"  a load  0..{80 + n}" for n in range(12)))

    assert report.headline.endswith("is load run 12 times by a.")


def test_of_many_nested_runs_the_one_that_holds_the_time_is_not_many():
    depth = 50
    nested = "\n".join(f"{'  ' * (n + 1)}a rec  {n}..{10_000 - n}" for n in range(depth))

    assert explained(f"a GET  0..10000\n{nested}").headline.endswith("is rec by a.")


def test_runs_that_nobody_waited_for_are_not_counted():
    report = explained("""
        a GET  0..100
          a load  0..40
          a load  45..90
          b work  50..900  consumer
            a load  500..540
    """)

    assert report.bottleneck.count == 2


def test_a_list_of_traces_counts_as_the_breakdown_does():
    one = "\n".join(f"  a load  0..{80 + n}" for n in range(3))
    spans = repaired(f"a GET  0..100\n{one}\n---\na GET  0..100\n{one}", MS).spans

    (second,) = list_traces(spans, [1])

    assert second.summary.bottleneck.count == 3
