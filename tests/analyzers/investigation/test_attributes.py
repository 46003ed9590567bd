from __future__ import annotations

import numpy as np

from analyzers.investigation.association import adjusted, associations, fisher_tails
from analyzers.investigation.attributes import shared_attributes
from analyzers.investigation.conjunctions import joint_value
from analyzers.investigation.investigate import investigate
from analyzers.investigation.observations import observe
from tests.analyzers.investigation.cohorts import cohort_of, question, records, repaired_of

PLAIN = "front GET /  0..100  server user.tier={tier} region={region} shard={shard} twin={shard}"


def window(slow_tier, seed):
    """Three hundred requests of three tiers on two shards; those of one tier take five times as long."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(300):
        tier = str(rng.choice(["gold", "silver", "basic"]))
        picture = PLAIN.format(tier=tier, region=rng.choice(["eu", "us"]), shard=rng.integers(1, 4))
        if tier == slow_tier:
            picture = picture.replace("0..100", "0..500")
        made.append(records(picture, times=1, first=number, seed=number))
    return repaired_of(*made)


def test_the_value_that_slow_requests_share_is_found():
    report = investigate(window(None, 1), window("gold", 2), question())

    assert [(one.where, one.key, one.value) for one in report.attributes] == [
        ("request", "user.tier", "gold")
    ]


def test_it_says_what_requests_take_without_it():
    shared = investigate(window(None, 1), window("gold", 2), question()).attributes[0]

    assert 90e6 < shared.incident_without_ns < 120e6
    assert shared.coverage_ratio > 0.75


def test_what_is_taken_without_it_is_told_in_the_measure_asked_about():
    report = investigate(window(None, 1), window("gold", 2), question(measure="p95"))

    assert report.change.incident_ns > 400e6
    assert 108e6 < report.attributes[0].incident_without_ns < 120e6


def test_values_that_the_same_requests_carry_are_one():
    seen = observe(cohort_of(window(None, 1)), cohort_of(of_shard_two(window_of_shards())))

    shared = shared_attributes(seen, None)

    assert {shared[0].key, shared[0].same_as[0].partition("=")[0]} == {"shard", "twin"}


def window_of_shards():
    rng = np.random.default_rng(9)
    return [(number, int(rng.integers(1, 4))) for number in range(300)]


def of_shard_two(numbered):
    return repaired_of(
        *(
            records(
                PLAIN.format(tier="gold", region="eu", shard=shard).replace(
                    "0..100", "0..500" if shard == 2 else "0..100"
                ),
                times=1,
                first=number,
                seed=number,
            )
            for number, shard in numbered
        )
    )


def test_of_permuted_labels_at_most_five_per_cent_are_explained():
    rng = np.random.default_rng(4)
    explained = 0
    for _ in range(400):
        carries = rng.random((60, 300)) < rng.uniform(0.02, 0.6, (60, 1))
        slow = rng.permutation(np.arange(300) < 60)
        found = associations(carries, slow)
        explained += any(one.q_value <= 0.05 and one.lift >= 1.5 and one.coverage >= 0.2 for one in found)

    assert explained / 400 <= 0.05


def test_exact_tails_are_those_of_counting_by_hand():
    # Of 4 requests 2 are slow; both carriers are among them in 1 of 6 ways, at least one is in 5 of 6.
    tails = fisher_tails(np.array([2, 1]), np.array([2, 2]), 2, 4)

    assert np.allclose(tails, [1 / 6, 5 / 6])


def test_q_values_are_those_of_benjamini_and_hochberg():
    assert np.allclose(adjusted(np.array([0.01, 0.04, 0.03])), [0.03, 0.04, 0.04])


def test_two_values_that_only_together_are_slow_are_found_together():
    rng = np.random.default_rng(5)
    carries = rng.random((5, 1200)) < 0.4
    slow = (carries[1] & carries[3]) | (rng.random(1200) < 0.02)

    joint = joint_value(carries, slow, [one.lift for one in associations(carries, slow)])

    assert (joint.first, joint.second) == (1, 3)


def test_chance_makes_no_two_values_slow_together():
    rng = np.random.default_rng(6)
    carries = rng.random((30, 1200)) < 0.4
    slow = rng.random(1200) < 0.2

    assert joint_value(carries, slow, [one.lift for one in associations(carries, slow)]) is None


def test_a_version_that_the_baseline_did_not_see_is_evidence():
    before, after = records("pay charge  0..100  server"), records("pay charge  0..400  server", seed=2)
    for record in before:
        record.resource = (("service.version", "2.4.0"),)
    for record in after:
        record.resource = (("service.version", "2.5.0"),)

    report = investigate(repaired_of(before), repaired_of(after), question())

    assert any("pay version 2.5.0 is new, first seen at" in text for text in report.causes[0].evidence)


def test_a_version_that_was_rolled_out_just_before_is_evidence():
    before, after = records("pay charge  0..100  server"), records("pay charge  0..400  server", seed=2)
    for record in before:
        record.resource = (("service.version", "2.4.0"),)
    for record in (*before[-2:], *after):
        record.resource = (("service.version", "2.5.0"),)

    report = investigate(repaired_of(before), repaired_of(after), question())

    assert any("pay version 2.5.0 is new, first seen at" in text for text in report.causes[0].evidence)


def test_a_version_that_ran_on_many_hosts_before_is_not_new():
    before, after = records("pay charge  0..100  server"), records("pay charge  0..400  server", seed=2)
    for number, record in enumerate(before):
        record.resource = (("service.version", "2.5.0"), ("host.name", f"pod-{number % 30}"))
    for record in after:
        record.resource = (("service.version", "2.5.0"), ("host.name", "pod-0"))

    report = investigate(repaired_of(before), repaired_of(after), question())

    assert not any("is new" in text for text in report.causes[0].evidence)


def test_versions_that_run_side_by_side_are_no_evidence():
    before, after = records("pay charge  0..100  server"), records("pay charge  0..400  server", seed=2)
    for record in (*before[::3], *after[::3]):
        record.resource = (("service.version", "2.5.0"),)

    report = investigate(repaired_of(before), repaired_of(after), question())

    assert not any("is new" in text for text in report.causes[0].evidence)
