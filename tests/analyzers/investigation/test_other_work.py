"""Other requests, other work for the same requests, and work that nobody waits for."""

from __future__ import annotations

import numpy as np

from analyzers.investigation.investigate import investigate
from analyzers.investigation.like_for_like import Measured, compare
from tests.analyzers.investigation.cohorts import question, records, repaired_of, why

LIGHT = """
    front POST /buy     0..50   server
      shop POST /do     5..45   server
        cart GET /cart  10..30  server
"""
HEAVY = """
    front POST /report  0..250  server
      shop POST /do     5..245  server
        cart GET /cart  10..230 server
"""
HIT = """
    front GET /p        0..20   server
      front cache get   5..7    client
"""
MISS = """
    front GET /p        0..100  server
      front cache get   5..7    client
      front SELECT p    10..90  client
"""
TO_LIGHT = """
    proxy ingress       0..52   server
      front POST /buy   1..51   server
        cart GET /cart  10..30  server
"""
TO_HEAVY = """
    proxy ingress       0..252  server
      front POST /report  1..251 server
        sums GET /sums  10..230 server
"""
QUEUED = """
    front POST /buy     0..40   server
      front publish     20..21  producer
        worker process  41..{end}  consumer
"""
MOMENT = np.tile(np.arange(8), 1_000)


def both(before, after):
    """The report on windows of (picture, times)."""
    windows = [
        repaired_of(
            *(
                records(picture, times=times, seed=seed + n, first=1 + 1_000 * n)
                for n, (picture, times) in enumerate(side)
            )
        )
        for seed, side in ((1, before), (11, after))
    ]
    return investigate(*windows, question())


def measured(early, late, kind=None):
    value, n = np.concatenate((early, late)), len(early) + len(late)
    return Measured(
        value=value,
        weight=np.ones(n),
        late=np.repeat([0, 1], [len(early), len(late)]),
        kind=np.zeros(n, dtype=np.int64) if kind is None else kind,
        of=np.zeros(n, dtype=np.int64),
        moment=MOMENT[:n],
    )


def test_more_requests_of_a_heavy_kind_are_not_slower_ones():
    report = both([(LIGHT, 180), (HEAVY, 20)], [(LIGHT, 80), (HEAVY, 120)])

    assert report.verdict == "not_slower", report.headline
    assert "since other kinds of requests were made" in report.headline


def test_a_cold_cache_makes_the_same_requests_slower():
    report = both([(HIT, 190), (MISS, 10)], [(HIT, 20), (MISS, 180)])

    assert report.verdict == "slower", report.headline
    assert (report.causes[0].service, report.causes[0].change) == ("front", "new")
    assert report.causes[0].share > 0.9
    assert not any("other kinds of requests" in note for note in report.notes)


def test_a_proxy_that_gets_other_traffic_does_no_other_work():
    report = both([(TO_LIGHT, 195), (TO_HEAVY, 5)], [(TO_LIGHT, 80), (TO_HEAVY, 120)])

    assert report.verdict == "not_slower", report.headline


def test_a_cache_that_is_a_little_colder_is_other_traffic():
    report = both([(HIT, 100), (MISS, 100)], [(HIT, 80), (MISS, 120)])

    assert report.verdict == "not_slower", report.headline


def test_work_that_no_request_waits_for_is_told_as_such():
    report = why(QUEUED.format(end=61), QUEUED.format(end=941), times=200)

    assert report.causes[0].service == "worker"
    assert report.headline.startswith("worker process, which no request waits for, takes longer")
    assert "requests are not slower" in report.headline


def test_ten_values_far_beyond_any_wobble_are_as_sure_as_ten_values_are():
    random = np.random.default_rng(3)
    wobble = np.repeat(random.normal(0, 0.4, 8), 5)
    early = np.exp(3 + wobble + random.normal(0, 0.2, 40))
    moment = np.r_[np.repeat(np.arange(8), 5), np.arange(10) % 8]

    def surely(late):
        one = measured(early, late)
        return compare(Measured(one.value, one.weight, one.late, one.kind, one.of, moment), 1).z[0]

    assert surely(np.full(10, early.max() * 50)) > 4
    assert surely(np.exp(3.6 + random.normal(0, 0.2, 10))) < 3.5


def test_one_kind_that_became_slower_is_not_hidden_by_many_that_did_not():
    random = np.random.default_rng(3)
    early, late = random.lognormal(0, 0.3, (2, 800))
    kind = np.tile(np.arange(800) % 20, 2)
    late[kind[:800] == 0] *= 2

    assert compare(measured(early, late, kind), 1).z[0] > 3.5


def test_the_surest_of_many_kinds_is_chance_where_none_became_slower():
    found = []
    for seed in range(200):
        random = np.random.default_rng(seed)
        early, late = random.lognormal(0, 0.3, (2, 400))
        found.append(compare(measured(early, late, np.tile(np.arange(400) % 20, 2)), 1).z[0])

    assert sum(z > 3.5 for z in found) <= 1
