"""What is noise and what is not: rare long calls, slow minutes, busier machines, clocks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analyzers.investigation.investigate import investigate
from analyzers.investigation.like_for_like import MOMENTS, Measured, compare
from tests.analyzers.investigation.cohorts import question, records, repaired_of, why

SHOP = """
    front GET /buy     0..{front}
      cart add         {cart}
      pay charge       {pay}
      mail send        {mail}
      stock book       {stock}
"""
USUAL = {"front": 100, "cart": "10..20", "pay": "30..40", "mail": "50..60", "stock": "70..80"}
BUSIER = {"front": 110, "cart": "11..22", "pay": "33..44", "mail": "55..66", "stock": "77..88"}
TWICE = {"front": 200, "cart": "20..40", "pay": "60..80", "mail": "100..120", "stock": "140..160"}


def measured(early, late, moments=None):
    values = np.concatenate((early, late))
    n = len(values)
    moment = np.arange(n) % MOMENTS if moments is None else moments
    return Measured(
        value=values,
        weight=np.ones(n),
        late=np.repeat([0, 1], [len(early), len(late)]),
        kind=np.zeros(n, dtype=np.int64),
        of=np.zeros(n, dtype=np.int64),
        moment=moment,
    )


def test_a_few_calls_that_take_very_long_are_no_chance():
    random = np.random.default_rng(1)
    early, late = random.lognormal(3, 0.5, (2, 300))
    late[::15] += 1_000

    assert compare(measured(early, late), 1).z[0] > 3.5


def test_three_long_calls_may_be_chance():
    random = np.random.default_rng(1)
    early, late = random.lognormal(3, 0.5, (2, 300))
    late[::100] += 1_000

    assert compare(measured(early, late), 1).z[0] < 3.5


def test_minutes_that_differ_before_may_differ_later():
    random = np.random.default_rng(1)
    by_moment = np.repeat(random.normal(0, 0.5, 2 * MOMENTS), 50)
    values = np.exp(by_moment + random.normal(0, 0.3, len(by_moment)))
    early, late = np.split(values, 2)
    late = late * 1.2 / late.mean() * early.mean()
    moment = np.tile(np.repeat(np.arange(MOMENTS), 50), 2)

    mixed = compare(measured(early, late), 1).z[0]
    lasting = compare(measured(early, late, moment), 1).z[0]

    assert lasting < mixed / 2


def test_a_large_kind_counts_for_more_than_a_small_one():
    random = np.random.default_rng(1)
    early, late = random.lognormal(0, 0.3, (2, 440))
    late[:400] *= 1.15
    of = measured(early, late)
    kind = np.tile(np.r_[np.zeros(400), np.repeat(np.arange(1, 9), 5)], 2).astype(np.int64)
    parted = Measured(of.value, of.weight, of.late, kind, of.of, of.moment)

    assert compare(parted, 1).z[0] > 4


def test_a_tenth_more_in_all_services_is_a_busier_machine_and_not_slower():
    assert why(SHOP.format(**USUAL), SHOP.format(**BUSIER), times=200).verdict == "not_slower"


def test_twice_as_much_in_all_services_is_slower():
    assert why(SHOP.format(**USUAL), SHOP.format(**TWICE), times=200).verdict == "slower"


def test_a_slow_service_is_found_on_a_busier_machine():
    slow = BUSIER | {"front": 140, "pay": "33..74", "mail": "85..96", "stock": "107..118"}

    report = why(SHOP.format(**USUAL), SHOP.format(**slow), times=200)

    assert report.verdict == "slower"
    assert report.services_ranked[0] == "pay"


def test_a_service_that_stands_still_now_and_then_is_found_over_its_callers():
    calm = """
        one work    0..100
          pay charge  40..60
    """
    held = calm.replace("0..100", "0..600").replace("40..60", "540..560")
    more = {"two": 500, "six": 700}
    others = [(calm.replace("one", name), held.replace("one", name), first) for name, first in more.items()]
    before = repaired_of(
        records(calm, times=100), *(records(quick, times=40, first=first) for quick, _, first in others)
    )
    after = repaired_of(
        records(calm, times=80, seed=2),
        records(held, times=20, seed=2, first=200),
        *(records(quick, times=32, seed=2, first=first) for quick, _, first in others),
        *(records(slow, times=8, seed=2, first=first + 100) for _, slow, first in others),
    )

    assert investigate(before, after, question()).services_ranked[0] == "pay"


def test_rare_kinds_are_put_together_by_where_they_entered():
    random = np.random.default_rng(1)
    entry = np.repeat([0, 1, 0, 1], [60, 30, 30, 60])
    values = np.where(entry == 1, 100.0, 10.0) * random.lognormal(0, 0.1, 180)
    mixed = replace(measured(*np.split(values, 2)), kind=np.arange(180))

    assert compare(mixed, 1).z[0] > 3
    assert compare(replace(mixed, rest=entry), 1).z[0] < 2
