from analyzers.patterns import find_patterns
from tests.traces import trace


def test_a_hundred_unlike_children_are_told():
    lines = ["shop GET /page  0..1000"] + [f"  shop step{at}  {at * 10}..{at * 10 + 10}" for at in range(100)]

    (pattern,) = find_patterns(trace("\n".join(lines)))

    assert (pattern.pattern, pattern.operation, pattern.count, pattern.saved_ns) == (
        "fan_out",
        "GET /page",
        100,
        990,
    )
    assert pattern.detail.startswith("shop GET /page has 100 children (of 100 operations)")


def test_ninety_nine_children_are_not_told():
    lines = ["shop GET /page  0..990"] + [f"  shop step{at}  {at * 10}..{at * 10 + 10}" for at in range(99)]

    assert find_patterns(trace("\n".join(lines))) == ()


def test_a_hundred_like_queries_are_told_as_such_alone():
    lines = ["shop GET /page  0..1000"] + [
        f'  shop query  {at * 10}..{at * 10 + 10}  client db.statement="SELECT {at}"' for at in range(100)
    ]

    (pattern,) = find_patterns(trace("\n".join(lines)))

    assert pattern.pattern == "n_plus_one_queries"
