"""Trace ids cut short."""

from __future__ import annotations

import pytest

from renderers.short_ids import short_trace_id


@pytest.mark.parametrize(
    ("trace_id", "short"),
    [
        ("4bf92f3577b34da6a3ce929d0e0e4736", "4bf92f35"),
        ("0000000000000000a3ce929d0e0e4736", "a3ce929d"),
        ("000000000000000000000000000012bb", "12bb"),
        ("00f92f3577b34da6a3ce929d0e0e4736", "00f92f35"),
        ("0" * 32, "00000000"),
        ("", ""),
    ],
)
def test_what_traces_have_in_common_is_left_out(trace_id, short):
    assert short_trace_id(trace_id) == short
