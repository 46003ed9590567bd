"""Whatever bytes come, a decoder hands back spans that fit into a table, or refuses."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzers.builder import build_table
from backends.formats.decoded import REASONS_KEPT, NotThisFormat
from backends.formats.otlp_protobuf import decode_otlp_protobuf
from backends.formats.parquet import decode_parquet
from tests.backends.formats.spans import JSON_DECODERS, VALID
from tests.contract_data import SPANS
from tests.span_facts import facts_of

FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
KEYS = st.sampled_from(
    "resourceSpans batches trace result scopeSpans spans scope resource attributes key value data traceID spanID id "
    "traceId TraceId SpanId Timestamp processes startTime timestamp tags references logs events links status".split()
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


def read_all(decode, data):
    """Decode and read everything there is to read."""
    try:
        decoded = decode(data)
    except NotThisFormat:
        return
    assert len(decoded.reasons) <= REASONS_KEPT
    facts_of(build_table(decoded.records))


@pytest.mark.parametrize("decode", [*VALID, decode_parquet])
@FUZZ
@given(data=st.binary(max_size=200))
def test_random_bytes(decode, data):
    read_all(decode, data)


@pytest.mark.parametrize("decode", JSON_DECODERS)
@FUZZ
@given(document=JSON)
def test_random_json(decode, document):
    read_all(decode, json.dumps(document).encode())


@pytest.mark.parametrize("decode", VALID)
@FUZZ
@given(at=st.integers(0, 600), cut=st.integers(0, 5), put=st.binary(max_size=5))
def test_a_valid_document_with_a_few_bytes_changed(decode, at, cut, put):
    valid = VALID[decode]

    read_all(decode, valid[:at] + put + valid[at + cut :])


@pytest.mark.parametrize("decode", JSON_DECODERS)
@FUZZ
@given(data=st.data())
def test_a_valid_document_with_a_value_replaced(decode, data):
    valid = VALID[decode].strip()
    places = [at for at in range(len(valid)) if valid[at : at + 1] in b'":[{,']
    at, end = data.draw(st.sampled_from(places)), data.draw(st.sampled_from(places))

    read_all(decode, valid[: at + 1] + json.dumps(data.draw(JSON)).encode() + valid[end:])


@FUZZ
@given(at=st.integers(0, 80_000), put=st.binary(min_size=1, max_size=4))
def test_a_large_message_with_a_few_bytes_changed(at, put):
    valid = (SPANS / "contract.pb").read_bytes()

    read_all(decode_otlp_protobuf, valid[:at] + put + valid[at + len(put) :])
