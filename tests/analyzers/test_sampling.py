import pytest

from analyzers.sampling import UNWEIGHTED, sampling_remarks, trace_weights
from tests.traces import trace

ROOT = "shop GET /   0..10   server"


def test_a_trace_weighs_what_its_root_says_or_else_its_spans():
    spans = trace(f"""
        {ROOT} weight=4
          shop load   1..2   weight=9
        ---
        {ROOT}
          shop load   1..2   weight=9
        ---
        {ROOT}
    """)

    assert trace_weights(spans).tolist() == [4.0, 9.0, 1.0]


@pytest.mark.parametrize(
    ("weights", "remarks"),
    [
        (("weight=10", "weight=10"), ("from 10 % sampled traces",)),
        (("weight=1", "weight=1"), ()),
        (("", ""), (UNWEIGHTED,)),
        (("weight=2", ""), ("50 % of the traces do not say how they were sampled and count once",)),
    ],
)
def test_every_answer_says_how_its_counts_came_about(weights, remarks):
    spans = trace("\n---\n".join(f"{ROOT} {weight}" for weight in weights))

    assert sampling_remarks(spans) == remarks
