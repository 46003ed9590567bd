"""A call that something answered tells what is missing; one that may never have arrived does not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.builder import build_table
from analyzers.completeness import peer_of
from analyzers.failure import HTTP_STATUS
from analyzers.repair import repair
from analyzers.table import NO_PARENT, Kind, Status
from analyzers.unseen_answers import unseen_answers
from tests.strategies import span_records
from tests.traces import drawn

SEEN = """
    shop GET /       0..100  server
      shop POST      10..90  client server.address=pay
        pay POST /c  20..80  server
"""
UNSEEN = """
    shop GET /       0..100  server
      shop POST      10..90  client server.address=pay {words}
"""


def missed(*pictures, traces=None):
    """The traces in which an answer is missed, the first being 0."""
    spans = build_table(drawn("\n---\n".join(pictures)))
    among = np.ones(len(spans.trace_ids), dtype=np.bool_)
    if traces is not None:
        among[:] = False
        among[list(traces)] = True
    return spans.trace[list(unseen_answers(spans, among))].tolist()


def test_an_answer_is_missed_that_like_calls_have():
    assert missed(SEEN, SEEN, SEEN, UNSEEN.format(words="")) == [3]


def test_only_some_traces_are_looked_at():
    assert missed(SEEN, SEEN, SEEN, UNSEEN.format(words=""), traces=(0, 1, 2)) == []


def test_a_few_like_calls_show_no_habit():
    assert missed(SEEN, SEEN, UNSEEN.format(words="")) == []


def test_what_as_many_like_calls_lack_is_not_missed():
    pictures = [UNSEEN.format(words="")] * 4

    assert missed(SEEN, SEEN, SEEN, *pictures) == []


def test_another_peer_is_another_call():
    elsewhere = UNSEEN.format(words="").replace("=pay", "=stripe.example")

    assert missed(SEEN, SEEN, SEEN, elsewhere) == []


@pytest.mark.parametrize(
    ("words", "missing"),
    [
        ("error", False),
        ("error http.response.status_code=500", True),
        ("error http.status_code=404", True),
        ("error http.response.status_code=503", False),
        ("error http.response.status_code=0", False),
    ],
)
def test_a_call_that_failed_must_say_that_it_was_answered(words, missing):
    assert missed(SEEN, SEEN, SEEN, UNSEEN.format(words=words)) == ([3] if missing else [])


def test_a_call_with_anything_under_it_has_its_answer():
    with_connect = UNSEEN.format(words="") + "        shop connect  20..30  internal\n"

    assert missed(SEEN, SEEN, SEEN, with_connect) == []


@given(span_records(max_spans=14, max_traces=6), st.randoms())
def test_it_is_the_same_as_looking_at_each_call_in_turn(records, random):
    spans = repair(build_table(records)).spans
    among = np.array([random.random() < 0.7 for _ in spans.trace_ids], dtype=np.bool_)

    assert set(unseen_answers(spans, among)) == slowly(records, spans, among)


def slowly(records, spans, among):
    """Straight from the definition, by the ids that spans name."""
    rows = range(len(spans))
    own = [(spans.trace[row], spans.span_id[row]) for row in rows]
    named = [(spans.trace[row], spans.parent_id[row]) for row in rows]
    calls = [row for row in rows if spans.kind[row] == Kind.CLIENT]
    served = {named[row] for row in rows if spans.kind[row] == Kind.SERVER}

    def like(row):
        return spans.service[row], spans.operation[row], peer_of(spans, row)

    def came_back(row):
        status = {spans.details.attributes(row).get(key) for key in HTTP_STATUS} - {None}
        return spans.status[row] != Status.ERROR or any(
            code.isdigit() and 100 <= int(code) < 600 and int(code) not in (502, 503, 504) for code in status
        )

    seen = [like(row) for row in calls if own[row] in served]
    quiet = [row for row in calls if own[row] not in named and among[spans.trace[row]] and came_back(row)]
    alike = [like(row) for row in quiet]
    return {row for row in quiet if seen.count(like(row)) >= max(3, alike.count(like(row)))}


def test_the_table_need_not_be_linked():
    spans = build_table(drawn("\n---\n".join((SEEN, SEEN, SEEN, UNSEEN.format(words="")))))

    assert (spans.parent_row == NO_PARENT).all()
    assert len(unseen_answers(spans, np.ones(4, dtype=np.bool_))) == 1
