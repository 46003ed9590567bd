"""How much of a period is on the critical path, against its definition."""

from hypothesis import given
from hypothesis import strategies as st

from renderers.fixed_width.stretches import Stretches

times = st.integers(0, 60)


@st.composite
def disjoint(draw):
    """Stretches in time order that do not overlap; some abut, some have no length."""
    edges = sorted(draw(st.lists(times, max_size=20)))
    return list(zip(edges[::2], edges[1::2], strict=False))


def instants(stretches, from_ns, until_ns):
    return sum(begin <= time < end for begin, end in stretches for time in range(from_ns, until_ns))


@given(disjoint(), times, times)
def test_what_is_covered_is_what_every_instant_says(stretches, one, other):
    from_ns, until_ns = sorted((one, other))

    assert Stretches.of(stretches).covered_ns(from_ns, until_ns) == instants(stretches, from_ns, until_ns)
