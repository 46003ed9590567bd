"""Two versions of a service as the two cohorts of a comparison."""

from __future__ import annotations

import pytest

from analyzers.investigation.investigate import compare_periods
from analyzers.report_base import Scope
from tests.analyzers.investigation.cohorts import question, records, repaired_of

PAY = Scope(service="pay")
OLD = records("front GET /  0..100  server\n  pay charge  10..50  server")
NEW = records("front GET /  0..300  server\n  pay charge  10..250  server", first=500, seed=2)


def test_two_versions_are_compared():
    report = compare_periods(repaired_of(OLD), repaired_of(NEW), question(PAY, versions=("1.4", "1.5")))

    assert (report.verdict, report.causes[0].service) == ("slower", "pay")
    assert report.headline.startswith("pay is slower as version 1.5 than as 1.4 in the last hour: mean ")
    assert report.notes[0].startswith("compared with requests to version 1.4 ")


@pytest.mark.parametrize(
    ("old", "new", "missing"),
    [
        ([], NEW, "no requests to version 1.4 between 16:00 and 17:00 UTC"),
        (OLD, [], "no requests to version 1.5"),
    ],
)
def test_of_a_version_that_never_ran_it_says_which(old, new, missing):
    report = compare_periods(repaired_of(old), repaired_of(new), question(PAY, versions=("1.4", "1.5")))

    assert report.verdict == "cannot_tell"
    assert report.headline == (
        f"Cannot tell whether pay was slower as version 1.5 than as 1.4 in the last hour: {missing}, at least 30 needed. "
        "Ask for a period in which both ran, as: last 1d."
    )
