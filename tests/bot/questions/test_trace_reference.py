"""Traces named in the forms that people paste."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.questions.not_understood import NotUnderstood
from bot.questions.trace_reference import parse_trace_reference

ID = "4bf92f3577b34da6a3ce929d0e0e4736"
HALF = "a3ce929d0e0e4736"
BASE64 = "S/kvNXezTaajzpKdDg5HNg=="
BASE64_OF_HALF = "o86SnQ4ORzY="

PANES = json.dumps(
    {
        "abc": {
            "datasource": "tempo",
            "queries": [{"refId": "A", "queryType": "traceql", "query": ID}],
            "range": {"from": "now-1h", "to": "now"},
        }
    }
)
LEFT = json.dumps({"datasource": "Tempo", "queries": [{"refId": "A", "queryType": "traceId", "query": ID}]})
OLD_LEFT = json.dumps(["now-1h", "now", "Tempo", {"queryType": "traceId", "query": ID}])


@pytest.mark.parametrize(
    "text",
    [
        ID,
        ID.upper(),
        f"  {ID}\n",
        f"`{ID}`",
        f'"{ID}"',
        f"0x{ID}",
        "4bf92f35-77b3-4da6-a3ce-929d0e0e4736",
        f"trace_id={ID}",
        f"traceId: {ID}",
        f"00-{ID}-00f067aa0ba902b7-01",
        f"traceparent: 00-{ID}-00f067aa0ba902b7-01",
        f"Traceparent=00-{ID.upper()}-00F067AA0BA902B7-00",
        f"cc-{ID}-00f067aa0ba902b7-01-what-the-future-will-be-like",
        f"http://localhost:16686/trace/{ID}",
        f"https://host/jaeger/ui/trace/{ID}?uiFind=payment",
        f"https://host/trace/{ID}/",
        f"https://host/jaeger/api/traces/{ID}?prettyPrint=true",
        f"http://localhost:9411/zipkin/traces/{ID}",
        f"https://tempo/api/v2/traces/{ID}",
        f"https://grafana/explore?schemaVersion=1&panes={quote(PANES)}&orgId=1",
        f"https://grafana/explore?orgId=1&left={quote(LEFT)}",
        f"https://grafana/explore?orgId=1&left={quote(OLD_LEFT)}",
        f"https://grafana/explore?orgId=1&left={quote(quote(LEFT))}",
        f"https://grafana/a/grafana-exploretraces-app/explore?from=now-30m&traceId={ID}&spanId={HALF}",
        f"https://grafana/d/abc/board?var-traceId={ID}&from=now-1h",
        f"https://victoria/select/vmui/?#/traces/{ID}",
        f"<https://host/trace/{ID}|the slow one>",
        f"<https://grafana/x?from=1&amp;traceId={ID}>",
        f"http://localhost:16686/trace/{ID}...{ID}?cohort={ID}",
        f"http://localhost:16686/trace/{ID}...?cohort={ID}",
        f"http://localhost:16686/trace/...{ID}",
        BASE64,
        BASE64.replace("/", "_"),
        f'"traceId": "{BASE64}"',
        f'"traceId": "{ID}",',
    ],
)
def test_a_trace_is_found_in_every_form_people_paste(text):
    assert parse_trace_reference(text) == ID


@pytest.mark.parametrize(
    "text",
    [
        HALF,
        HALF.upper(),
        f"trace_id: {BASE64_OF_HALF}",
        f"http://host/trace/{HALF}",
        f"http://zipkin/zipkin/traces/{HALF}",
    ],
)
def test_sixteen_digits_are_filled_up_with_zeros(text):
    assert parse_trace_reference(text) == "0" * 16 + HALF


@pytest.mark.parametrize("digits", ["1234567890abcde", "bf92f3577b34da6a3ce929d0e0e4736"])
def test_links_may_leave_out_the_zeros_at_the_beginning(digits):
    assert parse_trace_reference(f"http://localhost:16686/trace/{digits}") == digits.zfill(32)


@pytest.mark.parametrize(
    "text",
    [
        "why is checkout slow",
        "cafe",
        "dead",
        "help",
        "day.otlp.json",
        "/var/traces/day.json",
        "file:///var/traces/4bf92f3577b34da6a3ce929d0e0e4736",
        "https://host/search?service=checkout",
        "https://host/traces/",
        "https://host/trace/...",
        BASE64_OF_HALF,
        "http_status=",
        BASE64[:-1],
        "payments2checkout",
        f"{ID}.json",
        "abcdefabcdefghij",
        "http://[broken",
        "",
    ],
)
def test_other_words_name_no_trace(text):
    assert parse_trace_reference(text) is None


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        (ID[:31], 31),
        (ID + "0", 33),
        (ID[:17], 17),
        (f"http://host/trace/{ID}ab", 34),
        (f"00-{ID[1:]}-00f067aa0ba902b7-01", 31),
    ],
)
def test_a_wrong_number_of_digits_is_named(text, digits):
    with pytest.raises(NotUnderstood, match=f"16 or 32 hex digits, this has {digits}"):
        parse_trace_reference(text)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (ID[:31] + "g", "“g” is no hex digit"),
        ("O" + ID[1:], "“O” is no hex digit"),
        ("0x" + ID[:30] + "xI", "“x” and “I” are no hex digits"),
        (HALF[:15] + "z", "“z” is no hex digit"),
        (f"trace_id={ID[:31]}l", "“l” is no hex digit"),
    ],
)
def test_what_looks_like_a_trace_id_is_told_what_is_wrong_with_it(text, wrong):
    with pytest.raises(NotUnderstood, match=f"looks like a trace id, but {wrong}"):
        parse_trace_reference(text)


@pytest.mark.parametrize("digits", [ID[:31] + "5", "1234567890abcde"])
def test_of_a_link_that_compares_two_traces_both_are_offered(digits):
    with pytest.raises(NotUnderstood, match="compares two traces") as caught:
        parse_trace_reference(f"http://localhost:16686/trace/{ID}...{digits}?cohort={ID}&cohort={digits}")

    assert [candidate.text for candidate in caught.value.candidates] == [ID, digits.zfill(32)]


@pytest.mark.parametrize("text", ["0" * 32, "0" * 16, f"00-{'0' * 32}-00f067aa0ba902b7-00"])
def test_a_trace_of_zeros_is_refused_in_words(text):
    with pytest.raises(NotUnderstood, match="zeros only"):
        parse_trace_reference(text)


@given(st.integers(1, 2**128 - 1))
def test_every_id_is_read_back_as_itself(number):
    assert parse_trace_reference(f"{number:032X}") == f"{number:032x}"


def read(text):
    """The id, or the problem in words."""
    try:
        return parse_trace_reference(text)
    except NotUnderstood as exc:
        return exc.problem


@given(st.text(max_size=200) | st.from_regex(r"[0-9a-f-]{0,50}"))
def test_any_text_names_a_trace_or_none_or_is_explained(text):
    answer = read(text)

    assert answer is None or len(answer) == 32 or "trace id" in answer
