"""One cause, one group: twenty callers of one slow service are its impact, two faults are two groups."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.builder import build_table
from analyzers.call_edges import CallEdge, call_edges
from analyzers.detectors.finding import Finding, FindingKind
from analyzers.grouping import group_findings, key_of
from analyzers.minutes import OperationKey
from analyzers.repair import repair
from analyzers.table import Kind
from tests.traces import drawn

MINUTE_NS = 60_000_000_000
MS = 1_000_000.0


def finding(service, baseline, now, kind=FindingKind.SLOWER, since_minutes=0, operation="work"):
    return Finding(
        service=service,
        operation=operation,
        span_kind=Kind.SERVER,
        kind=kind,
        what="p95",
        since_ns=since_minutes * MINUTE_NS,
        until_ns=60 * MINUTE_NS,
        baseline=baseline,
        now=now,
        q_value=0.001,
        reason="",
    )


def edge(caller, callee, calls=1.0, kind=Kind.SERVER):
    return CallEdge(OperationKey(caller, "work", Kind.SERVER), OperationKey(callee, "work", kind), calls)


def test_twenty_callers_of_one_slow_service_are_one_group():
    callers = [f"caller-{number:02}" for number in range(20)]
    findings = [
        finding("payment", 100 * MS, 300 * MS),
        *(finding(one, 200 * MS, 410 * MS) for one in callers),
    ]

    (group,) = group_findings(findings, [edge(one, "payment") for one in callers])

    assert group.cause.service == "payment"
    assert [one.service for one in group.impact] == callers
    assert group.reason == "payment work is slower; it accounts for 20 operations that call it"


def test_two_independent_faults_are_two_groups():
    findings = [
        finding("payment", 100 * MS, 300 * MS),
        finding("checkout", 200 * MS, 420 * MS),
        finding("search", 50 * MS, 250 * MS),
    ]

    groups = group_findings(findings, [edge("checkout", "payment")])

    assert [group.cause.service for group in groups] == ["payment", "search"]
    assert [len(group) for group in groups] == [2, 1]


def test_a_caller_that_is_much_slower_than_its_callee_explains_has_a_cause_of_its_own():
    findings = [finding("payment", 100 * MS, 150 * MS), finding("checkout", 200 * MS, 600 * MS)]

    assert len(group_findings(findings, [edge("checkout", "payment")])) == 2


def test_a_caller_whose_own_time_is_slower_has_a_cause_of_its_own():
    payment, checkout = finding("payment", 100 * MS, 300 * MS), finding("checkout", 200 * MS, 550 * MS)
    edges = [edge("checkout", "payment")]

    assert len(group_findings([payment, checkout], edges)) == 1
    assert len(group_findings([payment, checkout], edges, {key_of(checkout)})) == 2


def test_many_calls_of_a_slightly_slower_callee_explain_a_slow_caller():
    findings = [finding("database", 2 * MS, 5 * MS), finding("checkout", 200 * MS, 330 * MS)]

    (group,) = group_findings(findings, [edge("checkout", "database", 40.0)])

    assert group.cause.service == "database"


def test_a_service_between_them_may_be_silent():
    findings = [finding("payment", 100 * MS, 300 * MS), finding("gateway", 500 * MS, 700 * MS)]

    (group,) = group_findings(findings, [edge("gateway", "checkout"), edge("checkout", "payment")])

    assert group.cause.service == "payment"


def test_nobody_is_slow_because_of_a_consumer():
    queue = replace(finding("mail", 100 * MS, 900 * MS), span_kind=Kind.CONSUMER)
    findings = [queue, finding("checkout", 200 * MS, 420 * MS)]

    assert len(group_findings(findings, [edge("checkout", "mail", kind=Kind.CONSUMER)])) == 2


def test_what_began_much_later_is_not_the_cause():
    findings = [
        finding("payment", 100 * MS, 300 * MS, since_minutes=50),
        finding("checkout", 200 * MS, 400 * MS, since_minutes=0),
    ]

    assert len(group_findings(findings, [edge("checkout", "payment")])) == 2


def test_failures_come_from_where_they_began():
    findings = [
        finding("payment", 0.01, 0.5, FindingKind.ERRORS),
        finding("checkout", 0.01, 0.4, FindingKind.ERRORS),
    ]

    (group,) = group_findings(findings, [edge("checkout", "payment")])

    assert group.cause.service == "payment"


def test_timeouts_are_the_impact_of_a_slow_callee():
    findings = [
        finding("payment", 100 * MS, 9_000 * MS),
        finding("checkout", 0.01, 0.5, FindingKind.ERRORS),
    ]

    (group,) = group_findings(findings, [edge("checkout", "payment")])

    assert group.cause.service == "payment"


def test_traffic_is_lost_where_the_caller_lost_it():
    findings = [
        finding("frontend", 100.0, 20.0, FindingKind.TRAFFIC_LOST),
        finding("cart", 200.0, 40.0, FindingKind.TRAFFIC_LOST),
        finding("mail", 10.0, 0.0, FindingKind.VANISHED),
    ]

    (group,) = group_findings(findings, [edge("frontend", "cart", 2.0), edge("cart", "mail", 0.1)])

    assert group.cause.service == "frontend"
    assert "that are called by it" in group.reason


def test_operations_of_one_service_that_change_together_are_one_group():
    findings = [
        finding("payment", 100 * MS, 300 * MS, operation="charge"),
        finding("payment", 100 * MS, 250 * MS, operation="refund", since_minutes=5),
    ]

    (group,) = group_findings(findings, [])

    assert [one.operation for one in group.also] == ["refund"]


def test_a_circle_has_one_cause_the_one_that_began_first():
    findings = [
        finding("cart", 100 * MS, 300 * MS, since_minutes=5),
        finding("auth", 100 * MS, 300 * MS, since_minutes=0),
    ]

    (group,) = group_findings(findings, [edge("cart", "auth"), edge("auth", "cart")])

    assert group.cause.service == "auth"


def test_no_findings_are_no_groups():
    assert group_findings([], [edge("cart", "auth")]) == ()


def test_edges_are_counted_from_spans():
    spans = repair(
        build_table(
            drawn("""
                frontend GET /cart  0..100  server
                  cart  load        10..30  server
                  cart  load        40..60  server
            """)
        )
    ).spans

    (found,) = call_edges(spans)

    assert (found.caller.service, found.callee.service, found.calls) == ("frontend", "cart", 2.0)
    assert found.waited


@st.composite
def systems(draw):
    """Calls that go from lower to higher numbers, at most two of a kind a request, and the time each takes itself."""
    size = draw(st.integers(2, 9))
    calls = {
        (caller, callee): draw(st.integers(1, 2))
        for caller in range(size)
        for callee in range(caller + 1, size)
        if draw(st.booleans())
    }
    return size, calls


def durations(size, calls, own):
    """Of each operation: its own time and that of all it calls, one after the other."""
    total = list(own)
    for caller in reversed(range(size)):
        total[caller] += sum(count * total[callee] for (one, callee), count in calls.items() if one == caller)
    return total


def seen(system, faults, noise=()):
    """What a detector sees when these operations take so much longer themselves; and the graph.

    It may misjudge how much: `noise` are factors of the rises.
    """
    size, calls = system
    own = [10.0] * size
    before = durations(size, calls, own)
    after = durations(size, calls, [time + faults.get(number, 0.0) for number, time in enumerate(own)])
    judged = [*noise, *[1.0] * size]
    findings = [
        finding(
            f"s{number}",
            before[number] * MS,
            (before[number] + judged[number] * (after[number] - before[number])) * MS,
        )
        for number in range(size)
        if after[number] >= 1.1 * before[number]
    ]
    return findings, [edge(f"s{one}", f"s{other}", float(count)) for (one, other), count in calls.items()]


@settings(deadline=None)
@given(systems(), st.data())
def test_one_fault_anywhere_is_one_group_with_its_cause(system, data):
    place = data.draw(st.integers(0, system[0] - 1))
    noise = data.draw(st.lists(st.floats(0.75, 1.4), max_size=9))
    findings, edges = seen(system, {place: 50.0}, noise)

    groups = group_findings(findings, edges)

    assert [group.cause.service for group in groups] == [f"s{place}"][: len(findings)]


@settings(deadline=None)
@given(systems(), systems(), st.data())
def test_two_systems_with_a_fault_each_are_two_groups(first, second, data):
    places = [data.draw(st.integers(0, size - 1)) for size, _ in (first, second)]
    size = first[0] + second[0]
    shifted = {(one + first[0], other + first[0]): count for (one, other), count in second[1].items()}
    faults = {places[0]: 20_000.0, places[1] + first[0]: 20_000.0}
    findings, edges = seen((size, first[1] | shifted), faults)

    groups = group_findings(findings, edges)

    assert sorted(group.cause.service for group in groups) == sorted(f"s{number}" for number in faults)


@settings(deadline=None)
@given(systems(), st.data())
def test_every_finding_is_in_one_group_and_order_changes_nothing(system, data):
    faults = data.draw(st.dictionaries(st.integers(0, system[0] - 1), st.floats(1, 500), max_size=3))
    findings, edges = seen(system, faults)

    groups = group_findings(findings, edges)

    members = [one for group in groups for one in (group.cause, *group.also, *group.impact)]
    assert sorted(map(key_of, members)) == sorted(map(key_of, findings))
    assert groups == group_findings(findings[::-1], edges[::-1])
