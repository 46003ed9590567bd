"""What only Jaeger's form has: references, processes, and facts written as tags."""

from __future__ import annotations

import json

import pytest

from analyzers.record import LinkTo
from analyzers.table import Kind, Status
from backends.formats.jaeger_json import decode_jaeger_json
from tests.backends.formats.spans import TRACE_ID, jaeger, jaeger_span

OTHER_TRACE = "f" * 32


def reference(kind, span_id, trace_id=TRACE_ID):
    return {"refType": kind, "traceID": trace_id, "spanID": span_id}


def only_span(**changes):
    return decode_jaeger_json(jaeger(jaeger_span(**changes))).records[0]


def test_the_parent_is_the_first_child_of_in_the_same_trace():
    references = [
        reference("FOLLOWS_FROM", "1"),
        reference("CHILD_OF", "2", OTHER_TRACE),
        reference("CHILD_OF", "3"),
    ]

    span = only_span(references=references)

    assert span.parent_id == 3
    assert span.links == (LinkTo(TRACE_ID, 1), LinkTo(OTHER_TRACE, 2))


def test_a_reference_without_leading_zeros_is_to_the_same_trace():
    short = {"traceID": "00000000000000001234567890abcdef"}

    span = only_span(**short, references=[reference("CHILD_OF", "3", "1234567890abcdef")])

    assert (span.parent_id, span.links) == (3, ())


@pytest.mark.parametrize(
    ("tags", "kind", "status", "message"),
    [
        ([{"value": "client", "type": "string", "key": "span.kind"}], Kind.CLIENT, Status.UNSET, ""),
        (
            [{"key": "span.kind", "value": "cli}ent"}, {"key": "a", "value": "span.kind"}],
            Kind.UNSPECIFIED,
            Status.UNSET,
            "",
        ),
        (
            [{"key": "note", "value": '{"key":"span.kind","value":"server"}'}],
            Kind.UNSPECIFIED,
            Status.UNSET,
            "",
        ),
        ([{"key": "error", "value": True}], Kind.UNSPECIFIED, Status.ERROR, ""),
        ([{"key": "error", "value": "unset"}], Kind.UNSPECIFIED, Status.UNSET, ""),
        ([{"key": "error", "value": "no route"}], Kind.UNSPECIFIED, Status.ERROR, ""),
        ([{"key": "a", "value": "error"}], Kind.UNSPECIFIED, Status.UNSET, ""),
        (
            [
                {"key": "otel.status_code", "value": "ERROR"},
                {"key": "otel.status_description", "value": "no"},
            ],
            Kind.UNSPECIFIED,
            Status.ERROR,
            "no",
        ),
    ],
)
def test_kind_and_status_are_tags(tags, kind, status, message):
    span = only_span(tags=tags)

    assert (span.kind, span.status, span.message) == (kind, status, message)


def test_a_span_of_an_unknown_process_is_of_an_unknown_service():
    assert only_span(processID="p9").service == "unknown_service"


def test_a_span_may_carry_its_process_itself():
    process = {"serviceName": "stock", "tags": [{"key": "host.name", "value": "app-7"}]}

    span = only_span(process=process)

    assert (span.service, span.resource) == ("stock", (("host.name", "app-7"),))


@pytest.mark.parametrize("form", [lambda document: document["data"], lambda document: document["data"][0]])
def test_a_list_of_traces_or_one_trace_is_a_document_too(form):
    document = form(json.loads(jaeger(jaeger_span())))

    assert len(decode_jaeger_json(json.dumps(document).encode()).records) == 1
