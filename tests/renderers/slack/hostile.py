"""Reports as nobody would wish for them: every text that a trace or a person brings replaced, every list multiplied."""

from __future__ import annotations

from hypothesis import strategies as st
from msgspec.structs import replace

from analyzers.report_base import NO_HEALTH
from renderers.clean import with_every_text
from tests.renderers.answers import ANSWERS
from tests.renderers.reports import CHOICE, FAILURE, SLOW_CHECKOUT, UNKNOWN_TRACE

REPORTS = {
    **ANSWERS,
    "breakdown": SLOW_CHECKOUT,
    "unknown": UNKNOWN_TRACE,
    "choice": CHOICE,
    "failure": FAILURE,
}
MEANT = frozenset(
    "high medium low none origin propagated handled normal slower errors new quiet faster not_slower more_errors "
    "cannot_tell self_time wire queue calls gone mean p50 p95 p99 span alike detached more server".split()
)
"""Words of the report itself, which no trace can change."""
ATTACKS = (
    "<!channel>",
    "<!here|here>",
    "<@U1>",
    "<#C1|general>",
    "<https://evil.example|click>",
    "<!date^0^{date}|x>",
    "&lt;!channel&gt;",
    "&" * 400,
    "<" * 400,
    "```\n*bold* _it_ ~no~ `code`",
    "a\nb\r\nc\td",
    "\x00\x1b[2J\u202egnp.exe\u2028",
    "שלום עולם" * 60,
    "مرحبا",
    "🛒👩‍👩‍👧‍👦" * 80,
    "e\u0301" * 300,
    "日本語の操作名" * 50,
    "x" * 5_000,
    "@channel :tada: #general http://evil.example",
    "",
    " ",
    "|^>",
    "\ud800",
)
hostile_texts = st.one_of(
    st.sampled_from(ATTACKS),
    st.lists(st.sampled_from(ATTACKS), min_size=1, max_size=4).map("".join),
    st.text(st.characters(codec=None), max_size=400),
)


def with_texts(report, texts):
    """The report with its texts replaced in turn; instants too, now and then."""
    drawn = iter(range(10**9))

    def change(text):
        return text if text in MEANT else texts[next(drawn) % len(texts)]

    return with_every_text(report, change)


def multiplied(report, times):
    """The report with so many of everything that it lists."""
    changed = {
        name: value * times
        for name in report.__struct_fields__
        if isinstance(value := getattr(report, name), tuple) and value
    }
    return replace(report, **changed, health=NO_HEALTH)
