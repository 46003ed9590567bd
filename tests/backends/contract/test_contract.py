"""Every store reads the same truth. One is excused from a question only where its capabilities say so."""

from dataclasses import replace

import pytest

from analyzers.table import Status
from backends.interface import SpanQuery
from tests.servers.plugin import DECLARED
from tests.span_facts import facts_of, facts_sent

NAMED = (
    "checkout-00",
    "consumer",
    "error-0",
    "leading-zeros",
    "n-plus-1",
    "orphan",
    "sampled",
    "slow-0",
    "types",
)


def query(store, **wanted):
    """The whole window with room for every trace, narrowed."""
    return replace(SpanQuery(store.data.start_ns, store.data.end_ns, limit=1_000), **wanted)


def found(store, **wanted):
    return store.ask(lambda backend: backend.find_spans(query(store, **wanted)))


def sent(store, trace_ids=None):
    return facts_sent(store.data.request, trace_ids, store.resolution_ns)


def traces_with(store, wanted):
    """The traces that were sent with a span like that."""
    return {span.trace_id for span in sent(store) if wanted(span)}


def declared(store, capability):
    if not getattr(store.capabilities, capability):
        pytest.skip(f"{DECLARED}this store does not promise {capability}")


def assert_whole(store, answer, trace_ids):
    """Just these traces, each with all its spans as they were sent."""
    assert set(answer.spans.trace_ids) == trace_ids
    assert facts_of(answer.spans, store.resolution_ns) == sent(store, trace_ids)


@pytest.mark.parametrize("name", NAMED)
def test_a_trace_is_found_by_its_id_as_it_was_sent(store, name):
    trace_id = store.data.trace_ids[name]

    answer = store.ask(lambda backend: backend.find_trace(trace_id))

    assert_whole(store, answer, {trace_id})
    assert (answer.truncated, answer.unreadable, answer.notes) == (False, 0, ())


def test_a_trace_that_is_not_there_is_an_empty_answer(store):
    answer = store.ask(lambda backend: backend.find_trace("0" * 28 + "dead"))

    assert len(answer.spans) == 0
    assert not answer.truncated


def test_services_are_listed_in_order(store):
    declared(store, "list_services")

    services = store.ask(lambda backend: backend.services())

    assert services == ("checkout", "frontend", "payment")


@pytest.mark.parametrize("service", ["checkout", "frontend", "payment"])
def test_operations_are_listed_in_order_each_once(store, service):
    declared(store, "list_services")

    operations = store.ask(lambda backend: backend.operations(service))

    assert operations == tuple(sorted({span.operation for span in sent(store) if span.service == service}))


def test_a_service_that_is_not_there_has_no_operations(store):
    declared(store, "list_services")

    operations = store.ask(lambda backend: backend.operations("nobody"))

    assert operations == ()


def test_a_search_without_a_service_finds_every_trace(store):
    declared(store, "search_without_service")

    answer = found(store)

    assert facts_of(answer.spans, store.resolution_ns) == sent(store)


def test_a_search_by_service_brings_whole_traces(store):
    declared(store, "search")

    answer = found(store, service="payment")

    assert_whole(store, answer, traces_with(store, lambda span: span.service == "payment"))


def test_a_search_by_operation_means_that_services_operation(store):
    declared(store, "search")

    answer = found(store, service="frontend", operation="POST /checkout")

    wanted = traces_with(store, lambda span: (span.service, span.operation) == ("frontend", "POST /checkout"))
    assert_whole(store, answer, wanted)


def test_a_service_that_is_not_there_has_no_spans(store):
    declared(store, "search")

    answer = found(store, service="nobody")

    assert len(answer.spans) == 0
    assert not answer.truncated


def test_a_search_by_duration_finds_the_slow_trace(store):
    declared(store, "search")

    answer = found(store, service="frontend", min_duration_ns=1_000_000_000)

    assert_whole(store, answer, {store.data.trace_ids["slow-0"]})


def test_a_duration_is_met_exactly(store):
    declared(store, "search")
    types = store.data.trace_ids["types"]

    met = found(store, service="frontend", operation="GET /types", min_duration_ns=5_000_001)
    missed = found(store, service="frontend", operation="GET /types", min_duration_ns=5_002_000)

    assert_whole(store, met, {types})
    assert len(missed.spans) == 0


def test_a_search_for_errors_finds_those_and_no_others(store):
    declared(store, "search")

    answer = found(store, service="payment", errors_only=True)

    wanted = traces_with(store, lambda span: span.service == "payment" and span.status == Status.ERROR)
    assert len(wanted) == 4
    assert_whole(store, answer, wanted)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("user.id", "u3"),
        ("user.id", "ü-用户"),
        ("http.response.status_code", "402"),
        ("order.gift", "true"),
        ("t.bigint", "9007199254740993"),
        ("t.double", "0.1"),
        ("t.strings", '["a","b"]'),
        ("t.map", '{"inner":"v","n":1}'),
        ("t.quote", 'a "quoted" \\ <b> & \n newline'),
        ("host.name", "pay-1"),
        ("otel.scope.name", "contract.app"),
        ("user.id", "nobody"),
        ("no.such.key", "u3"),
    ],
)
def test_a_search_by_attribute_finds_spans_and_resources_that_have_it(store, key, value):
    declared(store, "search_without_service")

    answer = found(store, attributes=((key, value),))

    wanted = traces_with(store, lambda span: (key, value) in (*span.attributes, *span.resource))
    assert_whole(store, answer, wanted)


def test_attributes_and_service_mean_one_and_the_same_span(store):
    declared(store, "search")

    answer = found(store, service="payment", attributes=(("user.id", "u3"), ("host.name", "pay-1")))

    wanted = traces_with(
        store, lambda span: span.service == "payment" and ("user.id", "u3") in span.attributes
    )
    assert_whole(store, answer, wanted)


def test_an_attribute_of_an_event_is_none_of_the_span(store):
    declared(store, "search")

    answer = found(store, service="payment", attributes=(("exception.message", "card expired"),))

    assert len(answer.spans) == 0


def test_the_window_holds_its_beginning_and_not_its_end(store):
    declared(store, "search")
    (root,) = (
        span
        for span in sent(store, {store.data.trace_ids["product-05"]})
        if span.operation.startswith("GET /p")
    )
    wanted = {"service": "frontend", "operation": root.operation}

    held = found(store, start_ns=root.start_ns, end_ns=root.start_ns + 1_000, **wanted)
    ended = found(store, start_ns=root.start_ns - 1_000, end_ns=root.start_ns, **wanted)

    assert_whole(store, held, {root.trace_id})
    assert len(ended.spans) == 0


def test_an_answer_at_the_limit_says_that_there_may_be_more(store):
    declared(store, "search")

    answer = found(store, service="frontend", limit=3)

    assert len(answer.spans.trace_ids) == 3
    assert answer.truncated


def test_an_answer_below_the_limit_holds_everything(store):
    declared(store, "exhaustive_search")

    answer = found(store, service="frontend", limit=100)

    assert_whole(store, answer, traces_with(store, lambda span: span.service == "frontend"))
    assert (answer.truncated, answer.unreadable, answer.notes) == (False, 0, ())
