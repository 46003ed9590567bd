"""What a real Jaeger 2.13 once answered, read again: holds on machines where no Jaeger can be built."""

import pytest

from backends.errors import BackendBroken
from backends.interface import SpanQuery
from tests.backends.asking import asked_jaeger, failure_before
from tests.contract_data import RECORDED, contract_data
from tests.local_server import response
from tests.span_facts import facts_of, facts_sent

DATA = contract_data()
WINDOW = SpanQuery(DATA.start_ns, DATA.end_ns, limit=100)
PAYMENT = SpanQuery(DATA.start_ns, DATA.end_ns, service="payment", limit=8)
ORPHAN = DATA.trace_ids["orphan"]


def recorded(name):
    """An answer as it came, its status and its body."""
    head = (RECORDED / f"{name}.resp.head").read_text()
    return response(int(head.split()[1]), (RECORDED / f"{name}.resp.body").read_bytes())


def playing(answers):
    """A server that gives each path its answer, and 404 to any other."""

    async def respond(request, writer):
        writer.write(answers.get(request.path, response(404, b"404 page not found")))

    return respond


V3 = {
    "/api/v3/services": recorded("jaeger-v3/01-services"),
    "/api/v3/operations": recorded("jaeger-v3/02-operations"),
    "/api/v3/traces": recorded("jaeger-v3/07-search-service-snake"),
    "/api/v3/traces/" + DATA.trace_ids["leading-zeros"]: recorded("jaeger-v3/27-trace-leading-zeros"),
    "/api/v3/traces/" + DATA.trace_ids["types"]: recorded("jaeger-v3/33-trace-types"),
    "/api/v3/traces/" + "0" * 28 + "dead": recorded("jaeger-v3/29-trace-unknown"),
}
V1 = {
    "/api/services": recorded("jaeger-v1/01-services"),
    "/api/operations": recorded("jaeger-v1/02-operations"),
    "/api/traces": recorded("jaeger-v1/06-search-service"),
    "/api/traces/" + DATA.trace_ids["leading-zeros"]: recorded("jaeger-v1/26-trace-leading-zeros"),
    "/api/traces/" + DATA.trace_ids["types"]: recorded("jaeger-v1/32-trace-types"),
    "/api/traces/" + "0" * 28 + "dead": recorded("jaeger-v1/28-trace-unknown"),
}
BOTH = pytest.mark.parametrize(("answers", "resolution_ns"), [(V3, 1), (V1, 1_000)], ids=["v3", "v1"])


@BOTH
@pytest.mark.parametrize("name", ["leading-zeros", "types"])
def test_a_recorded_trace_is_what_was_sent(answers, resolution_ns, name):
    trace_id = DATA.trace_ids[name]

    answer, _ = asked_jaeger(playing(answers), lambda backend: backend.find_trace(trace_id))

    assert facts_of(answer.spans, resolution_ns) == facts_sent(DATA.request, {trace_id}, resolution_ns)


@BOTH
def test_a_recorded_search_at_its_limit_is_truncated(answers, resolution_ns):
    answer, _ = asked_jaeger(playing(answers), lambda backend: backend.find_spans(PAYMENT))

    assert len(answer.spans.trace_ids) == 8
    assert answer.truncated
    assert "as many traces as it was asked for (8)" in answer.notes[0]
    assert facts_of(answer.spans, resolution_ns) == facts_sent(
        DATA.request, answer.spans.trace_ids, resolution_ns
    )


@BOTH
def test_a_recorded_answer_about_an_unknown_trace_is_empty(answers, resolution_ns):
    answer, _ = asked_jaeger(playing(answers), lambda backend: backend.find_trace("0" * 28 + "dead"))

    assert len(answer.spans) == 0


@BOTH
def test_recorded_names_are_sorted_and_all_there(answers, resolution_ns):
    services, _ = asked_jaeger(playing(answers), lambda backend: backend.services())
    operations, _ = asked_jaeger(playing(answers), lambda backend: backend.operations("frontend"))

    assert services == ("checkout", "frontend", "jaeger", "payment")
    assert operations == (
        "GET",
        "GET /orders",
        "GET /orders/{id}",
        "GET /products/{id}",
        "GET /types",
        "POST",
        "POST /checkout",
    )


@pytest.mark.parametrize(
    "answers",
    [
        {
            "/api/v3/services": recorded("jaeger-empty-store/04-v3-services"),
            "/api/v3/traces": recorded("jaeger-empty-store/06-v3-search"),
        },
        {
            "/api/services": recorded("jaeger-empty-store/01-v1-services"),
            "/api/traces": recorded("jaeger-empty-store/03-v1-search"),
        },
    ],
    ids=["v3", "v1"],
)
def test_an_empty_store_is_no_error(answers):
    async def question(backend):
        return await backend.services(), await backend.find_spans(WINDOW), await backend.find_spans(PAYMENT)

    (services, everything, payment), _ = asked_jaeger(playing(answers), question)

    assert services == ()
    assert (len(everything.spans), everything.truncated) == (0, False)
    assert (len(payment.spans), payment.truncated) == (0, False)


@pytest.mark.parametrize("name", ["03-v3-trace", "04-v3-trace-raw"])
def test_a_trace_that_was_sent_twice_is_read(name):
    answers = {**V3, f"/api/v3/traces/{ORPHAN}": recorded(f"jaeger-sent-twice/{name}")}

    answer, _ = asked_jaeger(playing(answers), lambda backend: backend.find_trace(ORPHAN))

    sent = facts_sent(DATA.request, {ORPHAN})
    # Jaeger adds remarks of its own to the attributes, so only the rest is what was sent.
    assert {span._replace(attributes=()) for span in facts_of(answer.spans)} == {
        span._replace(attributes=()) for span in sent
    }


def test_the_api_is_found_out_once():
    async def question(backend):
        await backend.operations("frontend")
        await backend.operations("frontend")

    _, requests = asked_jaeger(playing(V1), question)

    assert [request.path for request in requests] == [
        "/api/v3/services",
        "/api/services",
        "/api/operations",
        "/api/operations",
    ]


def test_a_search_says_everything_in_both_spellings():
    query = SpanQuery(1_000_000_001, 2_000_000_000, service="payment", operation="POST", min_duration_ns=5)

    _, requests = asked_jaeger(playing(V3), lambda backend: backend.find_spans(query))

    assert requests[-1].params == {
        "query.serviceName": "payment",
        "query.service_name": "payment",
        "query.operationName": "POST",
        "query.operation_name": "POST",
        "query.startTimeMin": "1970-01-01T00:00:01.000000001Z",
        "query.start_time_min": "1970-01-01T00:00:01.000000001Z",
        "query.startTimeMax": "1970-01-01T00:00:02.000000000Z",
        "query.start_time_max": "1970-01-01T00:00:02.000000000Z",
        "query.durationMin": "5ns",
        "query.duration_min": "5ns",
        "query.searchDepth": "100",
        "query.search_depth": "100",
        "query.num_traces": "100",
        "query.rawTraces": "true",
        "query.raw_traces": "true",
    }


def test_a_search_that_ignores_attributes_is_not_believed():
    """v3 answers a search for attributes with every trace; so v1 is asked, and its answer is filtered again."""
    query = SpanQuery(DATA.start_ns, DATA.end_ns, service="payment", attributes=(("user.id", "nobody"),))

    answer, requests = asked_jaeger(playing({**V3, **V1}), lambda backend: backend.find_spans(query))

    assert len(answer.spans) == 0
    assert [request.path for request in requests] == ["/api/v3/services", "/api/traces"]
    assert requests[-1].params["tags"] == '{"user.id": "nobody"}'


def test_a_streamed_answer_is_read_to_its_end():
    first, second = (
        (RECORDED / f"jaeger-v3/{name}.resp.body").read_bytes()
        for name in ("33-trace-types", "32-trace-link")
    )
    answers = {**V3, f"/api/v3/traces/{ORPHAN}": response(200, first + b"\n" + second)}

    answer, _ = asked_jaeger(playing(answers), lambda backend: backend.find_trace(ORPHAN))

    wanted = {DATA.trace_ids["types"], DATA.trace_ids["consumer"]}
    assert facts_of(answer.spans) == facts_sent(DATA.request, wanted)


def test_a_stream_that_ends_in_an_error_is_an_error():
    first = (RECORDED / "jaeger-v3/33-trace-types.resp.body").read_bytes()
    answers = {**V3, f"/api/v3/traces/{ORPHAN}": response(200, first + b'{"error":{"message":"lost"}}')}

    failure = failure_before(playing(answers), lambda backend: backend.find_trace(ORPHAN))

    assert isinstance(failure, BackendBroken)
    assert "traces that cannot be read" in failure.problem


def test_a_problem_beside_the_data_is_passed_on():
    answers = {**V1, "/api/traces": recorded("jaeger-v1/35-traces-batch-one-unknown")}
    query = SpanQuery(DATA.start_ns, DATA.end_ns, service="checkout")

    answer, _ = asked_jaeger(playing(answers), lambda backend: backend.find_spans(query))

    assert answer.spans.trace_ids == (ORPHAN,)
    assert 'reported a problem beside its answer. It said: "trace not found"' in answer.notes[0]


def test_a_span_that_cannot_be_read_is_left_out_and_counted():
    body = (RECORDED / "jaeger-v3/33-trace-types.resp.body").read_bytes()
    damaged = body.replace(b'"spanId":"', b'"spanId":"xyz')
    answers = {**V3, f"/api/v3/traces/{ORPHAN}": response(200, damaged)}

    answer, _ = asked_jaeger(playing(answers), lambda backend: backend.find_trace(ORPHAN))

    assert (len(answer.spans), answer.unreadable) == (0, 1)
    assert "a span was left out: its span id is missing, zero or not 8 bytes." in answer.notes[0]


def test_too_many_services_to_ask_each_is_said():
    many = ",".join(f'"s{number}"' for number in range(201))
    answers = {"/api/v3/services": response(200, b'{"services":[%s]}' % many.encode())}

    failure = failure_before(playing(answers), lambda backend: backend.find_spans(WINDOW))

    assert "has 201 services" in failure.problem
    assert failure.advice == "Name a service."
