from __future__ import annotations

import pytest

from analyzers.investigation.investigate import investigate
from benchmarks.simulator.case import question, simulated_case
from benchmarks.simulator.fault import Kind


@pytest.mark.parametrize("kind", [Kind.CPU, Kind.NETWORK, Kind.SLOW_DATABASE])
def test_a_simulated_fault_is_found(kind):
    case = simulated_case(5, kind)

    report = investigate(case.baseline, case.incident, question())

    assert report.services_ranked[0] in case.blamed


def test_a_seed_is_the_same_case_every_time():
    first, second = simulated_case(5, Kind.CPU), simulated_case(5, Kind.CPU)

    assert first.blamed == second.blamed
    assert first.incident.spans.duration_ns.tolist() == second.incident.spans.duration_ns.tolist()


def test_without_a_fault_nothing_is_slower():
    case = simulated_case(5, Kind.NONE)

    assert investigate(case.baseline, case.incident, question()).verdict == "not_slower"
