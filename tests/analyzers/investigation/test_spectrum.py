"""Which places are unusual when requests are."""

from __future__ import annotations

import numpy as np
import pytest

from analyzers.investigation.cohort import cohort_of
from analyzers.investigation.observations import observe
from analyzers.investigation.spectrum import spectrum
from tests.analyzers.investigation.cohorts import PAY_SLOW, USUAL, records, repaired_of

FAILED = """
    front GET /    0..100  server error
      pay charge   10..40  server error
      mail send    50..90  server
"""


def both(slow, usual_times, slow_times):
    """Windows of which the later one has some requests of another picture."""
    before = cohort_of(repaired_of(records(USUAL, times=60)), None)
    later = [records(USUAL, times=usual_times, seed=2)] if usual_times else []
    later.append(records(slow, times=slow_times, seed=3, first=500))
    return observe(before, cohort_of(repaired_of(*later), None))


def of(observed, found, service):
    places = [n for n, key in enumerate(observed.places) if key.caller < 0]
    at = next(n for n in places if observed.named(n)[0] == service)
    return found.in_slow[at], found.in_others[at], found.ochiai[at]


def definition(observed, place):
    """Ochiai's coefficient of a place, request by request: unusual is what nine in ten like ones were not before."""
    early, late = observed.both
    limit = {}
    for site in set(early.site.tolist()):
        limit[site] = sorted(early.own_ns[early.site == site].tolist())[
            int(np.ceil(0.9 * (early.site == site).sum())) - 1
        ]
    unusual = {
        request
        for request, at, site, own in zip(
            late.request.tolist(), late.place.tolist(), late.site.tolist(), late.own_ns.tolist(), strict=True
        )
        if at == place and site in limit and own > limit[site]
    }
    usual = sorted(early.cohort.duration_ns.tolist())
    high = usual[int(np.ceil(0.9 * len(usual))) - 1]
    slow = {n for n, took in enumerate(late.cohort.duration_ns.tolist()) if took > high}
    return len(slow & unusual) / np.sqrt(len(slow) * len(unusual)) if slow and unusual else 0.0


def test_a_place_that_is_slow_in_the_slow_requests_alone_goes_with_them():
    observed = both(PAY_SLOW, 60, 30)
    found = spectrum(observed)

    in_slow, in_others, ochiai = of(observed, found, "pay")
    assert in_slow > 0.75
    assert in_others < 0.15
    assert ochiai > of(observed, found, "mail")[2] + 0.3


def test_agrees_with_the_definition():
    observed = both(PAY_SLOW, 60, 30)
    found = spectrum(observed)

    operations = [n for n, key in enumerate(observed.places) if key.caller < 0]
    assert found.ochiai[operations].tolist() == pytest.approx([definition(observed, n) for n in operations])


def test_failing_requests_count_as_slow_ones():
    found = spectrum(both(FAILED, 60, 30))

    assert found.slow >= 30 / 90


def test_where_all_are_slow_there_are_no_others():
    observed = both(PAY_SLOW, 0, 60)
    found = spectrum(observed)

    assert found.slow == 1
    assert of(observed, found, "pay")[:2] == (1.0, 0.0)


def test_what_the_baseline_does_not_know_is_not_unusual():
    observed = both("front GET /  0..100 server\n  new thing  10..90 server", 60, 30)
    found = spectrum(observed)

    assert of(observed, found, "new") == (0.0, 0.0, 0.0)
