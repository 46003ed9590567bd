from __future__ import annotations

import pytest

from analyzers.investigation.investigate import compare_periods
from analyzers.investigation.versions import of_version
from analyzers.report import Scope
from tests.analyzers.investigation.cohorts import question, records, repaired_of

PAY = Scope(service="pay")


def both_versions():
    old = records("front GET /  0..100  server\n  pay charge  10..50  server")
    new = records("front GET /  0..300  server\n  pay charge  10..250  server", first=500, seed=2)
    for some, version in ((old, "1.4"), (new, "v1.5")):
        for record in some:
            if record.service == "pay":
                record.resource = (("service.version", version),)
    return repaired_of(old, new)


def test_a_version_is_the_traces_in_which_it_ran():
    kept = of_version(both_versions(), PAY, "v1.4")

    assert (len(kept.spans.trace_ids), kept.health.traces, len(kept.spans)) == (60, 60, 120)


def test_a_version_that_never_ran_has_no_traces():
    assert len(of_version(both_versions(), PAY, "9").spans) == 0


def test_two_versions_are_compared():
    whole = both_versions()

    report = compare_periods(
        of_version(whole, PAY, "1.4"), of_version(whole, PAY, "1.5"), question(PAY, versions=("1.4", "1.5"))
    )

    assert (report.verdict, report.causes[0].service) == ("slower", "pay")
    assert report.headline.startswith("pay is slower as version 1.5 than as 1.4 in the last hour: mean ")
    assert report.notes[0].startswith("compared with requests to version 1.4 ")


@pytest.mark.parametrize(
    ("old", "new", "missing"),
    [
        ("1.3", "1.5", "no requests to version 1.3 between 16:00 and 17:00 UTC"),
        ("1.4", "1.6", "no requests to version 1.6"),
    ],
)
def test_of_a_version_that_never_ran_it_says_which(old, new, missing):
    whole = both_versions()

    report = compare_periods(
        of_version(whole, PAY, old), of_version(whole, PAY, new), question(PAY, versions=(old, new))
    )

    assert report.verdict == "cannot_tell"
    assert report.headline == (
        f"Cannot tell whether pay was slower as version {new} than as {old} in the last hour: {missing}, at least 30 needed. "
        "Ask for a period in which both ran, as: last 1d."
    )
