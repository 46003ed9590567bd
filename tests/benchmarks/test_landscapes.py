from __future__ import annotations

import pytest

from analyzers.investigation.investigate import investigate
from benchmarks.accuracy import Ranked
from benchmarks.landscapes import Answer, table
from benchmarks.simulator.case import question
from benchmarks.simulator.landscape_case import LANDSCAPES, landscape_case
from benchmarks.simulator.trouble import Trouble


@pytest.mark.parametrize("name", list(LANDSCAPES))
def test_a_slow_pod_is_found_in_a_larger_system(name):
    case = landscape_case(1, name, Trouble.DELAY)

    report = investigate(case.baseline, case.incident, question())

    assert report.services_ranked[0] in case.blamed


def test_a_seed_is_the_same_landscape_every_time():
    first, second = (landscape_case(3, "web shop", Trouble.CPU) for _ in range(2))

    assert first.blamed == second.blamed
    assert first.incident.spans.duration_ns.tolist() == second.incident.spans.duration_ns.tolist()


def test_a_landscape_without_a_place_for_a_trouble_has_no_case_of_it():
    assert landscape_case(1, "ticket office", Trouble.QUEUE) is None


def test_trouble_that_no_request_met_is_counted_apart():
    met = Answer(Ranked("cpu", ("a",), ("a", "b"), "slower"), told_by_spans=True, verdict_right=True)
    unmet = Answer(Ranked("cpu", ("a",), ("b", "a"), "not_slower"), told_by_spans=False, verdict_right=True)

    lines = list(table([met, unmet]))

    assert "| cpu | 2 | 1 | 100 % | 100 % | 100 % | 50 % |" in lines
