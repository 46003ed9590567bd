"""What people typed is read back from what Slack made of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.continued import pasted_trace
from bot.slack.typed import mentions, typed


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("<@U0BOT> slowest", "slowest"),
        ("<@U0BOT|tracewhy>: slowest", "slowest"),
        ("ask <@U1> &amp; <@U2|bob>", "ask @U1 & @bob"),
        ("a &lt; b &gt; c", "a < b > c"),
        ("<http://shop.example|shop.example> is slow", "shop.example is slow"),
        ("<https://jaeger.example/trace/ab?x=1&amp;y=2>", "https://jaeger.example/trace/ab?x=1&y=2"),
        ("<https://jaeger.example/trace/ab|the trace>", "https://jaeger.example/trace/ab"),
        ("find user=<mailto:a@b.example|a@b.example>", "find user=a@b.example"),
        ("in <#C1|general>", "in #general"),
        ("<!channel> and <!subteam^S1|@oncall>", "@channel and @oncall"),
        ("```slowest```", "slowest"),
        ("\u200bslowest\ufeff", "slowest"),
    ],
)
def test_markup_is_read_as_it_was_typed(sent, meant):
    assert typed(sent, "U0BOT") == meant


@given(st.text(st.sampled_from("<>|@#!&;`:/.aU0BOT \n"), max_size=60))
def test_whatever_comes_is_text(sent):
    assert isinstance(typed(sent, "U0BOT"), str)


def test_only_the_bot_is_the_bot():
    assert mentions("hello <@U0BOT>", "U0BOT")
    assert not mentions("hello <@U0BOTTLE>", "U0BOT")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"see {'ab' * 16}, please", True),
        (f"({'ab' * 16})", True),
        (f"https://jaeger.example/trace/{'ab' * 16}?uiFind=x", True),
        ("commit deadbeef broke it", False),
        ("da39a3ee5e6b4b0d3255bfef95601890afd80709", False),
        ("https://example.com/page", False),
        ("0" * 32, False),
    ],
)
def test_a_pasted_trace_is_a_whole_id_or_a_link(text, found):
    assert (pasted_trace(text) is not None) == found
