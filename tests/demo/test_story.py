"""The shipped trace: what its story promises."""

from __future__ import annotations

import json
from itertools import chain

from demo import SLOW_CHECKOUT
from demo.story import document


def shipped_spans():
    parts = json.loads(SLOW_CHECKOUT.read_text(encoding="utf-8"))["resourceSpans"]
    return list(chain.from_iterable(part["scopeSpans"][0]["spans"] for part in parts))


def test_the_shipped_file_is_what_the_story_writes():
    assert SLOW_CHECKOUT.read_text(encoding="utf-8") == document()


def test_every_span_but_the_first_has_its_parent():
    spans = shipped_spans()

    ids = {span["spanId"] for span in spans}
    assert len(ids) == len(spans) == 47
    assert [span["name"] for span in spans if span["parentSpanId"] not in ids] == ["POST /checkout"]


def test_thirty_queries_differ_only_in_the_card():
    names = [span["name"] for span in shipped_spans()]

    assert names.count("SELECT cards") == 30
