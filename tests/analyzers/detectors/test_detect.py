"""All detectors on a small shop: what they tell of, and where they are silent."""

import numpy as np
import pytest

from analyzers.baselines.history import advanced, empty_history
from analyzers.baselines.slots import DAY_SLOTS, SLOT_NS
from analyzers.detectors.detect import find_all, learn
from analyzers.detectors.finding import FindingKind
from analyzers.minutes import NO_MINUTES, OperationMinutes, merged
from tests.analyzers.steady import MONDAY_SLOT, NOW, OPERATIONS, calls, findings_after, learned, past


def told(findings):
    return [(one.operation, one.kind) for one in findings]


def test_steady_days_bring_nothing():
    assert findings_after(calls(NOW, NOW + 6), 6) == ()


def test_twice_as_slow_is_told_after_the_second_slot():
    minutes = calls(NOW, NOW + 2, slower={1: 2.0})

    assert findings_after(minutes, 1) == ()
    assert told(findings_after(minutes, 2)) == [("operation 1", FindingKind.SLOWER)]


def test_a_finding_says_since_when_how_much_and_why():
    (finding,) = findings_after(calls(NOW, NOW + 6, slower={1: 2.0}), 6)

    assert finding.since_ns == NOW * SLOT_NS
    assert finding.until_ns == (NOW + 6) * SLOT_NS
    assert finding.effect == pytest.approx(2, rel=0.15)
    assert finding.q_value < 1e-3
    assert "usually" in finding.reason
    assert "at this hour (from 4 days)" in finding.reason
    assert "up for 30 min" in finding.reason


def second_day(slower):
    """A system that is watched since a day and a half, and half an hour in which its first operation is slower."""
    begin = NOW - DAY_SLOTS - 144
    history = advanced(empty_history(begin), calls(begin, NOW), begin, NOW)
    return find_all(advanced(history, calls(NOW, NOW + 6, slower={0: slower}), NOW, NOW + 6), learn(history))


def test_on_the_second_day_a_large_change_is_told_as_still_learning():
    (finding,) = second_day(2.5)

    assert finding.learning
    assert "still learning" in finding.reason


def test_on_the_second_day_small_changes_are_not_told():
    assert second_day(1.3) == ()


def test_a_small_change_is_told_within_hours():
    assert ("operation 2", FindingKind.SLOWER) in told(
        findings_after(calls(NOW, NOW + 24, slower={2: 1.35}), 24)
    )


def test_less_than_a_millisecond_more_is_not_told():
    fast = dict.fromkeys(range(6), 0.001)
    begin = NOW - 4 * DAY_SLOTS
    quick = calls(begin, NOW, slower=fast)
    slower = calls(NOW, NOW + 6, slower={**fast, 0: 0.0016})

    history = advanced(empty_history(begin), quick, begin, NOW)

    assert find_all(advanced(history, slower, NOW, NOW + 6), learn(history)) == ()


def test_one_slow_slot_is_not_told():
    parts = [calls(NOW, NOW + 2), calls(NOW + 2, NOW + 3, slower={0: 6.0}), calls(NOW + 3, NOW + 6)]

    for slots in range(1, 7):
        assert findings_after(merged(parts), slots) == ()


def test_failures_are_told_after_five_minutes():
    (finding,) = findings_after(calls(NOW, NOW + 1, failing={3: 0.4}), 1)

    assert finding.kind is FindingKind.ERRORS
    assert finding.operation == "operation 3"
    assert finding.now > 0.2
    assert "calls failed in 5 min" in finding.reason


def test_four_failures_are_too_few_to_tell():
    assert findings_after(calls(NOW, NOW + 1, failing={3: 1.0}, factor={3: 0.05}), 1) == ()


def test_lost_traffic_is_told_after_a_quarter_of_an_hour():
    (finding,) = findings_after(calls(NOW, NOW + 3, factor={4: 0.25}), 3)

    assert finding.kind is FindingKind.TRAFFIC_LOST
    assert finding.effect < 0.5
    assert "at this hour" in finding.reason


def test_doubled_traffic_is_told():
    (finding,) = findings_after(calls(NOW, NOW + 3, factor={4: 3.0}), 3)

    assert finding.kind is FindingKind.TRAFFIC_DOUBLED


def test_what_is_not_called_any_more_has_vanished_and_is_told_once():
    (finding,) = findings_after(calls(NOW, NOW + 4, factor={5: 0.0}), 4)

    assert finding.kind is FindingKind.VANISHED
    assert finding.since_ns == NOW * SLOT_NS
    assert "no calls for 20 min" in finding.reason


def test_all_operations_sampled_otherwise_bring_nothing():
    fewer = dict.fromkeys(range(len(OPERATIONS)), 0.2)

    assert findings_after(calls(NOW, NOW + 6, factor=fewer), 6) == ()


def test_one_that_loses_its_traffic_is_told_though_sampling_changed_with_it():
    fewer = {0: 0.02, **dict.fromkeys(range(1, len(OPERATIONS)), 0.4)}

    (finding,) = findings_after(calls(NOW, NOW + 6, factor=fewer, usual=400), 6)

    assert finding.operation == "operation 0"


def test_the_hours_in_which_nobody_looked_bring_nothing():
    history = advanced(past(), calls(NOW + 30, NOW + 33), NOW + 30, NOW + 33)

    assert find_all(history, learned()) == ()


def test_a_new_operation_brings_nothing_on_its_first_day():
    minutes = calls(NOW, NOW + 12, slower={0: 5.0}, failing={0: 0.5})
    new = OperationMinutes(
        tuple(key._replace(service="new") for key in minutes.operations),
        *(getattr(minutes, name) for name in ("operation", "minute", "bucket", "calls", "errors", "spans")),
    )

    assert findings_after(merged([calls(NOW, NOW + 12), new]), 12) == ()


def test_nothing_is_told_of_an_empty_history():
    history = empty_history(MONDAY_SLOT)

    assert find_all(history, learn(history)) == ()


def test_nothing_is_told_where_all_is_silent():
    history = advanced(past(), NO_MINUTES, NOW, NOW + 1)

    assert np.isfinite(history.calls).all()
    assert find_all(history, learned()) == ()
