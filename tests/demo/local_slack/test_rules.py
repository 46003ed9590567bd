"""Every kind of bad message is refused before anybody sees it, and good ones are not."""

import pytest

from demo.local_slack.cache import NotBuilt, built
from demo.local_slack.rules import (
    blocks_verdict,
    message_verdict,
    options_verdict,
    unfurls_verdict,
    view_verdict,
)

pytestmark = pytest.mark.server


@pytest.fixture(autouse=True, scope="module")
def schema():
    try:
        built("slack_schema")
    except NotBuilt as exc:
        pytest.skip(str(exc))


def plain(text):
    return {"type": "plain_text", "text": text}


def section(text="x", **more):
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(**more):
    return {"type": "button", "text": plain("Show"), "action_id": "show", **more}


def actions(*elements):
    return {"type": "actions", "elements": list(elements)}


def options(count, text="x", value="x"):
    return [{"text": plain(text), "value": value}] * count


def select(**more):
    return {"type": "static_select", "action_id": "choose", **more}


def table(n_rows, n_columns=1, text="x", kind="table"):
    more = {"caption": "x"} if kind == "data_table" else {}
    return {"type": kind, "rows": [[{"type": "raw_text", "text": text}] * n_columns] * n_rows, **more}


def chart(title="x", n_series=1, labels=("a", "b"), categories=("a", "b")):
    data = [{"label": label, "value": 1} for label in labels]
    series = [{"name": f"s{number}", "data": data} for number in range(n_series)]
    graph = {"type": "line", "series": series, "axis_config": {"categories": list(categories)}}
    return {"type": "data_visualization", "title": title, "chart": graph}


BAD_BLOCKS = {
    "51 blocks": [{"type": "divider"}] * 51,
    "a misspelt block": [{"type": "secton", "text": plain("x")}],
    "a block without type": [{"text": plain("x")}],
    "no block at all": ["x"],
    "an unknown field": [section(colour="red")],
    "a section without text": [{"type": "section"}],
    "an empty text": [section("")],
    "a text of 3001": [section("x" * 3001)],
    "11 fields": [{"type": "section", "fields": [plain("x")] * 11}],
    "a field of 2001": [{"type": "section", "fields": [plain("x" * 2001)]}],
    "a header of 151": [{"type": "header", "text": plain("x" * 151)}],
    "a header with markup": [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
    "11 elements of context": [{"type": "context", "elements": [plain("x")] * 11}],
    "no elements of context": [{"type": "context", "elements": []}],
    "26 buttons": [actions(*(button(action_id=f"b{number}") for number in range(26)))],
    "the same action twice": [actions(button(), button())],
    "a button of 76": [actions(button(text=plain("x" * 76)))],
    "a button with markup": [actions(button(text={"type": "mrkdwn", "text": "x"}))],
    "a value of 2001": [actions(button(value="x" * 2001))],
    "a button's address of 3001": [actions(button(url="https://x/" + "x" * 2991))],
    "an address of another kind": [actions(button(url="javascript:alert(1)"))],
    "a style of our own": [actions(button(style="green"))],
    "an action_id of 256": [actions(button(action_id="x" * 256))],
    "a block_id of 256": [section(block_id="x" * 256)],
    "the same block_id twice": [section(block_id="a"), section(block_id="a")],
    "an overflow of 6": [actions({"type": "overflow", "action_id": "o", "options": options(6)})],
    "101 options": [actions(select(options=options(101)))],
    "no options": [actions(select(options=[]))],
    "an option of 76": [actions(select(options=options(1, text="x" * 76)))],
    "an option's value of 151": [actions(select(options=options(1, value="x" * 151)))],
    "an image without alt text": [{"type": "image", "image_url": "https://x/y.png"}],
    "an image's alt text of 2001": [
        {"type": "image", "image_url": "https://x/y.png", "alt_text": "x" * 2001}
    ],
    "markdown of 12,001": [{"type": "markdown", "text": "x" * 12_001}],
    "markdown of 12,001 in two": [
        {"type": "markdown", "text": "x" * 6_000},
        {"type": "markdown", "text": "x" * 6_001},
    ],
    "a table of 101 rows": [table(101)],
    "a table of 21 columns": [table(1, 21)],
    "an uneven table": [{"type": "table", "rows": [*table(1, 2)["rows"], *table(1, 1)["rows"]]}],
    "two tables": [table(1), table(1)],
    "a data table of 101 rows": [table(101, kind="data_table")],
    "a data table of 10,001": [table(100, 1, "x" * 101, kind="data_table")],
    "a chart's title of 51": [chart("x" * 51)],
    "a chart of 7 series": [chart(n_series=7)],
    "a chart's label of 21": [chart(labels=("x" * 21,), categories=("x" * 21,))],
    "a chart's missing point": [chart(labels=("a",))],
    "three charts": [chart()] * 3,
    "an alert in a message": [{"type": "alert", "text": {"type": "mrkdwn", "text": "x"}}],
}

GOOD_BLOCKS = {
    "50 blocks": [{"type": "divider"}] * 50,
    "a text of 3000": [section("x" * 3000)],
    "a header of 150": [{"type": "header", "text": plain("x" * 150)}],
    "a button with all it may have": [
        actions(button(text=plain("x" * 75), value="x" * 2000, url="https://x/", style="primary"))
    ],
    "a table of 100 rows": [table(100, 20)],
    "two charts": [chart(), chart(n_series=6)],
    "an image of a file": [{"type": "image", "slack_file": {"id": "F1"}, "alt_text": "x"}],
    "rich text": [
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x"}]}],
        }
    ],
    "feedback": [
        {
            "type": "context_actions",
            "elements": [
                {
                    "type": "feedback_buttons",
                    "action_id": "useful",
                    "positive_button": {"text": plain("Good"), "value": "1"},
                    "negative_button": {"text": plain("Bad"), "value": "0"},
                }
            ],
        }
    ],
}


@pytest.mark.parametrize("blocks", BAD_BLOCKS.values(), ids=BAD_BLOCKS)
def test_bad_blocks_are_refused(blocks):
    assert blocks_verdict(blocks).error == "invalid_blocks"


@pytest.mark.parametrize("blocks", GOOD_BLOCKS.values(), ids=GOOD_BLOCKS)
def test_good_blocks_are_taken(blocks):
    assert not blocks_verdict(blocks)


BAD_MESSAGES = {
    "no text": ({"blocks": [section()]}, "no_text"),
    "text of blanks": ({"text": " ", "blocks": [section()]}, "no_text"),
    "text that is none": ({"text": 3}, "invalid_arguments"),
    "text of 40,001": ({"text": "x" * 40_001}, "msg_too_long"),
    "blocks that are no JSON": ({"text": "x", "blocks": "[{"}, "invalid_blocks_format"),
    "13,500 characters": ({"text": "x", "blocks": [section("x" * 2_700)] * 5}, "msg_blocks_too_long"),
    "101 attachments": ({"text": "x", "attachments": [{"text": "x"}] * 101}, "too_many_attachments"),
    "bad blocks attached": (
        {"text": "x", "attachments": [{"blocks": [section("")]}]},
        "invalid_attachments",
    ),
    "metadata without payload": ({"text": "x", "metadata": {"event_type": "x"}}, "invalid_metadata_format"),
    "metadata of 9 kB": (
        {"text": "x", "metadata": {"event_type": "x", "event_payload": {"x": "x" * 9_000}}},
        "metadata_too_large",
    ),
}


@pytest.mark.parametrize(("message", "error"), BAD_MESSAGES.values(), ids=BAD_MESSAGES)
def test_bad_messages_are_refused_with_the_error_slack_gives(message, error):
    assert message_verdict(message).error == error


BEYOND_OUR_RULES = {
    "10,001 characters": {"text": "x", "blocks": [section("x" * 2_001)] * 5},
    "everyone mentioned in markup": {"text": "x", "blocks": [section("<!channel> look")]},
    "everyone mentioned in the text": {"text": "<!here>"},
}


@pytest.mark.parametrize("message", BEYOND_OUR_RULES.values(), ids=BEYOND_OUR_RULES)
def test_what_slack_takes_and_we_do_not_want_is_written_down_only(message):
    verdict = message_verdict(message)

    assert verdict
    assert verdict.error == ""


def test_everyone_may_be_written_where_slack_reads_no_mentions():
    assert not message_verdict({"text": "x", "blocks": [{"type": "header", "text": plain("<!channel>")}]})


def modal(*blocks, **more):
    return {"type": "modal", "title": plain("Ask"), "blocks": list(blocks), **more}


INPUT = {
    "type": "input",
    "label": plain("Question"),
    "element": {"type": "plain_text_input", "action_id": "q"},
}

BAD_VIEWS = {
    "a title of 25": modal(section(), title=plain("x" * 25)),
    "private metadata of 3001": modal(section(), private_metadata="x" * 3001),
    "101 blocks": modal(*[{"type": "divider"}] * 101),
    "an input and no way to send it": modal(INPUT),
    "a table in a form": modal(table(1)),
    "no title": {"type": "modal", "blocks": [section()]},
    "a home in place of a form": {"type": "home", "blocks": [section()]},
}


@pytest.mark.parametrize("view", BAD_VIEWS.values(), ids=BAD_VIEWS)
def test_bad_forms_are_refused(view):
    assert view_verdict(view, "modal").error == "invalid_arguments"


def test_a_good_form_and_a_good_home_are_taken():
    form, home = modal(INPUT, submit=plain("Ask")), {"type": "home", "blocks": [section()] * 100}

    assert not view_verdict(form, "modal")
    assert not view_verdict(home, "home")


def test_unfurls_and_offered_options_are_looked_at_too():
    assert unfurls_verdict({"https://x/": {"blocks": [section("")]}}).error == "cannot_unfurl_url"
    assert unfurls_verdict({}).error == "missing_unfurls"
    assert options_verdict({"options": options(101)}).error == "invalid_arguments"
    assert not options_verdict({"options": []})
